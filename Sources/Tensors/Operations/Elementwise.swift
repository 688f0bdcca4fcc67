import CKernels

private let elementChunk = 1 << 16

/// a + b, of equal shapes.
package func add(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(a.shape == b.shape, "only equal shapes add")
  let tape = Tape.of(a, b)
  let out = Tensor(a.shape, on: tape)
  parallel(a.count, chunk: elementChunk) { part in
    let start = part.lowerBound
    attune_add(a.pointer + start, b.pointer + start, out.pointer + start, part.count)
  }
  // The sum alone goes on: neither term is needed on the way back.
  tape?.record(out) { [left = a.node, right = b.node] gradient in
    left?.add(gradient)
    right?.add(gradient)
  }
  return out
}

/// a * b element by element, of equal shapes.
package func multiply(_ a: Tensor, _ b: Tensor) -> Tensor {
  precondition(a.shape == b.shape, "only equal shapes multiply")
  let tape = Tape.of(a, b)
  let out = Tensor(a.shape, on: tape)
  parallel(a.count, chunk: elementChunk) { part in
    let start = part.lowerBound
    attune_multiply(a.pointer + start, b.pointer + start, out.pointer + start, part.count)
  }
  tape?.record(out) { gradient in
    for (target, other) in [(a, b), (b, a)] {
      guard let sum = target.node?.zeroedSlot() else { continue }
      parallel(other.count, chunk: elementChunk) { part in
        let start = part.lowerBound
        attune_accumulate_product(sum + start, gradient.base + start, other.pointer + start, part.count)
      }
    }
  }
  return out
}

/// a * factor.
package func scale(_ a: Tensor, by factor: Float) -> Tensor {
  let tape = Tape.of(a)
  let out = Tensor(a.shape, on: tape)
  parallel(a.count, chunk: elementChunk) { part in
    attune_scale(a.pointer + part.lowerBound, factor, out.pointer + part.lowerBound, part.count)
  }
  tape?.record(out) { [node = a.node] gradient in
    guard let sum = node?.zeroedSlot() else { return }
    attune_accumulate_scaled(sum, gradient.base, factor, gradient.count)
  }
  return out
}

/// Values dropped by `mask`, the others scaled up (Srivastava et al. 2014). No mask: x itself.
package func dropout(_ x: Tensor, _ mask: DropoutMask?) -> Tensor {
  guard let mask else { return x }
  let tape = Tape.of(x)
  let out = Tensor(x.shape, on: tape)
  applyDropout(x.buffer, out.buffer, mask, rows: x.rows, width: x.width)
  let (rows, width) = (x.rows, x.width)
  tape?.record(out) { [node = x.node] gradient in
    guard let node else { return }
    let flow = Buffer(count: gradient.count)
    applyDropout(gradient, flow, mask, rows: rows, width: width)
    node.add(flow)
  }
  return out
}

func applyDropout(_ from: Buffer, _ to: Buffer, _ mask: DropoutMask, rows: Int, width: Int) {
  parallel(rows, chunk: max(1, elementChunk / max(1, width))) { part in
    let start = part.lowerBound * width
    attune_dropout_rows(
      from.base + start, to.base + start, mask.kernel, UInt32(truncatingIfNeeded: part.lowerBound), part.count, width)
  }
}
