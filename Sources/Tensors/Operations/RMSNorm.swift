import CKernels

/// Normalisation of each row by its root mean square, without a mean or a bias (Zhang & Sennrich 2019).
/// - Parameter x: [tokens, width]
package func rmsNorm(_ x: Tensor, weight: Tensor, epsilon: Float) -> Tensor {
  let (rows, width) = (x.rows, x.width)
  precondition(weight.count == width, "a norm's weights must be as wide as its input")
  let tape = Tape.of(x, weight)
  let out = Tensor(x.shape, on: tape)
  let inverses = tape == nil ? nil : Buffer(count: max(1, rows))
  parallel(rows, chunk: rowChunk) { part in
    let start = part.lowerBound * width
    attune_rms_norm(
      x.pointer + start, weight.pointer, epsilon, out.pointer + start, inverses.map { $0.base + part.lowerBound },
      part.count, width)
  }
  guard let tape, let inverses else { return out }
  tape.record(out) { gradient in
    let flow = Buffer(count: x.count)
    let chunks = (rows + rowChunk - 1) / rowChunk
    let sums = Buffer(count: max(1, chunks * width))
    attune_fill(sums.base, 0, sums.count)
    parallel(rows, chunk: rowChunk) { part in
      let start = part.lowerBound * width
      attune_rms_norm_backward(
        x.pointer + start, gradient.base + start, weight.pointer, inverses.base + part.lowerBound, flow.base + start,
        sums.base + part.lowerBound / rowChunk * width, part.count, width)
    }
    if let sum = weight.node?.zeroedSlot() {
      for chunk in 0..<chunks { attune_accumulate(sum, sums.base + chunk * width, width) }
    }
    x.node?.add(flow)
  }
  return out
}

/// Rows that one thread normalises at a time; part of the order of summation.
private let rowChunk = 64
