import Checkpoints
import Foundation
import Models
import Tensors
import Tokenizers

/// A token that a model wrote.
package struct WrittenToken: Encodable, Sendable, Equatable {
  package let token: Int
  package let tokenText: String
  /// The probability that the model gave it, before anything was suppressed or narrowed.
  package let probability: Double
  /// Of the whole distribution, in nats; nil where a search did not keep it.
  package let entropy: Double?

  enum CodingKeys: String, CodingKey {
    case token
    case tokenText = "token_str"
    case probability, entropy
  }
}

/// A text that a model wrote.
package struct WrittenText: Encodable, Sendable, Equatable {
  /// The prompt and what was written behind it; of a model with an encoder, what was written alone.
  package let generatedText: String
  /// What was written.
  package let newText: String
  package let tokens: [WrittenToken]
  /// `end`, `length`, `stop` or `halted`.
  package let finishReason: String
  /// Of a beam search: the log probability, divided by the length's power.
  package let score: Double?
  /// How often it went through the model, together with the others of a batch; nil for what was searched.
  package let trips: Int?

  enum CodingKeys: String, CodingKey {
    case generatedText = "generated_text"
    case newText = "new_text"
    case tokens
    case finishReason = "finish_reason"
    case score
  }
}

/// Who watches texts being written. Each closure may end it by returning false.
package struct WritingHooks {
  /// Gets the number of the text, counted over all inputs and their continuations, and the piece that was added.
  package var onPiece: (_ text: Int, _ piece: String) throws -> Bool
  /// After every step of a beam search, instead.
  package var onBeams: (BeamStep) throws -> Bool

  package init(
    onPiece: @escaping (_ text: Int, _ piece: String) throws -> Bool = { _, _ in true },
    onBeams: @escaping (BeamStep) throws -> Bool = { _ in true }
  ) {
    self.onPiece = onPiece
    self.onBeams = onBeams
  }
}

/// Why nothing can be written.
package enum WritingError: Error, Sendable, Equatable {
  /// The model does not continue texts.
  case doesNotWrite(model: String)
  /// The text is empty, and the model has no token to begin with.
  case nothingToContinue(model: String)
  /// Several languages, and nobody said which; `known` are the pairs that it has.
  case needsLanguages(model: String, known: [String])
  case unknownLanguage(String, model: String, known: [String])
  /// The model translates between two languages, or is told of them in another way.
  case hasNoLanguages(model: String)
  /// A summary was wanted of a model that was trained to translate.
  case onlyTranslates(model: String)
  /// The model answers no text with another one.
  case doesNotTranslate(model: String)
  /// Its file holds no factors for 8-bit arithmetic.
  case noByteArithmetic(model: String)
}

extension Repository {
  /// Whether the model writes: continues a text, or answers one with another.
  package var writes: Bool { kind == .causalWords || kind == .targetWords }

  /// What the folder says about how to write, over what is there.
  package func read(into settings: inout GenerationSettings) throws {
    try settings.read(configuration.json, file: "config.json")
    guard let file = RepositoryFiles(folder)[.generationConfig] else { return }
    try settings.read(try FileContents.read(file), file: file.path)
  }

  /// Writes behind each text, or, with an encoder, what answers it.
  /// - Parameters:
  ///   - form: what the task puts around each text, for a model with an encoder
  ///   - stops: texts that end what is written, and stay in it
  ///   - decoding: remembers an earlier text; what this one shares with it is not computed again
  /// - Returns: for each text as many as the settings ask for
  /// - Throws: `WritingError`, `InputError`, and what the hooks throw
  package func write(
    _ texts: [String], _ settings: GenerationSettings, form: SourceForm = SourceForm(), stops: [String] = [],
    hooks: WritingHooks = .init(), resuming decoding: Decoding? = nil
  ) throws -> [[WrittenText]] {
    try write(
      texts, as: try texts.map { try input($0, form) }, settings, stops: stops, hooks: hooks, resuming: decoding)
  }

