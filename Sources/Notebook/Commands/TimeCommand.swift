import ArgumentParser

/// `time`: a word before a command; the session takes it off, measures and says so.
package struct TimeCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "time", abstract: "Run a command and say how long it took: clock, processor, memory.")
  package static let group = CommandGroup.session
  package static let example = #"time tokens "How long does this take?""#
  @Argument(parsing: .captureForPassthrough, help: "The command, as you would type it alone.")
  package var command: [String] = []
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  /// Only reached where no command follows.
  package func answer(in session: Session) throws -> Said {
    throw Failure("`time` stands before a command, as in `\(Self.example)`.", .usage)
  }
}
