#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The learning rate over a run: up from 0 for the warm-up steps, then down as its shape says.
package struct Schedule: Sendable, Equatable {
  /// The shapes by their Hugging Face names (`lr_scheduler_type`).
  package enum Shape: String, Sendable, Codable, CaseIterable {
    /// A straight line to 0.
    case linear
    /// Half a cosine to 0.
    case cosine
    /// No way down.
    case constant
    /// A straight line to a ten-millionth, which is what a power of 1 gives and Hugging Face's default is.
    case polynomial
  }

  package let peak: Float
  package let warmupSteps: Int
  package let totalSteps: Int
  package let shape: Shape

  package init(peak: Float, warmupSteps: Int, totalSteps: Int, shape: Shape = .linear) {
    self.peak = peak
    self.warmupSteps = warmupSteps
    self.totalSteps = totalSteps
    self.shape = shape
  }

  /// - Parameter step: from 0
  package func learningRate(at step: Int) -> Float {
    if step < warmupSteps { return peak * Float(step) / Float(max(1, warmupSteps)) }
    let left = max(0, Float(totalSteps - step) / Float(max(1, totalSteps - warmupSteps)))
    switch shape {
    case .linear: return peak * left
    case .cosine: return peak * 0.5 * (1 + cosf(.pi * (1 - left)))
    case .constant: return peak
    case .polynomial:
      let end: Float = 1e-7
      return step > totalSteps ? end : (peak - end) * left + end
    }
  }
}
