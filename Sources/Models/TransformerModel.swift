import Layers
import Tensors

/// Why a batch cannot go through a model.
package enum InputError: Error, Sendable, Equatable {
  case empty
  case tooLong(tokens: Int, limit: Int)
  case idOutOfRange(id: Int, vocabulary: Int)
  case typeOutOfRange(type: Int, segments: Int)
}

/// A transformer with a head: token ids in, logits out.
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
  /// Of a pair, what the decoder looks at.
  let encoder: Stack?
  /// The only stack, or the decoder of a pair.
  let body: Stack
  let head: Head
  /// Which words of a pair's vocabulary may answer an input; nil: all.
  package var shortlist: ((_ source: [Int32]) -> [Int32])?

  /// - Parameters:
  ///   - source: nil starts every parameter from random values
  ///   - freshOutput: the last map of the head starts fresh although the checkpoint has one: for other classes
  ///   - adaptation: adds low-rank pairs, from the source where it has them, and freezes what they are added to
  ///   - seed: of the parameters that start fresh
  ///   - isShapeOnly: what starts fresh is never looked at, and takes no memory
  /// - Throws: `HeadError`, `WeightMismatch`, or what the source throws
  package init(
    _ configuration: TransformerConfiguration, _ kind: Head.Kind, source: (any ParameterSource)?,
    freshOutput: Bool = false, adaptation: LowRankAdaptation? = nil, seed: UInt64 = 0,
    isShapeOnly: Bool = false
  ) throws {
    let family = configuration.family
    let loader = WeightLoader(
      source: source, prefix: family.prefix, hiding: freshOutput ? family.outputPlace(kind) : nil,
      deviation: configuration.initialDeviation, seed: seed, adaptation: adaptation, isShapeOnly: isShapeOnly)
    let place = Weights(loader, path: family.prefix)
    if let decoder = configuration.decoder, let names = family.decoderNames {
      let own = configuration.sharesWords ? nil : "embed_tokens"
      let first = family.names.readingWords(own.map { "encoder.\($0)" })
      let encoder = Stack(place, configuration, first, configuration.stack, isCausal: false)
      self.encoder = encoder
      body = Stack(
        place, configuration, names.readingWords(own.map { "decoder.\($0)" }), decoder, isCausal: true,
        words: own == nil ? encoder.words : nil)
    } else {
      encoder = nil
      body = Stack(
        place, configuration, family.names, configuration.stack, isCausal: family.layout == .decoder)
    }
    head = try Head(kind, loader, configuration, words: body.words)
    report = try loader.finish(ignoring: family.ignored(configuration, head))
    self.configuration = configuration
    self.kind = kind
    self.adaptation = adaptation
    parameters = loader.parameters
    adapted = loader.adapted
  }

  /// The hidden states of the last layer; of a pair the decoder's, whose pass carries the encoder's.
  /// - Returns: [tokens, width]
  package func hidden(_ batch: TokenBatch, _ pass: Pass) -> Tensor { body(batch, pass) }

  /// Whether its head maps back to words by the word table.
  package var readsWordTable: Bool { head.readsWordTable }

  /// Says that it is used from now on and not trained.
  /// - Parameter roundings: of weights whose products are 8-bit arithmetic, by name
  package func settle(_ roundings: [String: ByteRounding] = [:]) {
    for parameter in parameters { parameter.settle(roundings[parameter.name]) }
  }

  /// What a pair's decoder will look at.
  package func encode(_ batch: TokenBatch, _ pass: Pass) -> EncoderMemory {
    guard let encoder else { preconditionFailure("only a pair has an encoder besides its body") }
    return EncoderMemory(hidden: encoder(batch, pass), boundaries: batch.boundaries)
  }

  /// What a head of words says of hidden states that were computed before.
  /// - Returns: [scored, words]
  func words(_ hidden: Tensor, _ pass: Pass, rows: [Int32]?) -> Tensor {
    switch head {
    case .causalWords(let head), .targetWords(let head): head(hidden, pass, rows: rows)
    default: preconditionFailure("only a head of next words continues a text")
    }
  }

  /// The mean cross entropy of a head of next words, for a training step: the scores themselves are never held.
  /// - Parameters:
  ///   - rows: the tokens that are scored
  ///   - targets: the word that is right behind each
  package func loss(
    _ batch: TokenBatch, _ pass: Pass, rows: [Int32], targets: [Int], smoothing: Float
  ) -> Tensor {
    let head: NextWordPredictor
    switch self.head {
    case .causalWords(let own), .targetWords(let own): head = own
    default: preconditionFailure("only a head of next words has words to be right about")
    }
    let (x, words) = head.map(body(batch, pass), pass, rows: rows)
    return crossEntropy(x, words, targets: targets, smoothing: smoothing)
  }

  /// What the head says.
  /// - Parameter rows: tokens that a head of words scores; nil for all
  /// - Returns: [sequences, classes] for sequence classification, [tokens, classes] for tokens, [tokens, 2] for answers,
  ///   [scored, words] for words, [tokens, width] without a head
  package func callAsFunction(_ batch: TokenBatch, _ pass: Pass, rows: [Int32]? = nil) -> Tensor {
    switch head {
    case .body: body(batch, pass)
    case .sequenceClassification(let head): head(body(batch, pass, rows: head.rows(batch)), pass)
    case .tokenClassification(let head), .questionAnswering(let head): head(body(batch, pass), pass)
    case .maskedWords(let head): head(body(batch, pass, rows: rows), pass)
    case .causalWords(let head), .targetWords(let head): head(body(batch, pass, rows: rows), pass, rows: nil)
    }
  }

  /// How many layers lie above a parameter: 0 for the head, 1 for the last block, and one more than there are blocks for
  /// the embeddings. An encoder lies below its decoder.
  package func depthBelowHead(_ parameter: Parameter) -> Int {
    let family = configuration.family
    let prefix = family.prefix.isEmpty ? "" : family.prefix + "."
    guard parameter.name.hasPrefix(prefix) else { return 0 }
    let place = parameter.name.dropFirst(prefix.count)
    if let pooler = family.names.pooler, place.hasPrefix(pooler) { return 0 }
    if let words = family.heads.words, place.hasPrefix(words + ".") { return 0 }
    var above = 0
    for (names, shape) in zip(family.bodies, [configuration.stack] + (configuration.decoder.map { [$0] } ?? []))
      .reversed()
    {
      if place.hasPrefix(names.layer + ".") {
        let number = place.dropFirst(names.layer.count + 1).prefix { $0.isNumber }
        return above + shape.layers - (Int(number) ?? 0)
      }
      above += shape.layers
    }
    return above + 1
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

  /// A pair's decoder input for a target: the same tokens one place later, behind the one that starts.
  package func decoderInput(_ target: [Int]) -> [Int32] {
    let padding = configuration.padID ?? 0
    let tokens = target.map { $0 < 0 ? padding : Int32($0) }
    // Counted as the reference does, which holds the padding to stand at the end.
    let words = tokens.reduce(0) { $1 == padding ? $0 : $0 + 1 }
    let last = configuration.family.habits.startsWithLast && words > 0 ? tokens[words - 1] : nil
    return [last ?? configuration.startID ?? padding] + tokens.dropLast()
  }
}

