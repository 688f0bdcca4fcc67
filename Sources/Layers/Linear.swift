import Tensors

/// x W^T + b.
package struct Linear {
  package let matrix: Matrix
  /// [out]
  package let bias: Parameter?

  /// - Parameter isTransposed: the checkpoint has the weight as [in, out]
  package init(_ weights: Weights, in inner: Int, out: Int, hasBias: Bool = true, isTransposed: Bool = false) {
    matrix = weights.matrix(in: inner, out: out, isTransposed: isTransposed)
    bias = hasBias ? weights.parameter("bias", [out], start: .zeros) : nil
  }

  /// As one operand of a joint product.
  package func affine(_ pass: Pass) -> Affine { matrix.affine(bias, pass) }

  package func callAsFunction(_ x: Tensor, _ pass: Pass, activation: Activation? = nil) -> Tensor {
    linear(x, [affine(pass)], activation: activation)  // [rows, out]
  }
}
