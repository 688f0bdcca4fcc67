import Layers
import Models
import Tokenizers

/// A piece of a text and what a model made of it.
package struct TranslatedPiece: Encodable, Sendable, Equatable {
  package let source: String
  package let translation: String
  /// As the encoder read them.
  package let sourceTokens: [String]
  /// As the decoder wrote them.
  package let tokens: [WrittenToken]
  package let finishReason: String

  enum CodingKeys: String, CodingKey {
    case source, translation
    case sourceTokens = "source_tokens"
    case tokens
    case finishReason = "finish_reason"
  }
}

/// A translation, put together from its pieces.
package struct TranslatedText: Sendable, Equatable {
  package let translation: String
  package let pieces: [TranslatedPiece]
}

/// How a text is cut before it is translated.
package struct TranslationCut: Sendable {
  /// A longer paragraph is cut into sentences: translation models are trained on those.
  package var maximumTokens: Int
  /// Whether sentences go alone even where they are short together.
  package var splitsAlways: Bool

  package init(maximumTokens: Int = 128, splitsAlways: Bool = false) {
    self.maximumTokens = maximumTokens
    self.splitsAlways = splitsAlways
  }

  /// Pieces that go through the model together: memory stays bounded whatever the text's length.
  static let atOnce = 16
}

extension Repository {
  /// Answers texts with others, piece by piece; pieces of several texts go through the model together.
  /// - Throws: `WritingError`, `InputError`, and what the hooks throw
  package func translate(
    _ texts: [String], _ settings: GenerationSettings, form: SourceForm, cut: TranslationCut = TranslationCut(),
    hooks: WritingHooks = .init()
  ) throws -> [TranslatedText] {
    guard kind == .targetWords else { throw WritingError.doesNotTranslate(model: name) }
    let tokenizer = try tokenizer()
    let limit = min(cut.maximumTokens, try maximumTokens())
    let cuts = try texts.map { text in
      try TextPieces(text, splitsAlways: cut.splitsAlways) { try tokenizer.encode(form.prefix + $0).count <= limit }
    }
    let sources = cuts.flatMap(\.pieces).map(\.text)
    var done: [TranslatedPiece] = []
    while done.count < sources.count {
      let part = Array(sources[done.count...].prefix(TranslationCut.atOnce))
      let read = try part.map { try source($0, form) }
      let written = try write(part, as: read.map(\.ids), settings, stops: [], hooks: hooks, resuming: nil)
      for ((text, source), sequences) in zip(zip(part, read), written) {
        guard let best = sequences.first else { throw InputError.empty }
        done.append(
          TranslatedPiece(
            source: text, translation: best.newText, sourceTokens: source.tokens, tokens: best.tokens,
            finishReason: best.finishReason))
      }
    }
    var rest = done[...]
    return cuts.map { cut in
      defer { rest = rest.dropFirst(cut.pieces.count) }
      let own = Array(rest.prefix(cut.pieces.count))
      return TranslatedText(translation: cut.joined(own.map(\.translation)), pieces: own)
    }
  }
}
