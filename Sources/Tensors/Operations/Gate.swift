import CKernels

/// activation(left half) * right half of every row: the middle of a gated feed-forward (Shazeer 2020).
/// - Parameter x: [tokens, 2 width]
/// - Returns: [tokens, width]
package func gate(_ x: Tensor, _ activation: Activation) -> Tensor {
  let (rows, width) = (x.rows, x.width / 2)
  precondition(x.width == 2 * width, "a gate and what it lets through are equally wide")
  let tape = Tape.of(x)
  let out = Tensor([rows, width], on: tape)
  let chunk = max(1, (1 << 14) / max(1, width))
  parallel(rows, chunk: chunk) { part in
    for row in part {
      let (start, target) = (x.pointer + row * 2 * width, out.pointer + row * width)
      attune_activate(activation.kind, start, target, width)
      attune_multiply_into(target, start + width, width)
    }
  }
  tape?.record(out) { gradient in
    guard let node = x.node else { return }
    let flow = Buffer(count: x.count)
    parallel(rows, chunk: chunk) { part in
      for row in part {
        let (start, target) = (x.pointer + row * 2 * width, flow.base + row * 2 * width)
        let incoming = gradient.base + row * width
        attune_multiply(incoming, start + width, target, width)
        attune_activate_backward(activation.kind, start, target, target, width)
        attune_activate(activation.kind, start, target + width, width)
        attune_multiply_into(target + width, incoming, width)
      }
    }
    node.add(flow)
  }
  return out
}
