/// The mean cross entropy of what a linear map says of each row of x, for a training step.
///
/// Against a vocabulary of 50,000 words the outputs of one batch are larger than the model. So they are made some rows at a
/// time, and what the way back needs of them is computed while they are there; the result is that of `linear` and
/// `crossEntropy`, one after the other, which a map with a low-rank addition still goes through.
/// - Parameters:
///   - x: [rows, in]
///   - targets: the right output of each row
/// - Returns: a scalar, shape [1]
package func crossEntropy(_ x: Tensor, _ map: Affine, targets: [Int], smoothing: Float = 0) -> Tensor {
  precondition(targets.count == x.rows, "each row has one right output")
  guard map.lowRank == nil else {
    let outputs = linear(x, [map])  // [rows, classes]
    return crossEntropy(outputs, Prediction.rows(targets, classes: outputs.width), smoothing: smoothing)
  }
  let (rows, inner, classes) = (x.rows, x.width, map.weight.rows)
  let tape = Tape.of(x) ?? map.tape
  let out = Tensor([1], on: tape)
  let own = Tape()
  func here(_ tensor: Tensor) -> Tensor {
    Tensor(tensor.shape, tensor.buffer, node: tensor.node.map { _ in Node(own, count: tensor.count) })
  }
  let weight: MatrixOperand =
    switch map.weight {
    case .dense(let tensor): .dense(here(tensor))
    case .transposed(let tensor): .transposed(here(tensor))
    case .packed, .quantized: map.weight
    }
  let bias = map.bias.map(here)
  let flow = x.node.map { _ in Buffer(count: x.count) }
  let rowsAtOnce = CrossEntropyRows.atOnce(classes: classes)
  var sum = 0.0
  for start in stride(from: 0, to: rows, by: rowsAtOnce) {
    let count = min(rowsAtOnce, rows - start)
    let part = Tensor([count, inner], Buffer(count: count * inner), node: Node(own, count: count * inner))
    part.pointer.update(from: x.pointer + start * inner, count: count * inner)
    let outputs = linear(part, [Affine(weight, bias)])  // [count, classes]
    let loss = crossEntropy(
      outputs, Prediction.rows(Array(targets[start..<start + count]), classes: classes), smoothing: smoothing)
    sum += Double(loss.scalar) * Double(count)
    own.backward(from: scale(loss, by: Float(count) / Float(rows)))
    if let flow, let gradient = part.node?.take() {
      (flow.base + start * inner).update(from: gradient.base, count: count * inner)
    }
  }
  out.pointer[0] = Float(sum / Double(max(1, rows)))
  tape?.record(out) { gradient in
    let factor = gradient.base[0]
    func hand(_ part: Buffer?, to node: Node?) {
      guard let part, let node else { return }
      if factor != 1 {
        parallel(part.count, chunk: 1 << 16) { range in for place in range { part.base[place] *= factor } }
      }
      node.add(part)
    }
    if rows > 0 { hand(flow, to: x.node) }
    hand(weight.node?.take(), to: map.weight.node)
    hand(bias?.node?.take(), to: map.bias?.node)
  }
  return out
}

/// How a cross entropy over many classes is cut.
package enum CrossEntropyRows {
  /// Rows whose outputs are made at a time.
  package static func atOnce(classes: Int) -> Int { max(16, (1 << 22) / max(1, classes)) }
}