  /// The same where the ids that the model reads of each text are known.
  func write(
    _ texts: [String], as inputs: [[Int32]], _ settings: GenerationSettings, stops: [String], hooks: WritingHooks,
    resuming decoding: Decoding?
  ) throws -> [[WrittenText]] {
    let model = try model()
    let tokenizer = try tokenizer()
    var streams = (0..<texts.count * settings.count).map { _ in TextStream(tokenizer) }
    var entropies = streams.map { _ in [Double]() }
    let stop = StopTexts(stops, tokenizer)
    let written = try model.generate(
      inputs, settings,
      GenerationHooks(
        onStep: { step in
          var goesOn = true
          for choice in step.choices {
            entropies[choice.sequence].append(choice.entropy)
            // What ends a text is no part of it, whether or not the tokenizer knows it for special.
            guard !settings.endIDs.contains(choice.token) else { continue }
            let piece = streams[choice.sequence].add(Int(choice.token))
            if !piece.isEmpty { goesOn = try hooks.onPiece(choice.sequence, piece) && goesOn }
          }
          return goesOn
        }, onBeams: hooks.onBeams, isStop: stop.isReached), resuming: decoding)
    return zip(texts, written).enumerated().map { place, pair in
      pair.1.enumerated().map { number, continuation in
        let steps = settings.beams > 1 ? [] : entropies[place * settings.count + number]
        return self.text(pair.0, continuation, steps, stop, tokenizer)
      }
    }
  }

  private func text(
    _ prompt: String, _ continuation: Continuation, _ entropies: [Double], _ stop: StopTexts, _ tokenizer: Tokenizer
  ) -> WrittenText {
    let ids = continuation.written.map(Int.init)
    let shown = continuation.said.map(Int.init)
    // Decoded with the prompt, so that a first piece keeps the space before it.
    let before = continuation.tokens.prefix(continuation.promptCount).map(Int.init)
    let shared = kind == .targetWords ? "" : tokenizer.decode(before, skippingSpecialTokens: true)
    let whole =
      kind == .targetWords
      ? tokenizer.decode(shown, skippingSpecialTokens: true)
      : String(tokenizer.decode(before + shown, skippingSpecialTokens: true).dropFirst(shared.count))
    let new = stop.cut(whole)
    let tokens = ids.enumerated().map { place, id in
      WrittenToken(
        token: id, tokenText: tokenizer.decode([id], skippingSpecialTokens: false),
        probability: exp(Double(continuation.logProbabilities[place])),
        entropy: place < entropies.count ? entropies[place] : nil)
    }
    return WrittenText(
      generatedText: kind == .targetWords ? new : prompt + new, newText: new, tokens: tokens,
      finishReason: "\(continuation.ending)", score: continuation.score.map(Double.init),
      trips: continuation.trips)
  }
}

/// Texts that end what a model writes.
private struct StopTexts {
  private let texts: [String]
  private let tokenizer: Tokenizer
  /// Tokens that may take part in the longest of them: every token but one is at least a byte.
  private let reach: Int

  init(_ texts: [String], _ tokenizer: Tokenizer) {
    self.texts = texts.filter { !$0.isEmpty }
    self.tokenizer = tokenizer
    reach = (self.texts.map(\.utf8.count).max() ?? 0) + 4
  }

  func isReached(_ tokens: ArraySlice<Int32>) -> Bool {
    guard !texts.isEmpty else { return false }
    let end = tokenizer.decode(tokens.suffix(reach).map(Int.init), skippingSpecialTokens: false)
    return texts.contains { end.contains($0) }
  }

  /// The text up to the end of the first that it holds.
  func cut(_ text: String) -> String {
    let ends = texts.compactMap { text.firstRange(of: $0)?.upperBound }
    return ends.min().map { String(text[..<$0]) } ?? text
  }
}
