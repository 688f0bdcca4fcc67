import CKernels

/// Several classes that are right together, each with its share.
package struct Mixture: Sendable, Equatable {
  package let classes: [Int]
  /// As many as classes; they add up to 1.
  package let shares: [Float]

  package init(classes: [Int], shares: [Float]) {
    self.classes = classes
    self.shares = shares
  }
}

/// The mean over some rows of the cross entropy between a row's mixture and its softmax; 0 where there are none.
/// - Parameters:
///   - logits: [rows, classes]
///   - rows: each once, as many as mixtures
/// - Returns: a scalar, shape [1]
package func crossEntropy(_ logits: Tensor, rows: [Int], _ mixtures: [Mixture]) -> Tensor {
  let width = logits.width
  precondition(
    rows.count == mixtures.count && Set(rows).count == rows.count && rows.allSatisfy { (0..<logits.rows).contains($0) }
      && mixtures.allSatisfy { $0.classes.count == $0.shares.count && $0.classes.allSatisfy((0..<width).contains) },
    "a mixture must lie inside its row")
  let tape = Tape.of(logits)
  let out = Tensor([1], on: tape)
  // Probabilities of all rows one after the other, kept for the way back.
  let probabilities = Buffer(count: max(1, rows.count * width))
  let losses = Buffer(count: max(1, rows.count))
  parallel(rows.count, chunk: 4) { part in
    for index in part {
      let (row, mixture) = (probabilities.base + index * width, mixtures[index])
      row.update(from: logits.pointer + rows[index] * width, count: width)
      var wanted: Float = 0
      for (place, share) in zip(mixture.classes, mixture.shares) { wanted += share * row[place] }
      losses.base[index] = attune_softmax(row, 1, width) - wanted
    }
  }
  out.pointer[0] = meanLoss(losses, rows.count)
  tape?.record(out) { gradient in
    guard let flow = logits.node?.zeroedSlot() else { return }
    let factor = gradient.base[0] / Float(max(1, rows.count))
    parallel(rows.count, chunk: 4) { part in
      for index in part {
        let (slot, row) = (flow + rows[index] * width, probabilities.base + index * width)
        for place in 0..<width { slot[place] += factor * row[place] }
        for (place, share) in zip(mixtures[index].classes, mixtures[index].shares) { slot[place] -= factor * share }
      }
    }
  }
  return out
}
