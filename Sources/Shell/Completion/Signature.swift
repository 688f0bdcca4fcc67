import ArgumentParser
import Foundation
import Notebook

/// A command's options and arguments, as ArgumentParser describes them.
struct Signature {
  struct Argument {
    /// `--model`, `-m`; none for a positional one.
    let names: [String]
    let isFlag: Bool
    let isRepeating: Bool
    /// The values that are allowed; empty if any is.
    let values: [String]
    /// Words that say what the value is: `model`, `file`.
    let subjects: Set<String>
    /// Its line in the help.
    let summary: String
  }

  let options: [Argument]
  let positionals: [Argument]
  let subcommands: [String: Signature]
  let summary: String

  /// Options and subcommands by their names, in a few words.
  var details: [String: String] {
    let options = options.flatMap { option in option.names.map { ($0, option.summary) } }
    return Dictionary(options + subcommands.map { ($0.key, $0.value.summary) }, uniquingKeysWith: { $1 })
  }

  /// Where the cursor is.
  struct Position {
    let signature: Signature
    /// What the word at the cursor fills; nil if nothing more is expected.
    let slot: Argument?
    /// The word is the value of an option before it.
    let isValue: Bool
    let unusedOptions: [String]
  }

  var subcommandNames: [String] { subcommands.keys.sorted() }

  func option(_ name: some StringProtocol) -> Argument? { options.first { $0.names.contains(String(name)) } }

  /// Follows the words that are finished.
  func position(after words: some Collection<String>) -> Position {
    var words = words.map { $0 }[...]
    var used: Set<String> = []
    var filled = 0
    while let word = words.popFirst() {
      if let option = option(word.prefix { $0 != "=" }) {
        if !option.isRepeating { used.formUnion(option.names) }
        guard !option.isFlag, !word.contains("=") else { continue }
        if words.isEmpty { return Position(signature: self, slot: option, isValue: true, unusedOptions: []) }
        words = words.dropFirst()
      } else if filled == 0, let subcommand = subcommands[word] {
        return subcommand.position(after: words)
      } else if !word.hasPrefix("-") {
        filled += 1
      }
    }
    let slot =
      filled < positionals.count
      ? positionals[filled] : positionals.last.flatMap { $0.isRepeating ? $0 : nil }
    let unused = options.flatMap(\.names).filter { $0.hasPrefix("--") && !used.contains($0) }
    return Position(signature: self, slot: slot, isValue: false, unusedOptions: unused)
  }
}

extension Signature {
  init(_ row: any Command.Type) {
    let dump = try? JSONDecoder().decode(Dump.self, from: Data(row._dumpHelp().utf8))
    self.init(dump?.command)
  }

  private init(_ command: Dump.Command?) {
    summary = command?.abstract ?? ""
    let arguments = (command?.arguments ?? []).filter { $0.shouldDisplay ?? true }
    options = arguments.filter { $0.kind != "positional" }.map(Argument.init)
    positionals = arguments.filter { $0.kind == "positional" }.map(Argument.init)
    let pairs = (command?.subcommands ?? []).filter { $0.commandName != "help" }.map {
      ($0.commandName, Signature($0))
    }
    subcommands = Dictionary(pairs) { first, _ in first }
  }

  /// The part of `--experimental-dump-help` that completion needs.
  fileprivate struct Dump: Decodable {
    let command: Command

    struct Command: Decodable {
      let commandName: String
      let abstract: String?
      let subcommands: [Command]?
      let arguments: [Argument]?
    }

    struct Argument: Decodable {
      let kind: String
      let abstract: String?
      let shouldDisplay: Bool?
      let isRepeating: Bool?
      let names: [Name]?
      let valueName: String?
      let allValues: [String]?
      let completionKind: Kind?
    }

    struct Name: Decodable {
      let kind: String
      let name: String
    }

    /// One member, named after the kind.
    struct Kind: Decodable {
      let list: List?
      let file: Empty?
      let directory: Empty?

      struct List: Decodable { let values: [String] }
      struct Empty: Decodable {}
    }
  }
}

extension Signature.Argument {
  fileprivate init(_ dump: Signature.Dump.Argument) {
    names = (dump.names ?? []).map { ($0.kind == "long" ? "--" : "-") + $0.name }
    isFlag = dump.kind == "flag"
    isRepeating = dump.isRepeating ?? false
    summary = dump.abstract ?? ""
    values = dump.allValues ?? dump.completionKind?.list?.values ?? []
    let said = [dump.valueName ?? ""] + (dump.names ?? []).map(\.name)
    var subjects = Set(said.flatMap { $0.lowercased().split { !$0.isLetter }.map(String.init) })
    if dump.completionKind?.file != nil || dump.completionKind?.directory != nil { subjects.insert("file") }
    for word in subjects where word.hasSuffix("s") { subjects.insert(String(word.dropLast())) }
    self.subjects = subjects
  }
}
