import ArgumentParser
import Drawing
import Tokenizers

/// `vocabulary`: what pieces a tokenizer has.
package struct VocabularyCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "vocabulary", abstract: "Search the pieces of a tokenizer, and count them by script and length.",
    discussion: "Without a search, it shows scripts, lengths and the longest pieces.")
  package static let group = CommandGroup.tokens
  package static let example = #"vocabulary --matching "^un.*able$""#
  @Option(name: .customLong("id"), parsing: .upToNextOption, help: "Pieces by id.") package var ids: [Int] = []
  @Option(name: .customLong("piece"), parsing: .upToNextOption, help: "Pieces by their text, as the vocabulary has it.")
  package var pieces: [String] = []
  @Option(help: "Pieces that a regular expression matches.") package var matching: String?
  @Option(help: "Show at most so many pieces.") package var top = 20
  @Option(help: "A tokenizer.json, .model, .gguf or folder, in place of the model's.") package var tokenizer: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    guard top > 0 else { throw ValidationError("--top is at least 1.") }
  }

  package struct Piece: Encodable {
    let id: Int
    let piece: String
    let text: String
    let length: Int
    let script: String
    let special: Bool

    init(_ facts: PieceFacts) {
      id = facts.id
      piece = facts.piece
      text = facts.text
      length = facts.length
      script = facts.script
      special = facts.isSpecial
    }
  }

  package struct Group: Encodable {
    let name: String
    let count: Int
  }

  package struct Answer: CommandAnswer {
    let kind: String
    let size: Int
    /// How many pieces were found, and the first of them; nil without a search.
    let found: Int?
    let pieces: [Piece]
    let scripts: [Group]
    let lengths: [Group]
    let longest: [Piece]
  }

  package func answer(in session: Session) throws -> Answer {
    let tokenizer = try session.tokenizer(tokenizer, common)
    guard ids.isEmpty, pieces.isEmpty, matching == nil else {
      let found = try search(tokenizer)
      return Answer(
        kind: tokenizer.kind, size: tokenizer.vocabularySize, found: found.count,
        pieces: found.prefix(top).compactMap { tokenizer.facts(of: $0).map(Piece.init) }, scripts: [], lengths: [],
        longest: [])
    }
    let all = (0..<tokenizer.vocabularySize).compactMap { tokenizer.facts(of: $0) }
    let scripts = Dictionary(grouping: all, by: \.script).map { Group(name: $0, count: $1.count) }
      .sorted { ($0.count, $1.name) > ($1.count, $0.name) }
    let lengths = Dictionary(grouping: all) { min($0.length, Self.longestCounted) }
      .sorted { $0.key < $1.key }
      .map { Group(name: $0 == Self.longestCounted ? "\($0) and more" : String($0), count: $1.count) }
    let longest = all.filter { !$0.isSpecial }.sorted { ($0.length, $1.id) > ($1.length, $0.id) }
    return Answer(
      kind: tokenizer.kind, size: tokenizer.vocabularySize, found: nil, pieces: [], scripts: scripts,
      lengths: lengths, longest: longest.prefix(top).map(Piece.init))
  }

  private static let longestCounted = 16

  private func search(_ tokenizer: Tokenizer) throws -> [Int] {
    var found: [Int] = []
    for id in ids {
      guard tokenizer.token(of: id) != nil else {
        throw Failure("There is no id \(id); this tokenizer has 0 to \(tokenizer.vocabularySize - 1).", .usage)
      }
      found.append(id)
    }
    for piece in pieces {
      guard let id = tokenizer.id(of: piece) else {
        throw Failure(
          "The vocabulary has no piece '\(sanitized(piece))'; `vocabulary --matching` searches by pattern.", .failed)
      }
      found.append(id)
    }
    if let matching { found += try tokenizer.ids(matching: matching) }
    return found
  }
}
