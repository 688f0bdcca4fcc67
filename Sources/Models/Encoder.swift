import Layers
import Tensors

/// The body of BERT, RoBERTa and DistilBERT: embeddings, then blocks of self-attention and feed-forward, each normalised
/// after its residual sum.
package struct Encoder {
  let words, positions: Embedding
  let segments: Embedding?
  let embeddingNorm: LayerNorm
  let blocks: [EncoderBlock]
  let configuration: TransformerConfiguration

  init(_ weights: Weights, _ configuration: TransformerConfiguration) {
    let names = configuration.family.names
    let width = configuration.width
    let padding = configuration.padID
    words = Embedding(weights(names.words), rows: configuration.vocabularySize, width: width, paddingRow: padding)
    positions = Embedding(
      weights(names.positions), rows: configuration.positions, width: width,
      paddingRow: configuration.family.countsPositionsFromPadding ? padding : nil)
    segments = names.segments.map { Embedding(weights($0), rows: configuration.segments, width: width) }
    embeddingNorm = LayerNorm(weights(names.embeddingNorm), width: width, epsilon: configuration.epsilon)
    blocks = (0..<configuration.layers).map { EncoderBlock(weights("\(names.layer).\($0)"), configuration) }
    self.configuration = configuration
  }

  func callAsFunction(_ batch: TokenBatch, _ pass: Pass) -> Tensor {
    var terms = [words(batch.ids), positions(positionIDs(batch))]
    if let segments { terms.append(segments(batch.typeIDs)) }
    var x = embeddingNorm(gather(terms))  // [tokens, width]
    x = dropout(x, pass.mask(rate: configuration.hiddenDropout))
    pass.watcher?.see(hidden: x)
    for block in blocks {
      x = pass.block(x) { block($0, $1) }
      pass.watcher?.see(hidden: x)
    }
    return x  // [tokens, width]
  }

  private func positionIDs(_ batch: TokenBatch) -> [Int32] {
    guard configuration.family.countsPositionsFromPadding else {
      return (0..<batch.sequences).flatMap { (0..<Int32(batch.span($0).count)) }
    }
    let padding = configuration.padID
    return (0..<batch.sequences).flatMap { sequence in
      var last = padding
      return batch.ids[batch.span(sequence)].map { id in
        guard id != padding else { return padding }
        last += 1
        return last
      }
    }
  }
}

/// Self-attention and feed-forward, each added to what came in and normalised.
struct EncoderBlock {
  let attention: SelfAttention
  let attentionNorm: LayerNorm
  let feedForward: FeedForward
  let outputNorm: LayerNorm
  let dropoutRate: Float

  init(_ weights: Weights, _ configuration: TransformerConfiguration) {
    let names = configuration.family.names
    let (width, epsilon) = (configuration.width, configuration.epsilon)
    attention = SelfAttention(
      weights, names.attention, width: width, heads: configuration.heads, dropoutRate: configuration.attentionDropout)
    attentionNorm = LayerNorm(weights(names.attentionNorm), width: width, epsilon: epsilon)
    feedForward = FeedForward(
      up: weights(names.up), down: weights(names.down), width: width, inner: configuration.innerWidth,
      activation: configuration.activation)
    outputNorm = LayerNorm(weights(names.outputNorm), width: width, epsilon: epsilon)
    dropoutRate = configuration.hiddenDropout
  }

  func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let attended = attentionNorm(attention(x, pass), residual: x, dropout: pass.mask(rate: dropoutRate))
    return outputNorm(feedForward(attended, pass), residual: attended, dropout: pass.mask(rate: dropoutRate))
  }
}
