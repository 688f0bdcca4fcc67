import CKernels

/// The non-linear functions that encoders and decoders use.
package enum Activation: Sendable, CaseIterable {
  /// x * Phi(x), exact by erf (Hendrycks & Gimpel 2016).
  case gelu
  /// The same by its tanh approximation (`gelu_new`, `gelu_pytorch_tanh`).
  case geluTanh
  case relu
  case tanh
  /// x * logistic(x), also called swish (Elfwing et al. 2018).
  case silu

  var kind: Int32 {
    switch self {
    case .gelu: 0
    case .geluTanh: 1
    case .relu: 2
    case .tanh: 3
    case .silu: 4
    }
  }

  package func callAsFunction(_ x: Tensor) -> Tensor {
    let tape = Tape.of(x)
    let out = Tensor(x.shape, on: tape)
    parallel(x.count, chunk: 1 << 15) { part in
      attune_activate(kind, x.pointer + part.lowerBound, out.pointer + part.lowerBound, part.count)
    }
    tape?.record(out) { gradient in x.node?.add(backward(x.buffer, gradient)) }
    return out
  }

  /// The gradient before the activation. `input` is what went into it.
  func backward(_ input: Buffer, _ gradient: Buffer) -> Buffer {
    let flow = Buffer(count: input.count)
    parallel(input.count, chunk: 1 << 15) { part in
      attune_activate_backward(
        kind, input.base + part.lowerBound, gradient.base + part.lowerBound, flow.base + part.lowerBound, part.count)
    }
    return flow
  }
}
