import Notebook

/// What Tab offers, from the command table: commands, their options and values, models, lessons, files.
package final class Completion {
  /// What Tab does to the line.
  package enum Outcome: Equatable {
    case none
    /// Takes this many scalars before the cursor away and puts the text there.
    case replace(Int, String)
    /// What may stand there, and in a few words what each is.
    case list([String], details: [String] = [])
  }

  package struct Candidate: Equatable, Sendable {
    package let text: String
    /// What a list shows of it: a file's name without its folder.
    package let label: String
    /// What it is, in a few words.
    package let detail: String
    /// More may follow without a space: a folder.
    package let isOpen: Bool

    package init(_ text: String, label: String? = nil, detail: String = "", isOpen: Bool = false) {
      self.text = text
      self.label = label ?? text
      self.detail = detail
      self.isOpen = isOpen
    }
  }

  /// A kind of name that only the session knows.
  package enum Kind: String, CaseIterable, Sendable {
    case model, lesson, data, label, run, variable
  }

  private let table: CommandTable
  private let names: (Kind) -> [Candidate]
  private let members: (String) -> [Candidate]
  private let files: FileNames
  private var signatures: [String: Signature] = [:]

  /// - Parameters:
  ///   - names: what there is of a kind now; asked on Tab
  ///   - members: the parts of what is kept under a name
  package init(
    table: CommandTable, home: String?, members: @escaping (String) -> [Candidate] = { _ in [] },
    names: @escaping (Kind) -> [Candidate]
  ) {
    self.table = table
    self.names = names
    self.members = members
    files = FileNames(home: home)
  }

  /// - Parameter text: what stands before the cursor, with the earlier lines of the same statement.
  package func outcome(_ text: String) -> Outcome {
    let request = CompletionRequest(text)
    if let outcome = variableOutcome(request) { return outcome }
    let found = candidates(request)
    guard let first = found.first else { return Outcome.none }
    let typed =
      found.count == 1
      ? request.typed(first.text, isFinished: !first.isOpen)
      : request.typed(Completion.commonStart(found.map(\.text)), isFinished: false)
    if typed == request.raw || (found.count > 1 && !Completion.isLonger(typed, request)) {
      return found.count == 1 ? .none : list(found)
    }
    return .replace(request.raw.unicodeScalars.count, typed)
  }

  private func list(_ found: [Candidate]) -> Outcome {
    let details = found.map(\.detail)
    return .list(found.map(\.label), details: details.allSatisfy(\.isEmpty) ? [] : details)
  }

  /// What `$`, the start of a name and perhaps `.` and the start of a member may become, in quotes or not; nil where the
  /// cursor is behind no such thing.
  private func variableOutcome(_ request: CompletionRequest) -> Outcome? {
    guard request.quote != "'", let dollar = request.raw.lastIndex(of: "$") else { return nil }
    let start = request.raw[request.raw.index(after: dollar)...]
    guard start.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }) else { return nil }
    let parts = start.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let word = parts.last ?? ""
    let known = parts.count == 2 ? members(parts[0]) : names(.variable)
    let found = known.filter { $0.text.hasPrefix(word) }.sorted { $0.text < $1.text }
    guard let first = found.first else { return Outcome.none }
    let common = Completion.commonStart(found.map(\.text))
    if found.count == 1 { return first.text == word ? Outcome.none : .replace(word.unicodeScalars.count, first.text) }
    return common.count > word.count ? .replace(word.unicodeScalars.count, common) : list(found)
  }

  /// Whatever may stand at the cursor, sorted.
  func candidates(_ request: CompletionRequest) -> [Candidate] {
    guard !request.isComment else { return [] }
    if request.words.last == ">" || request.words.last == ">>" { return files.candidates(request.word) }
    let words = Completion.behindTarget(request)
    guard let name = words.first else { return commands(request.word) }
    guard let row = table.row(named: name) else {
      return name.hasPrefix("?") ? [] : files.candidates(request.word)
    }
    let signature = signature(row)
    let position = signature.position(after: words.dropFirst())
    let named = Completion.named[row.group]
    if request.word.hasPrefix("-"), !position.isValue {
      if let equals = request.word.firstIndex(of: "="),
        let option = position.signature.option(request.word[..<equals])
      {
        let prefix = String(request.word[...equals])
        return values(option, named, String(request.word[request.word.index(after: equals)...])).map {
          Candidate(prefix + $0.text, label: $0.label, detail: $0.detail, isOpen: $0.isOpen)
        }
      }
      return matching(position.unusedOptions, request.word, position.signature.details)
    }
    guard let slot = position.slot else {
      return matching(position.signature.subcommandNames, request.word, position.signature.details)
        + files.candidates(request.word)
    }
    let subcommands =
      position.isValue ? [] : matching(position.signature.subcommandNames, request.word, position.signature.details)
    return subcommands.isEmpty ? values(slot, named, request.word) : subcommands
  }

  /// The words of the command in `x = time command …`.
  private static func behindTarget(_ request: CompletionRequest) -> ArraySlice<String> {
    var words = request.words[...]
    if words.count > 1, words[1] == "=" { words = words.dropFirst(2) }
    while words.first == "time", words.count > 1 || !request.word.hasPrefix("-") { words = words.dropFirst() }
    return words
  }

  private func commands(_ word: String) -> [Candidate] {
    if word.hasPrefix("?") {
      return matching(allNames, String(word.dropFirst()), summaries).map {
        Candidate("?" + $0.text, label: $0.label, detail: $0.detail)
      }
    }
    let listed = matching(table.names, word, summaries)
    return listed.isEmpty ? matching(allNames, word, summaries) : listed
  }

  private var summaries: [String: String] {
    Dictionary(
      table.rows.flatMap { row in row.names.map { ($0, row.configuration.abstract) } }, uniquingKeysWith: { $1 })
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
    if subjects.contains("command") { found += matching(allNames, word, summaries) }
    for kind in Kind.allCases where subjects.contains(kind.rawValue) {
      found += names(kind).filter { $0.text.hasPrefix(word) }.sorted { $0.text < $1.text }
    }
    if found.isEmpty || word.contains("/") || subjects.contains(where: Completion.fileSubjects.contains) {
      found += files.candidates(word)
    }
    return found
  }

  private static let fileSubjects: Set<String> = ["file", "folder", "path", "directory", "dir", "output"]

  private func matching(_ names: [String], _ word: String, _ details: [String: String] = [:]) -> [Candidate] {
    Array(Set(names)).filter { $0.hasPrefix(word) }.sorted().map { Candidate($0, detail: details[$0] ?? "") }
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
