import Training

/// What an evaluation found, task by task the parts that apply.
package struct TaskReport: Encodable, Sendable {
  package struct Mistake: Encodable, Sendable {
    package let text: String
    package let line: Int
    package let label: String
    package let predicted: String
    package let score: Double
  }

  package let loss: Float
  /// By their Hugging Face names.
  package let metrics: [String: Double]
  /// Each class by itself, and who was taken for whom.
  package var classes: ClassificationMetrics?
  /// The surest mistakes.
  package var mistakes: [Mistake] = []

  package init(loss: Float, metrics: [String: Double]) {
    self.loss = loss
    self.metrics = metrics
  }

  package var measurement: Measurement { Measurement(loss: loss, metrics: metrics) }
}
