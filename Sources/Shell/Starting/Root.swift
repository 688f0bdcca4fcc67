import ArgumentParser
import Notebook

/// All commands as one tree, for the OS shells' completion scripts.
struct Root: ParsableCommand {
  @TaskLocal static var rows: [any Command.Type] = []

  static var configuration: CommandConfiguration {
    CommandConfiguration(
      commandName: "attune", abstract: "Teaches how pre-trained transformers are adapted to a task.",
      version: Shell.version, subcommands: rows.map { $0 })
  }

  /// Flags that ArgumentParser answers itself.
  static func answers(_ argument: String?) -> Bool {
    guard let argument else { return false }
    return own.contains { argument == $0 || argument.hasPrefix($0 + "=") }
  }

  private static let own = [
    "--version", "--help", "-h", "--generate-completion-script", "---completion", "--experimental-dump-help",
  ]

  /// What ArgumentParser has to say to these arguments, and whether that was asked for.
  static func reply(to arguments: [String], rows: [any Command.Type]) -> (text: String, isAskedFor: Bool) {
    $rows.withValue(rows) {
      do {
        _ = try parseAsRoot(arguments)
        return (helpMessage(), true)
      } catch {
        return (fullMessage(for: error), exitCode(for: error) == .success)
      }
    }
  }
}
