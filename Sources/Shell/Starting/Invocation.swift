import ArgumentParser
import Notebook

/// The arguments of `attune`: options for every command may stand before the command's name.
package struct Invocation: Equatable {
  /// Options before the name, `--threads 1`.
  package var globals: [String] = []
  /// The name and what follows it; empty: the shell.
  package var words: [String] = []
  /// Who learns, `--learner NAME`, wherever it stands; it is the program's and no command's.
  package var learner: String?

  /// - Parameter arguments: without the program's name.
  package init(_ arguments: [String]) {
    var rest = takingLearner(arguments)[...]
    while let first = rest.first, first.hasPrefix("-"), let takesValue = Invocation.global(first) {
      globals.append(rest.removeFirst())
      if takesValue, !first.contains("="), let value = rest.popFirst() { globals.append(value) }
    }
    words = Array(rest)
  }

  private mutating func takingLearner(_ arguments: [String]) -> [String] {
    var kept: [String] = []
    var rest = arguments[...]
    while let word = rest.popFirst() {
      if word == "--" { return kept + [word] + rest }
      if word == "--learner" {
        learner = rest.popFirst() ?? "?"
      } else if word.hasPrefix("--learner=") {
        learner = String(word.dropFirst("--learner=".count))
      } else {
        kept.append(word)
      }
    }
    return kept
  }

  /// The words as the command sees them: options from before its name follow it, and its subcommand's name.
  package func arranged(in table: CommandTable) -> [String] {
    guard !globals.isEmpty, let name = words.first, let row = table.row(named: name) else { return words }
    var count = 1
    var subcommands = row.configuration.subcommands
    while count < words.count, let next = subcommands.first(where: { $0._commandName == words[count] }) {
      subcommands = next.configuration.subcommands
      count += 1
    }
    return words[..<count] + globals + words[count...]
  }

  /// What `--color` says, wherever it stands.
  package var color: String? {
    let all = globals + words
    guard let place = all.lastIndex(where: { $0 == "--color" || $0.hasPrefix("--color=") }) else {
      return nil
    }
    if let equals = all[place].firstIndex(of: "=") { return String(all[place][equals...].dropFirst()) }
    return all.indices.contains(place + 1) ? all[place + 1] : nil
  }

  /// The words as a line that means the same at the prompt.
  package var line: String { words.map(Invocation.quoted).joined(separator: " ") }

  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty && word != "_"
      && word.allSatisfy { $0.isLetter || $0.isNumber || "-_./=:,+@%".contains($0) }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// Whether this option of `CommonOptions` takes a value; nil if it is none of them.
  private static func global(_ argument: String) -> Bool? {
    commonOptions[argument.prefix { $0 != "=" }.description]
  }

  private static let commonOptions = [
    "--model": true, "--color": true, "--threads": true, "--json": false, "--accessible": false,
  ]
}
