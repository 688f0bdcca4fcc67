import CKernels

/// The weights of one linear map: `weight` and, if it has them, `bias` [out] and a low-rank addition.
package struct Affine {
  package let weight: MatrixOperand
  package let bias: Tensor?
  package let lowRank: LowRank?

  package init(_ weight: MatrixOperand, _ bias: Tensor?, lowRank: LowRank? = nil) {
    self.weight = weight
    self.bias = bias
    self.lowRank = lowRank
  }

  /// - Parameter weight: [out, in], or [in, out] where it is transposed
  package init(_ weight: Tensor, _ bias: Tensor?, lowRank: LowRank? = nil, isTransposed: Bool = false) {
    self.init(isTransposed ? .transposed(weight) : .dense(weight), bias, lowRank: lowRank)
  }

  /// The same map with that bias.
  package func adding(_ bias: Tensor) -> Affine { Affine(weight, bias, lowRank: lowRank) }

  var tape: Tape? { weight.tape ?? Tape.of(bias, lowRank?.down, lowRank?.up) }
}

/// x W^T + b for every row of x, then the activation; several maps write side by side into one result.
/// - Parameter x: [tokens, in]
/// - Returns: [tokens, sum of the maps' out]
package func linear(_ x: Tensor, _ maps: [Affine], activation: Activation? = nil) -> Tensor {
  let (tokens, inner) = (x.rows, x.width)
  let outs = maps.map(\.weight.rows)
  let total = outs.reduce(0, +)
  precondition(maps.allSatisfy { $0.weight.width == inner }, "a weight's width must be the input's")
  let tape = Tape.of(x) ?? maps.lazy.compactMap(\.tape).first
  let reduced = maps.map { $0.lowRank?.reduce(x) }  // [tokens, rank] each
  let out = Tensor([tokens, total], on: tape)
  let before = activation != nil && tape != nil ? Buffer(count: out.count) : out.buffer
  let factor = Factor(x, maps.map(\.weight), isExact: tape != nil)

  func compute(_ map: Affine, _ reduced: Buffer?, from start: Int, _ rows: Range<Int>, _ columns: Range<Int>) {
    let place = rows.lowerBound * total + start + columns.lowerBound
    let part = before.base + place
    factor.multiply(map.weight, map.bias, part, total, rows, columns)
    if let lowRank = map.lowRank, let reduced { lowRank.expand(reduced, part, total, rows, columns) }
    if let activation {
      for row in 0..<rows.count {
        attune_activate(activation.kind, part + row * total, out.pointer + place + row * total, columns.count)
      }
    }
  }
  // All parts of all maps at once: threads are woken one time.
  var parts: [(map: Int, start: Int, rows: Range<Int>, columns: Range<Int>)] = []
  var start = 0
  for (index, width) in outs.enumerated() {
    for part in factor.cut(maps[index].weight).parts(tokens, width) {
      parts.append((index, start, part.rows, part.columns))
    }
    start += width
  }
  parallel(parts.count, chunk: parts.count > maps.count ? 1 : max(1, parts.count)) { range in
    for part in parts[range] {
      compute(maps[part.map], reduced[part.map], from: part.start, part.rows, part.columns)
    }
  }

  // The output itself is not needed on the way back, only what an activation was given.
  let activated = activation.map { (function: $0, input: before) }
  tape?.record(out) { gradient in
    let flow = activated.map { $0.function.backward($0.input, gradient) } ?? gradient
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

package func linear(_ x: Tensor, _ weight: MatrixOperand, _ bias: Tensor?, activation: Activation? = nil) -> Tensor {
  linear(x, [Affine(weight, bias)], activation: activation)
}

/// Gradients of one map: into x, the weight and the bias, from `flow` [tokens, width] with `stride` floats a row.
private func flowBack(
  _ x: Tensor, _ map: Affine, _ flow: UnsafeMutablePointer<Float>, _ stride: Int, _ tokens: Int, _ width: Int
) {
  let inner = x.width
  if let node = x.node {
    let (sum, beta) = node.slot()
    func flowBack(through weight: UnsafePointer<Float>, _ form: Products.Form, _ apart: Int, columnsApart: Int) {
      Cut(tokens, inner, width).forEach(tokens, inner) { rows, columns in
        Products.multiply(
          flow + rows.lowerBound * stride, .plain, stride, weight + columns.lowerBound * columnsApart, form, apart,
          sum + rows.lowerBound * inner + columns.lowerBound, inner, rows.count, columns.count, width, beta: beta)
      }
    }
    switch map.weight {
    case .dense(let weight): flowBack(through: weight.pointer, .plain, inner, columnsApart: 1)
    case .packed(let matrix): flowBack(through: matrix.tensor.pointer, .plain, inner, columnsApart: 1)
    case .transposed(let weight): flowBack(through: weight.pointer, .transposed, width, columnsApart: width)
    case .quantized(let weight): weight.flowBack(flow, stride, tokens, into: sum, beta: beta)
    }
  }
  if case .transposed(let weight) = map.weight, let node = weight.node {
    let (sum, beta) = node.slot()
    Cut(inner, width, tokens).forEach(inner, width) { rows, columns in
      Products.multiply(
        x.pointer + rows.lowerBound, .transposed, inner, flow + columns.lowerBound, .plain, stride,
        sum + rows.lowerBound * width + columns.lowerBound, width, rows.count, columns.count, tokens, beta: beta)
    }
  } else if let node = map.weight.node {
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
