/// The learning rate over a run: up from 0 for the warm-up steps, then down to 0 in a straight line.
package struct Schedule: Sendable, Equatable {
  package let peak: Float
  package let warmupSteps: Int
  package let totalSteps: Int

  package init(peak: Float, warmupSteps: Int, totalSteps: Int) {
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
  }

  /// - Parameter step: from 0
  package func learningRate(at step: Int) -> Float {
    if step < warmupSteps { return peak * Float(step) / Float(max(1, warmupSteps)) }
    return peak * max(0, Float(totalSteps - step) / Float(max(1, totalSteps - warmupSteps)))
  }
}
