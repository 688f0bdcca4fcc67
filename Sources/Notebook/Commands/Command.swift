import ArgumentParser
import Drawing

/// A command of the table: declared once, typed at the prompt, in a lesson cell and as `attune COMMAND …`.
package protocol Command: ParsableCommand {
  associatedtype Answer: CommandAnswer

  static var group: CommandGroup { get }
  /// A line that runs as it stands where the default model is, once the lines of `needs` have run.
  static var example: String { get }
  /// What has to run before the example, such as a training for its model; most need nothing.
  static var needs: [String] { get }
  var common: CommonOptions { get }

  /// Does the work. Progress goes to `session.screen`; what is returned is the result. A throw leaves the session as it was.
  func answer(in session: Session) throws -> Answer
}

extension Command {
  package static var needs: [String] { [] }
}

/// A command's typed result: `--json` prints its encoding, a lesson checks it, and it can draw itself.
package protocol CommandAnswer: Encodable {
  /// What a person sees; nil when there is nothing to show.
  var drawing: Drawing? { get }
  /// How the command ended although it did answer, such as `verify` with a difference.
  var status: ExitStatus { get }
}

extension CommandAnswer {
  package var status: ExitStatus { .passed }
}

/// The answer of a command that has only a sentence to say.
package struct Said: CommandAnswer {
  package let text: String
  package init(_ text: String) { self.text = text }
  package var drawing: Drawing? { text.isEmpty ? nil : .plain(text) }
}

/// The sections of `help`, in the order they are shown.
package enum CommandGroup: String, CaseIterable, Sendable {
  case models, tokens, inside, tasks, data, training, lessons, session
}

/// What every command accepts.
package struct CommonOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Model to use: a name from `models`, ORG/NAME, or a folder.", valueName: "name|folder"))
  package var model: String?

  @Flag(help: "Print one JSON object; progress and notices go to standard error.")
  package var json = false

  @Option(help: ArgumentHelp("auto, always, never, 16, 256 or truecolor.", valueName: "when"))
  package var color: String?

  @Flag(help: "No box art, spinners or redraw; pictures become ranked sentences.")
  package var accessible = false

  @Option(help: ArgumentHelp("Threads of the engine.", valueName: "n"))
  package var threads: Int?

  package init() {}

  package mutating func validate() throws {
    if let color, !["auto", "always", "never", "16", "256", "truecolor"].contains(color) {
      throw ValidationError("--color is auto, always, never, 16, 256 or truecolor, not '\(color)'.")
    }
    if let threads, threads < 1 { throw ValidationError("--threads counts from 1, not \(threads).") }
  }
}
