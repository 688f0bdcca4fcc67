import Layers
import Tensors

/// Embeddings, then blocks, then a last norm: an encoder, a decoder, or either half of a pair.
package struct Stack {
  let words: Embedding
  let positions: Embedding?
  let segments: Embedding?
  let embeddingNorm: Norm?
  let blocks: [Block]
  let finalNorm: Norm?
  /// [buckets, heads]
  let distanceBiases: Embedding?
  let configuration: TransformerConfiguration
  /// No token sees those behind it, and a pass may bring a cache.
  let isCausal: Bool

  /// - Parameter words: a table that is there already
  init(
    _ weights: Weights, _ configuration: TransformerConfiguration, _ names: TransformerFamily.BodyNames,
    _ shape: StackShape, isCausal: Bool, words: Embedding? = nil
  ) {
    let (family, style, width) = (configuration.family, configuration.style, configuration.width)
    self.words =
      words
      ?? Embedding(
        weights(names.words), rows: configuration.vocabularySize, width: width,
        paddingRow: family.habits.hasPaddingRow ? configuration.padID : nil)
    let paddingPosition = family.positions == .learnedFromPadding ? configuration.padID : nil
    positions = names.positions.map {
      Embedding(weights($0), rows: configuration.positionRows, width: width, paddingRow: paddingPosition)
    }
    segments = names.segments.map { Embedding(weights($0), rows: configuration.segments, width: width) }
    embeddingNorm = names.embeddingNorm.map { Norm(weights($0), width: width, style) }
    blocks = (0..<shape.layers).map {
      Block(weights("\(names.layer).\($0)"), names.block, shape, style, layer: $0, isCausal: isCausal)
    }
    finalNorm = names.finalNorm.map { Norm(weights($0), width: width, style) }
    distanceBiases = names.relativeBias.map {
      Embedding(weights("\(names.layer).0.\($0)"), rows: configuration.distances.count, width: shape.heads)
    }
    self.configuration = configuration
    self.isCausal = isCausal
  }

  /// - Parameter rows: the tokens whose states are wanted; nil: all
  /// - Returns: [rows or tokens, width]
  func callAsFunction(_ batch: TokenBatch, _ pass: Pass, rows: [Int32]? = nil) -> Tensor {
    if isCausal { pass.cache?.extend(pass.boundaries) }
    var x = dropout(embed(batch, pass), pass.mask(rate: configuration.embeddingDropout))  // [tokens, width]
    pass.watcher?.see(hidden: x)
    let places = places(pass)
    let canBeAsked = blocks.last?.canBeAsked(pass, places) ?? false
    let asked = canBeAsked ? rows.flatMap { AskedRows($0, of: batch.boundaries) } : nil
    for (number, block) in blocks.enumerated() {
      let isLast = number == blocks.count - 1
      x = pass.block(x) { block($0, $1, places, asked: isLast ? asked : nil) }
      if finalNorm == nil || !isLast { pass.watcher?.see(hidden: x) }
    }
    if let finalNorm {
      let rate = configuration.family.habits.dropsOutput ? configuration.hiddenDropout : 0
      x = dropout(finalNorm(x), pass.mask(rate: rate))
      pass.watcher?.see(hidden: x)
    }
    guard asked == nil, let rows else { return x }
    return gather(x, rows)
  }

  private func embed(_ batch: TokenBatch, _ pass: Pass) -> Tensor {
    var terms: [Lookup] = []
    if let positions { terms.append(positions(positionRows(batch, pass))) }
    if let segments { terms.append(segments(batch.typeIDs)) }
    let ids = wordRows(batch, pass)
    var x: Tensor
    if configuration.wordScale == 1 {
      x = gather([words(ids)] + terms)
    } else {
      x = scale(gather([words(ids)]), by: configuration.wordScale)
      if !terms.isEmpty { x = add(x, gather(terms)) }
    }
    if case .sinusoidal(let spacing) = configuration.family.positions {
      x = add(x, sinusoidal(pass.positions, width: x.width, spacing))
    }
    return embeddingNorm?(x) ?? x
  }

  /// Rows of the word table; -1 for a start that has none.
  private func wordRows(_ batch: TokenBatch, _ pass: Pass) -> [Int32] {
    guard isCausal, configuration.family.habits.startsFromNothing else { return batch.ids }
    return zip(batch.ids, pass.positions).map { $1 == 0 ? -1 : $0 }
  }

  /// Rows of the position table.
  private func positionRows(_ batch: TokenBatch, _ pass: Pass) -> [Int32] {
    switch configuration.family.positions {
    case .learned(let offset): return pass.positions.map { $0 + Int32(offset) }
    case .learnedFromPadding:
      let padding = configuration.padID ?? 0
      return (0..<batch.sequences).flatMap { sequence in
        var last = padding
        return batch.ids[batch.span(sequence)].map { id in
          guard id != padding else { return padding }
          last += 1
          return last
        }
      }
    case .sinusoidal, .rotary, .relative: return []
    }
  }

  private func places(_ pass: Pass) -> TokenPlaces {
    let distances = configuration.distances
    return TokenPlaces(
      angles: configuration.rotary?.angles(pass),
      bias: distanceBiases.map {
        DistanceBuckets(count: distances.count, farthest: distances.farthest, looksAhead: !isCausal)
          .bias($0.table.tensor, longest: pass.longest)
      })
  }
}

extension TransformerConfiguration {
  /// Rows of the position table, those that stand for nothing included.
  var positionRows: Int {
    if case .learned(let offset) = family.positions { positions + offset } else { positions }
  }
}
