import Tensors

/// x W^T + b.
package struct Linear {
  /// [out, in]
  package let weight: Parameter
  /// [out]
  package let bias: Parameter?

  package init(_ weights: Weights, in inner: Int, out: Int, hasBias: Bool = true) {
    weight = weights.parameter("weight", [out, inner])
    bias = hasBias ? weights.parameter("bias", [out], start: .zeros) : nil
  }

  /// As one operand of a joint product.
  package var affine: Affine { Affine(weight.tensor, bias?.tensor) }

  package func callAsFunction(_ x: Tensor, activation: Activation? = nil) -> Tensor {
    linear(x, [affine], activation: activation)  // [rows, out]
  }
}
