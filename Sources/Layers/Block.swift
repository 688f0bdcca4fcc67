import Tensors

/// Self-attention or a recurrence, cross-attention where there is an encoder, and feed-forward, each added to what came in.
package struct Block {
  /// Places below the block's.
  package struct Names: Sendable {
    /// How the tokens of a sequence come together.
    package enum Mixing: Sendable {
      case attention(AttentionNames)
      case recurrence(SimpleRecurrence.Names)

      /// Places of the maps.
      package var places: [String] {
        switch self {
        case .attention(let names): names.places
        case .recurrence(let names): [names.input, names.forget]
        }
      }
    }

    package let mixing: Mixing
    package let mixingNorm: String
    package let crossAttention: (names: AttentionNames, norm: String)?
    package let feedForward: FeedForward.Names
    package let outputNorm: String

    package init(
      attention: AttentionNames, attentionNorm: String,
      crossAttention: (names: AttentionNames, norm: String)? = nil, feedForward: FeedForward.Names, outputNorm: String
    ) {
      self.init(
        mixing: .attention(attention), mixingNorm: attentionNorm, crossAttention: crossAttention,
        feedForward: feedForward, outputNorm: outputNorm)
    }

    package init(
      mixing: Mixing, mixingNorm: String, crossAttention: (names: AttentionNames, norm: String)?,
      feedForward: FeedForward.Names, outputNorm: String
    ) {
      self.mixing = mixing
      self.mixingNorm = mixingNorm
      self.crossAttention = crossAttention
      self.feedForward = feedForward
      self.outputNorm = outputNorm
    }
  }

  private enum Mixer {
    case attention(SelfAttention)
    case recurrence(SimpleRecurrence)
  }

  private let mixer: Mixer
  let mixingNorm: Norm
  let crossAttention: (layer: CrossAttention, norm: Norm)?
  let feedForward: FeedForward
  let outputNorm: Norm
  let style: BlockStyle

  package init(
    _ weights: Weights, _ names: Names, _ shape: StackShape, _ style: BlockStyle, layer: Int, isCausal: Bool
  ) {
    func norm(_ name: String) -> Norm { Norm(weights(name), width: shape.width, style) }
    switch names.mixing {
    case .attention(let names):
      mixer = .attention(SelfAttention(weights, names, shape, style, layer: layer, isCausal: isCausal))
    case .recurrence(let names):
      mixer = .recurrence(SimpleRecurrence(weights, names, width: shape.width, layer: layer))
    }
    mixingNorm = norm(names.mixingNorm)
    crossAttention = names.crossAttention.map {
      (CrossAttention(weights, $0.names, shape, style, layer: layer), norm($0.norm))
    }
    feedForward = FeedForward(weights, names.feedForward, shape, style)
    outputNorm = norm(names.outputNorm)
    self.style = style
  }

  /// Whether it can be asked for some rows alone: where every token sees all of its sequence, and nobody watches.
  package func canBeAsked(_ pass: Pass, _ places: TokenPlaces) -> Bool {
    guard case .attention(let attention) = mixer, pass.watcher == nil, pass.cache == nil else { return false }
    return !attention.isCausal && attention.inputs.count == 3 && places.angles == nil && places.bias == nil
  }

  /// - Parameter asked: the rows that are wanted, where `canBeAsked`; nil: all
  /// - Returns: [asked or tokens, width]
  package func callAsFunction(
    _ x: Tensor, _ pass: Pass, _ places: TokenPlaces, asked: AskedRows? = nil
  ) -> Tensor {
    var x = join(x, mixingNorm, pass, asked) { mix($0, pass, places, asked) }
    if let crossAttention { x = join(x, crossAttention.norm, pass) { crossAttention.layer($0, pass) } }
    return join(x, outputNorm, pass) { feedForward($0, pass) }
  }

  private func mix(_ x: Tensor, _ pass: Pass, _ places: TokenPlaces, _ asked: AskedRows?) -> Tensor {
    switch mixer {
    case .attention(let attention): attention(x, pass, places, asked: asked)
    case .recurrence(let recurrence): recurrence(x, pass)
    }
  }

  /// What a part makes of x, added to x and normalised; or made of the normalised x and added.
  /// - Parameter asked: the rows of x that are made; nil: all
  private func join(
    _ x: Tensor, _ norm: Norm, _ pass: Pass, _ asked: AskedRows? = nil, _ part: (Tensor) -> Tensor
  ) -> Tensor {
    let made = part(style.normalisesFirst ? norm(x) : x)
    let residual = asked.map { gather(x, $0.rows) } ?? x
    let mask = pass.mask(rate: style.hiddenDropout)
    guard style.normalisesFirst else { return norm(made, residual: residual, dropout: mask) }
    return add(dropout(made, mask), residual)
  }
}
