import Foundation
import Layers
import Models
import Tokenizers

/// Which of a model's attentions is meant: a model with an encoder has three.
package enum AttentionPart: String, Encodable, Sendable {
  /// Of the only stack, or of the encoder, to itself.
  case own = "self"
  /// Of the decoder to what it has written.
  case decoder
  /// Of the decoder to the encoder.
  case cross
}

/// What a model's heads look at in one text or pair.
package struct AttentionReading {
  /// Who looks: one for each row.
  package let tokens: [String]
  /// Who is looked at: one for each column.
  package let seen: [String]
  /// One for each layer.
  package let layers: [AttentionMaps]
  /// Whether the end of the text did not fit the model and was not read.
  package let isCut: Bool

  /// The weights of one head, or of the mean over heads.
  /// - Returns: [from][to]
  package func map(layer: Int, head: Int?) -> [[Float]] {
    head.map { layers[layer].map(sequence: 0, head: $0) } ?? layers[layer].mean(sequence: 0)
  }
}

/// Why there is no such attention to look at.
package enum AttendingError: Error, Sendable, Equatable {
  /// The model has one stack, which looks at itself.
  case hasNoEncoder(model: String)
  /// The decoder remembers in recurrent cells.
  case doesNotLookBack(model: String)
}

extension Repository {
  /// Runs the model once and keeps every attention map.
  package func attend(_ text: String, pair: String? = nil) throws -> AttentionReading {
    let model = try model()
    let watcher = Watcher([.attentions])
    if kind == .targetWords {
      let source = try source(text, SourceForm())
      let batch = TokenBatch([(source.ids, nil)])
      try model.check(batch)
      _ = model.encode(batch, Pass(boundaries: batch.boundaries, watcher: watcher))
      return AttentionReading(
        tokens: source.tokens, seen: source.tokens, layers: watcher.attentions, isCut: source.isCut)
    }
    let encodings = try encode([(text, pair)])
    let batch = Repository.batch(encodings)
    try model.check(batch)
    _ = model.hidden(batch, Pass(boundaries: batch.boundaries, watcher: watcher))
    let tokens = encodings[0].tokens
    return AttentionReading(
      tokens: tokens, seen: tokens, layers: watcher.attentions, isCut: encodings[0].isTruncated)
  }

  /// Lets the decoder write an answer once more and keeps where it looks.
  /// - Parameter answer: the tokens that it writes
  /// - Throws: `AttendingError`, `InputError`
  package func attend(
    _ text: String, writing answer: [Int32], part: AttentionPart, form: SourceForm = SourceForm()
  ) throws -> AttentionReading {
    guard kind == .targetWords else { throw AttendingError.hasNoEncoder(model: name) }
    let model = try model()
    guard part == .cross || model.looksBack else { throw AttendingError.doesNotLookBack(model: name) }
    let tokenizer = try tokenizer()
    let source = try source(text, form)
    let watcher = Watcher([.attentions])
    try model.rewrite(answer, of: source.ids, watcher: watcher)
    let written = answer.map { tokenizer.token(of: Int($0)) ?? "" }
    if part == .cross {
      return AttentionReading(
        tokens: written, seen: source.tokens, layers: watcher.crossAttentions, isCut: source.isCut)
    }
    // What has been read when a token is written: the start, and all before it.
    return AttentionReading(
      tokens: written, seen: ["(start)"] + written.dropLast(), layers: watcher.attentions, isCut: source.isCut)
  }

  /// The ids of an answer that somebody wrote.
  package func answerIDs(_ text: String) throws -> [Int32] {
    guard let target = try targetTokenizer() else { return try source(text, SourceForm()).ids }
    let limit = Truncation(maximumLength: try maximumTokens(), keepsOverflow: false)
    return try target.encode(text, truncation: limit).ids + (configuration.sourceEndID.map { [$0] } ?? [])
  }
}
