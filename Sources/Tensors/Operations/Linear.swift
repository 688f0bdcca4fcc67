import CKernels

/// The weights of one linear map: `weight` [out, in] and, if it has them, `bias` [out] and a low-rank addition.
package struct Affine {
  package let weight: Tensor
  package let bias: Tensor?
  package let lowRank: LowRank?

  package init(_ weight: Tensor, _ bias: Tensor?, lowRank: LowRank? = nil) {
    self.weight = weight
    self.bias = bias
    self.lowRank = lowRank
  }

  var tape: Tape? { Tape.of(weight, bias, lowRank?.down, lowRank?.up) }
}

/// x W^T + b for every row of x, then the activation; several maps write side by side into one result.
/// - Parameter x: [tokens, in]
/// - Returns: [tokens, sum of the maps' out]
package func linear(_ x: Tensor, _ maps: [Affine], activation: Activation? = nil) -> Tensor {
  let (tokens, inner) = (x.rows, x.width)
  let outs = maps.map { $0.weight.shape[0] }
  let total = outs.reduce(0, +)
  precondition(maps.allSatisfy { $0.weight.shape[1] == inner }, "a weight's width must be the input's")
  let tape = Tape.of(x) ?? maps.lazy.compactMap(\.tape).first
  let reduced = maps.map { $0.lowRank?.reduce(x) }  // [tokens, rank] each
  let out = Tensor([tokens, total], on: tape)
  let before = activation != nil && tape != nil ? Buffer(count: out.count) : out.buffer

  var start = 0
  for (index, (map, width)) in zip(maps, outs).enumerated() {
    let base = before.base + start
    let finished = out.pointer + start
    Cut(tokens, width, inner).forEach(tokens, width) { rows, columns in
      let part = base + rows.lowerBound * total + columns.lowerBound
      Products.multiply(
        x.pointer + rows.lowerBound * inner, .plain, inner, map.weight.pointer + columns.lowerBound * inner,
        .transposed, inner, part, total, rows.count, columns.count, inner)
      if let lowRank = map.lowRank, let reduced = reduced[index] {
        lowRank.expand(reduced, part, total, rows, columns)
      }
      if let bias = map.bias {
        attune_add_bias(part, total, bias.pointer + columns.lowerBound, rows.count, columns.count)
      }
      if let activation {
        let target = finished + rows.lowerBound * total + columns.lowerBound
        for row in 0..<rows.count {
          attune_activate(activation.kind, part + row * total, target + row * total, columns.count)
        }
      }
    }
    start += width
  }

  tape?.record(out) { gradient in
    let flow = activation.map { $0.backward(before, gradient) } ?? gradient
    var start = 0
    for (index, (map, width)) in zip(maps, outs).enumerated() {
      flowBack(x, map, flow.base + start, total, tokens, width)
      if let lowRank = map.lowRank, let reduced = reduced[index] {
        lowRank.flowBack(x, reduced, flow.base + start, total, width)
      }
      start += width
    }
  }
  return out
}

package func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?, activation: Activation? = nil) -> Tensor {
  linear(x, [Affine(weight, bias)], activation: activation)
}

/// Gradients of one map: into x, the weight and the bias, from `flow` [tokens, width] with `stride` floats a row.
private func flowBack(
  _ x: Tensor, _ map: Affine, _ flow: UnsafeMutablePointer<Float>, _ stride: Int, _ tokens: Int, _ width: Int
) {
  let inner = x.width
  if let node = x.node {
    let (sum, beta) = node.slot()
    Cut(tokens, inner, width).forEach(tokens, inner) { rows, columns in
      Products.multiply(
        flow + rows.lowerBound * stride, .plain, stride, map.weight.pointer + columns.lowerBound, .plain, inner,
        sum + rows.lowerBound * inner + columns.lowerBound, inner, rows.count, columns.count, width, beta: beta)
    }
  }
  if let node = map.weight.node {
    let (sum, beta) = node.slot()
    Cut(width, inner, tokens).forEach(width, inner) { rows, columns in
      Products.multiply(
        flow + rows.lowerBound, .transposed, stride, x.pointer + columns.lowerBound, .plain, inner,
        sum + rows.lowerBound * inner + columns.lowerBound, inner, rows.count, columns.count, tokens, beta: beta)
    }
  }
  if let node = map.bias?.node {
    let sum = node.zeroedSlot()
    parallel(width, chunk: 256) { columns in
      attune_sum_columns(sum + columns.lowerBound, flow + columns.lowerBound, stride, tokens, columns.count)
    }
  }
}
