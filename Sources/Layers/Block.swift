import Tensors

/// Self-attention, cross-attention where there is an encoder, and feed-forward, each added to what came in.
package struct Block {
  /// Places below the block's.
  package struct Names: Sendable {
    package let attention: AttentionNames
    package let attentionNorm: String
    package let crossAttention: (names: AttentionNames, norm: String)?
    package let feedForward: FeedForward.Names
    package let outputNorm: String

    package init(
      attention: AttentionNames, attentionNorm: String,
      crossAttention: (names: AttentionNames, norm: String)? = nil, feedForward: FeedForward.Names, outputNorm: String
    ) {
      self.attention = attention
      self.attentionNorm = attentionNorm
      self.crossAttention = crossAttention
      self.feedForward = feedForward
      self.outputNorm = outputNorm
    }
  }

  let attention: SelfAttention
  let attentionNorm: Norm
  let crossAttention: (layer: CrossAttention, norm: Norm)?
  let feedForward: FeedForward
  let outputNorm: Norm
  let style: BlockStyle

  package init(
    _ weights: Weights, _ names: Names, _ shape: StackShape, _ style: BlockStyle, layer: Int, isCausal: Bool
  ) {
    func norm(_ name: String) -> Norm { Norm(weights(name), width: shape.width, style) }
    attention = SelfAttention(weights, names.attention, shape, style, layer: layer, isCausal: isCausal)
    attentionNorm = norm(names.attentionNorm)
    crossAttention = names.crossAttention.map {
      (CrossAttention(weights, $0.names, shape, style, layer: layer), norm($0.norm))
    }
    feedForward = FeedForward(weights, names.feedForward, shape, style)
    outputNorm = norm(names.outputNorm)
    self.style = style
  }

  package func callAsFunction(_ x: Tensor, _ pass: Pass, _ places: TokenPlaces) -> Tensor {
    var x = join(x, attentionNorm, pass) { attention($0, pass, places) }
    if let crossAttention { x = join(x, crossAttention.norm, pass) { crossAttention.layer($0, pass) } }
    return join(x, outputNorm, pass) { feedForward($0, pass) }  // [tokens, width]
  }

  /// What a part makes of x, added to x and normalised; or made of the normalised x and added.
  private func join(_ x: Tensor, _ norm: Norm, _ pass: Pass, _ part: (Tensor) -> Tensor) -> Tensor {
    guard style.normalisesFirst else {
      return norm(part(x), residual: x, dropout: pass.mask(rate: style.hiddenDropout))
    }
    return add(dropout(part(norm(x)), pass.mask(rate: style.hiddenDropout)), x)
  }
}
