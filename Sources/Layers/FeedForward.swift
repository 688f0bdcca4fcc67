import Tensors

/// Two linear maps with an activation between them, or a gate.
package struct FeedForward {
  /// Places below the block's.
  package struct Names: Sendable {
    /// The first map, and its gate where the style has one; T5 calls the first map otherwise then.
    let up: String
    let gated: (gate: String, up: String)?
    package let down: String

    package init(up: String, gated: (gate: String, up: String)? = nil, down: String) {
      self.up = up
      self.gated = gated
      self.down = down
    }

    package init(gate: String, up: String, down: String) { self.init(up: up, gated: (gate, up), down: down) }

    /// Places of the first maps, the gate's first.
    package func inputs(isGated: Bool) -> [String] { isGated ? gated.map { [$0.gate, $0.up] } ?? [up] : [up] }
  }

  let inputs: [Linear]
  let down: Linear
  let activation: Activation
  let dropoutRate: Float

  package init(_ weights: Weights, _ names: Names, _ shape: StackShape, _ style: BlockStyle) {
    func map(_ name: String, _ from: Int, _ to: Int) -> Linear {
      Linear(weights(name), in: from, out: to, hasBias: style.hasInnerBias, isTransposed: style.isTransposed)
    }
    inputs = names.inputs(isGated: style.isGated).map { map($0, shape.width, shape.innerWidth) }
    down = map(names.down, shape.innerWidth, shape.width)
    activation = style.activation
    dropoutRate = style.innerDropout
  }

  package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    let inner =
      inputs.count == 1
      ? inputs[0](x, pass, activation: activation) : gate(linear(x, inputs.map { $0.affine(pass) }), activation)
    return down(dropout(inner, pass.mask(rate: dropoutRate)), pass)  // [tokens, inner] inside, [tokens, width] out
  }
}
