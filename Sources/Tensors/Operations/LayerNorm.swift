import CKernels

/// Layer normalisation over the last dimension (Ba et al. 2016) of `x`, or of `dropout(x) + residual` in the same sweep.
/// - Parameters:
///   - x: [tokens, width]
///   - residual: [tokens, width], added before the normalisation
///   - mask: dropout of x before it is added; needs a residual
package func layerNorm(
  _ x: Tensor, residual: Tensor? = nil, dropout mask: DropoutMask? = nil, weight: Tensor, bias: Tensor, epsilon: Float
) -> Tensor {
  let (rows, width) = (x.rows, x.width)
  precondition(weight.count == width && bias.count == width, "a norm's weights must be as wide as its input")
  precondition(mask == nil || residual != nil, "dropout is part of the residual sum")
  let tape = Tape.of(x, residual, weight, bias)
  let out = Tensor(x.shape, on: tape)
  // Without a residual the input itself is what the way back needs.
  let total = tape == nil ? nil : residual == nil ? x.buffer : Buffer(count: x.count)
  let statistics = tape == nil ? nil : Buffer(count: 2 * rows)
  parallel(rows, chunk: rowChunk) { part in
    let start = part.lowerBound * width
    attune_layer_norm(
      x.pointer + start, residual.map { UnsafePointer($0.pointer + start) }, mask?.kernel ?? DropoutMask.noneKernel,
      UInt32(truncatingIfNeeded: part.lowerBound), weight.pointer, bias.pointer, epsilon,
      residual == nil ? nil : total.map { $0.base + start }, out.pointer + start,
      statistics.map { $0.base + part.lowerBound }, statistics.map { $0.base + rows + part.lowerBound }, part.count,
      width)
  }
  guard let tape, let total, let statistics else { return out }
  // Of x and the residual the way back needs no more than their sum.
  tape.record(out) { [count = x.count, node = x.node, other = residual?.node] gradient in
    let flow = Buffer(count: count)
    let chunks = (rows + rowChunk - 1) / rowChunk
    let sums = Buffer(count: chunks * 2 * width)
    attune_fill(sums.base, 0, sums.count)
    parallel(rows, chunk: rowChunk) { part in
      let start = part.lowerBound * width
      let sum = sums.base + part.lowerBound / rowChunk * 2 * width
      attune_layer_norm_backward(
        total.base + start, gradient.base + start, weight.pointer, statistics.base + part.lowerBound,
        statistics.base + rows + part.lowerBound, flow.base + start, sum, sum + width, part.count, width)
    }
    for (target, offset) in [(weight, 0), (bias, width)] {
      guard let sum = target.node?.zeroedSlot() else { continue }
      for chunk in 0..<chunks { attune_accumulate(sum, sums.base + chunk * 2 * width + offset, width) }
    }
    other?.add(flow)
    guard let node else { return }
    guard let mask else { return node.add(flow) }
    let dropped = Buffer(count: count)
    applyDropout(flow, dropped, mask, rows: rows, width: width)
    node.add(dropped)
  }
  return out
}

/// Rows that one thread normalises at a time; part of the order of summation.
private let rowChunk = 64
