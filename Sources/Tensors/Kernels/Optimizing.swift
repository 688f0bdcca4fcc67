import CKernels

/// The loops that an optimizer runs over parameters.
package enum Optimizing {
  /// One step of AdamW for every value of a run.
  package struct AdamWStep: Sendable {
    package var learningRate, beta1, beta2, epsilon: Float
    package var weightDecay: Float
    /// 1 - beta1^t
    package var correction1: Float
    /// sqrt(1 - beta2^t)
    package var correction2: Float
    /// The factor that clipping puts on the gradient.
    package var clip: Float

    package init(
      learningRate: Float, beta1: Float, beta2: Float, epsilon: Float, weightDecay: Float, correction1: Float,
      correction2: Float, clip: Float
    ) {
      self.learningRate = learningRate
      self.beta1 = beta1
      self.beta2 = beta2
      self.epsilon = epsilon
      self.weightDecay = weightDecay
      self.correction1 = correction1
      self.correction2 = correction2
      self.clip = clip
    }
  }

  /// Values and moments after one step. No gradient: it is zero.
  package static func adamW(
    _ values: UnsafeMutablePointer<Float>, _ gradient: UnsafePointer<Float>?, _ first: UnsafeMutablePointer<Float>,
    _ second: UnsafeMutablePointer<Float>, _ step: AdamWStep, _ count: Int
  ) {
    let kernel = attune_adamw_step(
      learning_rate: step.learningRate, beta1: step.beta1, beta2: step.beta2, epsilon: step.epsilon,
      decay: step.weightDecay, correction1: step.correction1, correction2: step.correction2, clip: step.clip)
    attune_adamw(values, gradient, first, second, kernel, count)
  }

  package static func scale(_ values: UnsafeMutablePointer<Float>, by factor: Float, _ count: Int) {
    attune_scale(values, factor, values, count)
  }

  /// The sum of squares of each run, in a fixed order within and between them.
  package static func sumOfSquares(_ runs: [UnsafeMutableBufferPointer<Float>]) -> Double {
    let chunk = 1 << 16
    let pieces = runs.flatMap { run in
      stride(from: 0, to: run.count, by: chunk).map {
        UnsafeMutableBufferPointer(rebasing: run[$0..<min(run.count, $0 + chunk)])
      }
    }
    let sums = Buffer(count: max(1, pieces.count))
    parallel(pieces.count, chunk: 4) { part in
      for index in part {
        sums.base[index] = pieces[index].baseAddress.map { attune_sum_of_squares($0, pieces[index].count) } ?? 0
      }
    }
    return pieces.indices.reduce(0.0) { $0 + Double(sums.base[$1]) }
  }
}
