import Tensors

/// Layer normalisation with a learned weight and bias.
package struct LayerNorm {
  package let weight: Parameter
  package let bias: Parameter
  package let epsilon: Float

  package init(_ weights: Weights, width: Int, epsilon: Float) {
    weight = weights.parameter("weight", [width], start: .ones)
    bias = weights.parameter("bias", [width], start: .zeros)
    self.epsilon = epsilon
  }

  /// Of x, or of dropout(x) + residual.
  package func callAsFunction(_ x: Tensor, residual: Tensor? = nil, dropout: DropoutMask? = nil) -> Tensor {
    layerNorm(x, residual: residual, dropout: dropout, weight: weight.tensor, bias: bias.tensor, epsilon: epsilon)
  }
}
