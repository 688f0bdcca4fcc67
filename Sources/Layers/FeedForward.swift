import Tensors

/// Two linear maps with an activation between them.
package struct FeedForward {
  let up: Linear
  let down: Linear
  let activation: Activation

  package init(up: Weights, down: Weights, width: Int, inner: Int, activation: Activation) {
    self.up = Linear(up, in: width, out: inner)
    self.down = Linear(down, in: inner, out: width)
    self.activation = activation
  }

  package func callAsFunction(_ x: Tensor, _ pass: Pass) -> Tensor {
    down(up(x, pass, activation: activation), pass)  // [tokens, inner] inside, [tokens, width] out
  }
}