extension TransformerFamily.BodyNames {
  /// The same with another word table.
  func readingWords(_ words: String?) -> TransformerFamily.BodyNames {
    guard let words else { return self }
    return TransformerFamily.BodyNames(
      words: words, positions: positions, segments: segments, embeddingNorm: embeddingNorm, layer: layer, block: block,
      finalNorm: finalNorm, relativeBias: relativeBias, pooler: pooler)
  }
}

extension TransformerFamily {
  /// Beginnings or parts of names in a checkpoint that nobody misses: what is computed, or tied to something else.
  func ignored(_ configuration: TransformerConfiguration, _ head: Head) -> [String] {
    var parts = ["position_ids", "cls.seq_relationship", "rotary_emb.inv_freq"]
    parts += names.pooler.map { [$0] } ?? ["pooler.dense"]
    if let masked = heads.maskedWords { parts += [configuration.tiesWords ? masked.decoder + "." : masked.bias] }
    if layout != .encoder {
      // Causal masks of old GPT-2 files; tables that are sines; a cross-attention's biases in old T5 files.
      parts += [".attn.bias", ".attn.masked_bias", "EncDecAttention.relative_attention_bias"]
      if names.positions == nil { parts += ["embed_positions"] }
      if configuration.sharesWords { parts += ["coder.embed_tokens"] }
      if head.readsWordTable, let words = heads.words { parts += [words + "."] }
    }
    return parts
  }
}
