import Notebook

/// What Tab offers, from the command table: commands, their options and values, models, lessons, files.
package final class Completion {
  /// What Tab does to the line.
  package enum Outcome: Equatable {
    case none
    /// Takes this many scalars before the cursor away and puts the text there.
    case replace(Int, String)
    case list([String])
  }

  package struct Candidate: Equatable, Sendable {
    package let text: String
    /// What a list shows of it: a file's name without its folder.
    package let label: String
    /// More may follow without a space: a folder.
    package let isOpen: Bool

    package init(_ text: String, label: String? = nil, isOpen: Bool = false) {
      self.text = text
      self.label = label ?? text
      self.isOpen = isOpen
    }
  }

  /// A kind of name that only the session knows.
  package enum Kind: String, CaseIterable, Sendable {
    case model, lesson, data, label, run
  }

  private let table: CommandTable
  private let names: (Kind) -> [String]
  private let files: FileNames
  private var signatures: [String: Signature] = [:]

  /// - Parameter names: what there is of a kind now; asked on Tab.
  package init(table: CommandTable, home: String?, names: @escaping (Kind) -> [String]) {
    self.table = table
    self.names = names
    files = FileNames(home: home)
  }

  /// - Parameter text: what stands before the cursor, with the earlier lines of the same statement.
  package func outcome(_ text: String) -> Outcome {
    let request = CompletionRequest(text)
    let found = candidates(request)
    guard let first = found.first else { return .none }
    let typed =
      found.count == 1
      ? request.typed(first.text, isFinished: !first.isOpen)
      : request.typed(Completion.commonStart(found.map(\.text)), isFinished: false)
    if typed == request.raw || (found.count > 1 && !Completion.isLonger(typed, request)) {
      return found.count == 1 ? .none : .list(found.map(\.label))
    }
    return .replace(request.raw.unicodeScalars.count, typed)
  }

  /// Whatever may stand at the cursor, sorted.
  func candidates(_ request: CompletionRequest) -> [Candidate] {
    guard !request.isComment else { return [] }
    guard let name = request.words.first else { return commands(request.word) }
    guard let row = table.row(named: name) else {
      return name.hasPrefix("?") ? [] : files.candidates(request.word)
    }
    let signature = signature(row)
    let position = signature.position(after: request.words.dropFirst())
    let named = Completion.named[row.group]
    if request.word.hasPrefix("-"), !position.isValue {
      if let equals = request.word.firstIndex(of: "="),
        let option = position.signature.option(request.word[..<equals])
      {
        let prefix = String(request.word[...equals])
        return values(option, named, String(request.word[request.word.index(after: equals)...])).map {
          Candidate(prefix + $0.text, label: $0.label, isOpen: $0.isOpen)
        }
      }
      return matching(position.unusedOptions, request.word)
    }
    guard let slot = position.slot else {
      return matching(position.signature.subcommandNames, request.word) + files.candidates(request.word)
    }
    let subcommands = position.isValue ? [] : matching(position.signature.subcommandNames, request.word)
    return subcommands.isEmpty ? values(slot, named, request.word) : subcommands
  }

  private func commands(_ word: String) -> [Candidate] {
    if word.hasPrefix("?") {
      return matching(allNames, String(word.dropFirst())).map { Candidate("?" + $0.text, label: $0.label) }
    }
    let listed = matching(table.names, word)
    return listed.isEmpty ? matching(allNames, word) : listed
  }

  private var allNames: [String] { table.rows.flatMap { $0.names } }

  /// What a bare `name` means, by the group of its command.
  private static let named: [CommandGroup: String] = [
    .models: "model", .lessons: "lesson", .data: "data", .training: "run", .session: "command",
  ]

  private func values(_ slot: Signature.Argument, _ named: String?, _ word: String) -> [Candidate] {
    if !slot.values.isEmpty { return matching(slot.values, word) }
    let subjects = slot.subjects.union(slot.subjects.contains("name") ? [named].compactMap { $0 } : [])
    var found: [Candidate] = []
    if subjects.contains("command") { found += matching(allNames, word) }
    for kind in Kind.allCases where subjects.contains(kind.rawValue) { found += matching(names(kind), word) }
    if found.isEmpty || word.contains("/") || subjects.contains(where: Completion.fileSubjects.contains) {
      found += files.candidates(word)
    }
    return found
  }

  private static let fileSubjects: Set<String> = ["file", "folder", "path", "directory", "dir", "output"]

  private func matching(_ names: [String], _ word: String) -> [Candidate] {
    Array(Set(names)).filter { $0.hasPrefix(word) }.sorted().map { Candidate($0) }
  }

  private func signature(_ row: any Command.Type) -> Signature {
    if let known = signatures[row.name] { return known }
    let signature = Signature(row)
    signatures[row.name] = signature
    return signature
  }

  private static func isLonger(_ typed: String, _ request: CompletionRequest) -> Bool {
    CompletionRequest(typed).word.count > request.word.count
  }

  private static func commonStart(_ texts: [String]) -> String {
    guard let first = texts.first else { return "" }
    var start = Substring(first)
    for text in texts.dropFirst() { while !text.hasPrefix(start) { start = start.dropLast() } }
    return String(start)
  }
}
