import Layers
import Tensors

/// Why a batch cannot go through a model.
package enum InputError: Error, Sendable, Equatable {
  case empty
  case tooLong(tokens: Int, limit: Int)
  case idOutOfRange(id: Int, vocabulary: Int)
  case typeOutOfRange(type: Int, segments: Int)
}

/// An encoder with a head: token ids in, logits out.
package final class TransformerModel {
  package let configuration: TransformerConfiguration
  package let kind: Head.Kind
  /// In the order of construction, each under its Hugging Face name.
  package let parameters: [Parameter]
  /// What the checkpoint left over, and what started fresh.
  package let report: WeightReport
  /// Set when the model is a base with low-rank additions.
  package let adaptation: LowRankAdaptation?
  /// The matrices that have a low-rank addition.
  package let adapted: [Matrix]
  let body: Encoder
  let head: Head

  /// - Parameters:
  ///   - source: nil starts every parameter from random values
  ///   - freshOutput: the last map of the head starts fresh although the checkpoint has one: for other classes
  ///   - adaptation: adds low-rank pairs, from the source where it has them, and freezes what they are added to
  ///   - seed: of the parameters that start fresh
  /// - Throws: `WeightMismatch`, or what the source throws
  package init(
    _ configuration: TransformerConfiguration, _ kind: Head.Kind, source: (any ParameterSource)?,
    freshOutput: Bool = false, adaptation: LowRankAdaptation? = nil, seed: UInt64 = 0
  ) throws {
    let family = configuration.family
    let loader = WeightLoader(
      source: source, prefix: family.prefix, hiding: freshOutput ? family.outputPlace(kind) : nil,
      deviation: configuration.initialDeviation, seed: seed, adaptation: adaptation)
    body = Encoder(Weights(loader, path: family.prefix), configuration)
    head = Head(kind, loader, configuration, words: body.words)
    let pooler = family.names.pooler.map { [$0] } ?? ["pooler.dense"]
    let words = family.heads.maskedWords
    let tied = configuration.tiesWords ? [words.decoder + "."] : [words.bias]
    report = try loader.finish(ignoring: ["position_ids", "cls.seq_relationship"] + pooler + tied)
    self.configuration = configuration
    self.kind = kind
    self.adaptation = adaptation
    parameters = loader.parameters
    adapted = loader.adapted
  }

  /// The hidden states of the last layer.
  /// - Returns: [tokens, width]
  package func hidden(_ batch: TokenBatch, _ pass: Pass) -> Tensor { body(batch, pass) }

  /// What the head says.
  /// - Parameter rows: tokens that a masked-word head scores; nil for all
  /// - Returns: [sequences, classes] for sequence classification, [tokens, classes] for tokens, [tokens, 2] for answers,
  ///   [scored, words] for masked words, [tokens, width] without a head
  package func callAsFunction(_ batch: TokenBatch, _ pass: Pass, rows: [Int32]? = nil) -> Tensor {
    let hidden = body(batch, pass)  // [tokens, width]
    switch head {
    case .body: return hidden
    case .sequenceClassification(let head): return head(hidden, pass)
    case .tokenClassification(let head), .questionAnswering(let head): return head(hidden, pass)
    case .maskedWords(let head): return head(hidden, pass, rows: rows)
    }
  }

  /// How many layers lie above a parameter: 0 for the head, 1 for the last block, and one more than there are blocks for
  /// the embeddings.
  package func depthBelowHead(_ parameter: Parameter) -> Int {
    let family = configuration.family
    guard parameter.name.hasPrefix(family.prefix + ".") else { return 0 }
    let place = parameter.name.dropFirst(family.prefix.count + 1)
    if let pooler = family.names.pooler, place.hasPrefix(pooler) { return 0 }
    guard place.hasPrefix(family.names.layer + ".") else { return configuration.layers + 1 }
    let number = place.dropFirst(family.names.layer.count + 1).prefix { $0.isNumber }
    return configuration.layers - (Int(number) ?? 0)
  }

  /// Refuses what would not fit the model's tables.
  package func check(_ batch: TokenBatch) throws(InputError) {
    guard batch.count > 0 else { throw .empty }
    for sequence in 0..<batch.sequences {
      let count = batch.span(sequence).count
      guard count > 0 else { throw .empty }
      guard count <= configuration.maximumTokens else {
        throw .tooLong(tokens: count, limit: configuration.maximumTokens)
      }
    }
    if let id = batch.ids.first(where: { $0 < 0 || Int($0) >= configuration.vocabularySize }) {
      throw .idOutOfRange(id: Int(id), vocabulary: configuration.vocabularySize)
    }
    let segments = configuration.segments
    if segments > 0, let type = batch.typeIDs.first(where: { $0 < 0 || Int($0) >= segments }) {
      throw .typeOutOfRange(type: Int(type), segments: segments)
    }
  }
}
