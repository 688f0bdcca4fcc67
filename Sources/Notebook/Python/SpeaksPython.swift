import Foundation

/// A command that Hugging Face's libraries can do too.
///
/// Conforming is the row of the table that `code`, notebooks and `code --list` read. A command that does not conform has
/// no counterpart, and `code` says so.
package protocol SpeaksPython: Command {
  /// The call there, in a phrase.
  static var counterpart: String { get }

  /// The Python that does what this command does in `session`. Looks at models, and runs nothing.
  /// - Throws: `Failure` where an option has no counterpart, and what opening the model throws
  func python(in session: Session) throws -> PythonCode
}

/// What became of the wish to say a command in Python.
package enum PythonAnswer: Sendable, Equatable {
  case code(PythonCode)
  /// Why there is none, in a sentence.
  case none(String)

  /// - Parameter command: parsed, about to run
  init(_ command: some Command, in session: Session) {
    guard let speaker = command as? any SpeaksPython else {
      self = .none("`\(Self.name(type(of: command), session))` has no counterpart in Hugging Face's libraries.")
      return
    }
    do { self = .code(try speaker.python(in: session)) } catch { self = .none(Failure(error).sentence) }
  }

  /// A command's name, with that of the command whose word it is.
  private static func name(_ type: any Command.Type, _ session: Session) -> String {
    let owner = session.table.rows.first { $0.configuration.subcommands.contains { $0 == type } }
    return [owner?.name, type.name].compactMap(\.self).joined(separator: " ")
  }
}

extension Session {
  /// The Python of a line that need not have run.
  /// - Throws: `Failure` for a line that is none
  package func python(of line: String) throws -> PythonAnswer {
    let words: [Words.Word]
    do { words = try Words(line, variables: variables).words } catch { throw Failure(Session.sentence(error), .usage) }
    return try python(of: try words.map(resolved))
  }

  /// The same of words that are split already.
  package func python(of words: [String]) throws -> PythonAnswer {
    guard let name = words.first, let row = table.row(named: name) else { throw unknown(words.first ?? "") }
    do {
      guard let command = try row.parseAsRoot(Array(words.dropFirst())) as? any Command else {
        return .none("`\(row.name) --help` has no counterpart in Hugging Face's libraries.")
      }
      return PythonAnswer(command, in: self)
    } catch {
      throw Session.failure(error, row, words)
    }
  }
}

extension CommandTable {
  /// Every command with its call in Hugging Face's libraries; nil where there is none.
  package var counterparts: [(command: String, call: String?)] {
    rows.filter { $0.configuration.shouldDisplay }.flatMap { row -> [(command: String, call: String?)] in
      let words = row.configuration.subcommands.compactMap { $0 as? any Command.Type }
      guard !words.isEmpty else { return [(row.name, (row as? any SpeaksPython.Type)?.counterpart)] }
      return words.map { ("\(row.name) \($0.name)", ($0 as? any SpeaksPython.Type)?.counterpart) }
    }
  }
}
