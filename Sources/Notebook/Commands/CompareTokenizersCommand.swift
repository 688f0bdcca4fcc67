import ArgumentParser
import Drawing
import Foundation
import Tokenizers

/// `compare-tokenizers`: one text, cut by several tokenizers.
package struct CompareTokenizersCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "compare-tokenizers", abstract: "Cut one text with several tokenizers and count what it costs.",
    discussion: """
      Give names of models, tokenizer.json files or folders. A model's work and a service's bill grow with the tokens: \
      --price is what a million of them costs.
      """)
  package static let group = CommandGroup.tokens
  package static let example = #"compare-tokenizers minilm --text "Unbelievable naïveté""#
  @Argument(help: "Tokenizers: names of models, files or folders.") package var tokenizers: [String]
  @Option(help: "The text.") package var text: String?
  @Option(help: "A text file.") package var file: String?
  @Option(help: "The price of a million tokens.") package var price: Double?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    guard (text == nil) != (file == nil) else { throw ValidationError("Give --text or --file.") }
    guard !tokenizers.isEmpty else { throw ValidationError("Name at least one tokenizer.") }
  }

  package struct Row: Encodable {
    let tokenizer: String
    let kind: String
    let vocabulary: Int
    let tokens: Int
    let characters_per_token: Double
    let unknown: Int
    /// Tokens as a part of the first tokenizer's.
    let ratio: Double
    let cost: Double?
    let pieces: [String]
  }

  package struct Answer: CommandAnswer {
    let characters: Int
    let rows: [Row]
    /// Whether the text is short enough to show its pieces.
    let showsPieces: Bool

    enum CodingKeys: String, CodingKey { case characters, rows }
  }

  /// The longest text whose pieces are shown, in characters.
  private static let longestShown = 400

  package func answer(in session: Session) throws -> Answer {
    let text =
      try text ?? file.map { String(decoding: try Data(contentsOf: try session.file($0)), as: UTF8.self) } ?? ""
    let characters = text.unicodeScalars.count
    var rows: [Row] = []
    for name in tokenizers {
      try Interrupt.check()
      let tokenizer = try session.tokenizer(name, common)
      let encoding = try tokenizer.encode(text, specialTokens: false)
      let unknown = tokenizer.special.unknown.map { id in encoding.ids.count { Int($0) == id } } ?? 0
      rows.append(
        Row(
          tokenizer: name, kind: tokenizer.kind, vocabulary: tokenizer.vocabularySize, tokens: encoding.count,
          characters_per_token: encoding.count == 0 ? 0 : Double(characters) / Double(encoding.count),
          unknown: unknown,
          ratio: Double(encoding.count) / Double(max(1, rows.first?.tokens ?? encoding.count)),
          cost: price.map { $0 * Double(encoding.count) / 1e6 },
          pieces: characters <= Self.longestShown ? encoding.tokens : []))
    }
    return Answer(characters: characters, rows: rows, showsPieces: characters <= Self.longestShown)
  }
}
