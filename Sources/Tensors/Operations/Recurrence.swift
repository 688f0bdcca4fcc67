import CKernels

/// Cells that forget by a gate: c = f * before + (1 - f) * z with f = logistic(g), token after token of each sequence (the
/// SSRU of Kim et al. 2019).
/// - Parameters:
///   - x: [tokens, 2 width]: g, then z
///   - boundaries: where the sequences start, and the end of the last
///   - starts: [sequences, width], the cells before the first token; nil for zeros. No gradient flows into them.
/// - Returns: [tokens, width]
package func recurrence(_ x: Tensor, boundaries: [Int], starts: Tensor? = nil) -> Tensor {
  let (tokens, width) = (x.rows, x.width / 2)
  precondition(x.width == 2 * width && boundaries.last == tokens, "gates and inputs are equally wide")
  let tape = Tape.of(x)
  let out = Tensor([tokens, width], on: tape)
  let zeros = Buffer(count: width)
  attune_fill(zeros.base, 0, width)
  /// The cells that a token starts from.
  func before(_ token: Int, _ sequence: Int) -> UnsafePointer<Float> {
    if token > boundaries[sequence] { return UnsafePointer(out.pointer + (token - 1) * width) }
    return UnsafePointer(starts.map { $0.pointer + sequence * width } ?? zeros.base)
  }
  for sequence in 0..<boundaries.count - 1 {
    for token in boundaries[sequence]..<boundaries[sequence + 1] {
      attune_recur(x.pointer + token * 2 * width, before(token, sequence), out.pointer + token * width, width)
    }
  }
  tape?.record(out) { gradient in
    guard let node = x.node else { return }
    let flow = Buffer(count: x.count)
    let carried = Buffer(count: width)
    for sequence in 0..<boundaries.count - 1 {
      attune_fill(carried.base, 0, width)
      for token in (boundaries[sequence]..<boundaries[sequence + 1]).reversed() {
        attune_recur_backward(
          x.pointer + token * 2 * width, before(token, sequence), gradient.base + token * width, carried.base,
          flow.base + token * 2 * width, width)
      }
    }
    node.add(flow)
  }
  return out
}
