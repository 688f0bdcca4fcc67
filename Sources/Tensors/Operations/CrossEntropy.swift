import CKernels

/// One prediction inside a tensor of logits: `count` candidates, `stride` floats apart, of which `target` is right.
///
/// A row of class scores has stride 1; the start of an answer is a column over the tokens of its sequence.
package struct Prediction: Sendable, Equatable {
  package let start: Int
  package let stride: Int
  package let count: Int
  package let target: Int

  package init(start: Int, stride: Int, count: Int, target: Int) {
    self.start = start
    self.stride = stride
    self.count = count
    self.target = target
  }

  /// One prediction for each row of [rows, classes] whose label is not `ignored`.
  package static func rows(_ labels: [Int], classes: Int, ignored: Int = -100) -> [Prediction] {
    labels.enumerated().compactMap { row, label in
      label == ignored ? nil : Prediction(start: row * classes, stride: 1, count: classes, target: label)
    }
  }
}

/// The mean of -log softmax at the targets; 0 where there is nothing to predict.
/// - Parameter smoothing: the share of the target that is spread over all candidates (Szegedy et al. 2016)
/// - Returns: a scalar, shape [1]
package func crossEntropy(_ logits: Tensor, _ predictions: [Prediction], smoothing: Float = 0) -> Tensor {
  precondition(
    predictions.allSatisfy {
      $0.target >= 0 && $0.target < $0.count && $0.start >= 0 && $0.start + ($0.count - 1) * $0.stride < logits.count
    }, "a prediction must lie inside the logits")
  let tape = Tape.of(logits)
  let out = Tensor([1], on: tape)
  // Probabilities of all predictions one after the other, kept for the way back.
  var starts = [0]
  for prediction in predictions { starts.append(starts[starts.count - 1] + prediction.count) }
  let probabilities = Buffer(count: max(1, starts[predictions.count]))
  let losses = Buffer(count: max(1, predictions.count))
  parallel(predictions.count, chunk: 8) { part in
    for index in part {
      let prediction = predictions[index]
      let row = probabilities.base + starts[index]
      for candidate in 0..<prediction.count {
        row[candidate] = logits.pointer[prediction.start + candidate * prediction.stride]
      }
      var target = row[prediction.target]
      if smoothing > 0 {
        var sum: Float = 0
        for candidate in 0..<prediction.count { sum += row[candidate] }
        target += smoothing * (sum / Float(prediction.count) - target)
      }
      losses.base[index] = attune_softmax(row, 1, prediction.count) - target
    }
  }
  let divisor = Float(max(1, predictions.count))
  out.pointer[0] = meanLoss(losses, predictions.count)
  tape?.record(out) { gradient in
    guard let flow = logits.node?.zeroedSlot() else { return }
    let factor = gradient.base[0] / divisor
    // Rows that do not overlap can be written at the same time.
    let areApart = zip(predictions, predictions.dropFirst()).allSatisfy {
      $0.stride == 1 && $0.start + $0.count <= $1.start
    }
    let chunk = areApart && predictions.last?.stride == 1 ? 8 : max(1, predictions.count)
    parallel(predictions.count, chunk: chunk) { part in
      for index in part {
        let prediction = predictions[index]
        let row = probabilities.base + starts[index]
        let spread = smoothing / Float(prediction.count)
        for candidate in 0..<prediction.count {
          let wanted = spread + (candidate == prediction.target ? 1 - smoothing : 0)
          flow[prediction.start + candidate * prediction.stride] += factor * (row[candidate] - wanted)
        }
      }
    }
  }
  return out
}

/// The mean of so many losses, added up in double precision; 0 of none.
func meanLoss(_ losses: Buffer, _ count: Int) -> Float {
  var sum = 0.0
  for index in 0..<count { sum += Double(losses.base[index]) }
  return Float(sum) / Float(max(1, count))
}
