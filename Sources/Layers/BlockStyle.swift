import Tensors

/// What tells the blocks of one family from those of another.
package struct BlockStyle: Sendable {
  package enum NormKind: Sendable { case layer, rootMeanSquare }

  package var norm = NormKind.layer
  /// Each part's input is normalised, and the sum is not; else the sum of input and output is.
  package var normalisesFirst = false
  package var epsilon: Float = 1e-5
  package var activation = Activation.gelu
  /// The feed-forward's first map has a gate beside it.
  package var isGated = false
  /// Weights are [in, out].
  package var isTransposed = false
  /// Of queries, keys and values; of the attention's output; of the feed-forward.
  package var hasQueryBias = true, hasOutputBias = true, hasInnerBias = true
  /// Scores are divided by the square root of a head's width.
  package var scalesScores = true
  /// Scores are divided by the layer's number, counted from 1, besides.
  package var scalesByLayer = false
  package var hiddenDropout: Float = 0, attentionDropout: Float = 0
  /// Between the two maps of the feed-forward.
  package var innerDropout: Float = 0

  package init() {}

  /// What products of queries and keys are multiplied with.
  func scoreScale(headWidth: Int, layer: Int) -> Float {
    (scalesScores ? 1 / Float(headWidth).squareRoot() : 1) / (scalesByLayer ? Float(layer + 1) : 1)
  }
}

/// The numbers that shape one stack of blocks.
package struct StackShape: Sendable, Equatable {
  package var layers: Int
  package let width: Int
  package let heads: Int
  /// Heads of keys and values; each serves as many neighbouring heads of queries.
  package let memoryHeads: Int
  package let headWidth: Int
  /// Width between the two maps of a feed-forward.
  package let innerWidth: Int

  package init(layers: Int, width: Int, heads: Int, memoryHeads: Int, headWidth: Int, innerWidth: Int) {
    self.layers = layers
    self.width = width
    self.heads = heads
    self.memoryHeads = memoryHeads
    self.headWidth = headWidth
    self.innerWidth = innerWidth
  }
}
