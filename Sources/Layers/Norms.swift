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

/// Normalisation by the root mean square, with a learned weight.
package struct RMSNorm {
  package let weight: Parameter
  package let epsilon: Float

  package init(_ weights: Weights, width: Int, epsilon: Float) {
    weight = weights.parameter("weight", [width], start: .ones)
    self.epsilon = epsilon
  }

  package func callAsFunction(_ x: Tensor) -> Tensor { rmsNorm(x, weight: weight.tensor, epsilon: epsilon) }
}

/// The normalisation that a style asks for.
package enum Norm {
  case layer(LayerNorm)
  case rootMeanSquare(RMSNorm)

  package init(_ weights: Weights, width: Int, _ style: BlockStyle) {
    switch style.norm {
    case .layer: self = .layer(LayerNorm(weights, width: width, epsilon: style.epsilon))
    case .rootMeanSquare: self = .rootMeanSquare(RMSNorm(weights, width: width, epsilon: style.epsilon))
    }
  }

  /// Of x, or of dropout(x) + residual.
  package func callAsFunction(_ x: Tensor, residual: Tensor? = nil, dropout mask: DropoutMask? = nil) -> Tensor {
    switch self {
    case .layer(let norm): return norm(x, residual: residual, dropout: mask)
    case .rootMeanSquare(let norm):
      guard let residual else { return norm(x) }
      return norm(add(dropout(x, mask), residual))
    }
  }
}
