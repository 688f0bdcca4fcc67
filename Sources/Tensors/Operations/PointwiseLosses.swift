#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The mean over all values of -t log s(x) - (1 - t) log(1 - s(x)), s the logistic function: each class by itself.
/// - Parameters:
///   - logits: [sequences, classes]
///   - targets: as many, 0 to 1
/// - Returns: a scalar, shape [1]
package func binaryCrossEntropy(_ logits: Tensor, _ targets: [Float]) -> Tensor {
  pointwiseLoss(logits, targets) { x, target in
    // log(1 + exp(-|x|)) does not overflow.
    (max(x, 0) - x * target + log1pf(expf(-abs(x))), 1 / (1 + expf(-x)) - target)
  }
}

/// The mean of (x - t)^2 over all values.
/// - Returns: a scalar, shape [1]
package func meanSquaredError(_ x: Tensor, _ targets: [Float]) -> Tensor {
  pointwiseLoss(x, targets) { x, target in ((x - target) * (x - target), 2 * (x - target)) }
}

/// The mean of a loss of each value; `loss` gives it and its slope. A batch has few such values: plain loops do.
private func pointwiseLoss(
  _ x: Tensor, _ targets: [Float], _ loss: @escaping (Float, Float) -> (value: Float, slope: Float)
) -> Tensor {
  precondition(x.count == targets.count, "a loss needs one target for each value")
  let tape = Tape.of(x)
  let out = Tensor([1], on: tape)
  let divisor = Float(max(1, x.count))
  var sum = 0.0
  for index in targets.indices { sum += Double(loss(x.pointer[index], targets[index]).value) }
  out.pointer[0] = Float(sum) / divisor
  tape?.record(out) { gradient in
    guard let flow = x.node?.zeroedSlot() else { return }
    let factor = gradient.base[0] / divisor
    for index in targets.indices { flow[index] += factor * loss(x.pointer[index], targets[index]).slope }
  }
  return out
}
