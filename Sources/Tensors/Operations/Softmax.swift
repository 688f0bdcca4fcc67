import CKernels

/// Softmax over the last dimension.
package func softmax(_ x: Tensor) -> Tensor {
  let width = x.width
  let tape = Tape.of(x)
  let out = Tensor(x.shape, on: tape)
  parallel(x.rows, chunk: max(1, (1 << 14) / max(1, width))) { part in
    for row in part {
      let target = out.pointer + row * width
      target.update(from: x.pointer + row * width, count: width)
      _ = attune_softmax(target, 1, width)
    }
  }
  tape?.record(out) { gradient in
    guard let node = x.node else { return }
    let flow = Buffer(count: x.count)
    parallel(x.rows, chunk: max(1, (1 << 14) / max(1, width))) { part in
      for row in part {
        let start = row * width
        attune_softmax_backward(out.pointer + start, gradient.base + start, 1, flow.base + start, width)
      }
    }
    node.add(flow)
  }
  return out
}
