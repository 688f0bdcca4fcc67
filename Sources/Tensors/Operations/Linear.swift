import CKernels

/// The weights of one linear map: `weight` [out, in] and, if it has them, `bias` [out] and a low-rank addition.
package struct Affine {
  package let weight: Tensor
  package let bias: Tensor?
  package let lowRank: LowRank?
  /// The weight is [in, out], as GPT-2 keeps it.
  package let isTransposed: Bool

  package init(_ weight: Tensor, _ bias: Tensor?, lowRank: LowRank? = nil, isTransposed: Bool = false) {
    self.weight = weight
    self.bias = bias
    self.lowRank = lowRank
    self.isTransposed = isTransposed
  }

  /// The same map with that bias.
  package func adding(_ bias: Tensor) -> Affine {
    Affine(weight, bias, lowRank: lowRank, isTransposed: isTransposed)
  }

  var out: Int { weight.shape[isTransposed ? 1 : 0] }
  var inner: Int { weight.shape[isTransposed ? 0 : 1] }

  var tape: Tape? { Tape.of(weight, bias, lowRank?.down, lowRank?.up) }
}

/// x W^T + b for every row of x, then the activation; several maps write side by side into one result.
/// - Parameter x: [tokens, in]
/// - Returns: [tokens, sum of the maps' out]
package func linear(_ x: Tensor, _ maps: [Affine], activation: Activation? = nil) -> Tensor {
  let (tokens, inner) = (x.rows, x.width)
  let outs = maps.map(\.out)
  let total = outs.reduce(0, +)
  precondition(maps.allSatisfy { $0.inner == inner }, "a weight's width must be the input's")
  let tape = Tape.of(x) ?? maps.lazy.compactMap(\.tape).first
  let reduced = maps.map { $0.lowRank?.reduce(x) }  // [tokens, rank] each
  let out = Tensor([tokens, total], on: tape)
  let before = activation != nil && tape != nil ? Buffer(count: out.count) : out.buffer

  let starts = outs.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  let cuts = maps.map { $0.cut(tokens) }
  parallelParts(cuts) { index, rows, columns in
    let map = maps[index]
    let part = before.base + rows.lowerBound * total + starts[index] + columns.lowerBound
    Products.multiply(
      x.pointer + rows.lowerBound * inner, .plain, inner,
      map.weight.pointer + columns.lowerBound * (map.isTransposed ? 1 : inner),
      map.isTransposed ? .plain : .transposed, map.isTransposed ? map.out : inner, part, total, rows.count,
      columns.count, inner, bias: map.bias.map { UnsafePointer($0.pointer + columns.lowerBound) })
    if let lowRank = map.lowRank, let reduced = reduced[index] {
      lowRank.expand(reduced, part, total, rows, columns)
    }
    if let activation {
      let target = out.pointer + rows.lowerBound * total + starts[index] + columns.lowerBound
      for row in 0..<rows.count {
        attune_activate(activation.kind, part + row * total, target + row * total, columns.count)
      }
    }
  }

  tape?.record(out) { gradient in
    let flow = activation.map { $0.backward(before, gradient) } ?? gradient
    for (index, map) in maps.enumerated() {
      let (part, width) = (flow.base + starts[index], outs[index])
      flowBack(x, map, part, total, tokens, width)
      if let lowRank = map.lowRank, let reduced = reduced[index] {
        lowRank.flowBack(x, reduced, part, total, width)
      }
    }
  }
  return out
}

package func linear(_ x: Tensor, _ weight: Tensor, _ bias: Tensor?, activation: Activation? = nil) -> Tensor {
  linear(x, [Affine(weight, bias)], activation: activation)
}

extension Affine {
  /// How the product with so many rows is shared out.
  fileprivate func cut(_ tokens: Int) -> Cut {
    let isFew = tokens <= (isTransposed ? 1 : 4)
    return isFew ? Cut(fewRows: tokens, out, inner, isTransposed: isTransposed) : Cut(tokens, out, inner)
  }
}

/// The parts of several products as one job, so that the threads meet once.
private func parallelParts(_ cuts: [Cut], _ work: (_ product: Int, _ rows: Range<Int>, _ columns: Range<Int>) -> Void) {
  parallel(cuts.reduce(0) { $0 + $1.count }, chunk: 1) { job in
    var part = job.lowerBound
    for (product, cut) in cuts.enumerated() {
      if part < cut.count {
        let (rows, columns) = cut[part]
        return work(product, rows, columns)
      }
      part -= cut.count
    }
  }
}

/// Gradients of one map: into x, the weight and the bias, from `flow` [tokens, width] with `stride` floats a row.
private func flowBack(
  _ x: Tensor, _ map: Affine, _ flow: UnsafeMutablePointer<Float>, _ stride: Int, _ tokens: Int, _ width: Int
) {
  let inner = x.width
  if let node = x.node {
    let (sum, beta) = node.slot()
    Cut(tokens, inner, width).forEach { rows, columns in
      Products.multiply(
        flow + rows.lowerBound * stride, .plain, stride,
        map.weight.pointer + columns.lowerBound * (map.isTransposed ? width : 1),
        map.isTransposed ? .transposed : .plain, map.isTransposed ? width : inner,
        sum + rows.lowerBound * inner + columns.lowerBound, inner, rows.count, columns.count, width, beta: beta)
    }
  }
  if let node = map.weight.node, map.isTransposed {
    let (sum, beta) = node.slot()
    Cut(inner, width, tokens).forEach { rows, columns in
      Products.multiply(
        x.pointer + rows.lowerBound, .transposed, inner, flow + columns.lowerBound, .plain, stride,
        sum + rows.lowerBound * width + columns.lowerBound, width, rows.count, columns.count, tokens, beta: beta)
    }
  } else if let node = map.weight.node {
    let (sum, beta) = node.slot()
    Cut(width, inner, tokens).forEach { rows, columns in
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
