import Foundation
import Training

/// What an evaluation found: the parts that apply to its task. A run keeps the one of its best model.
package struct TaskReport: Codable, Sendable {
  package static let fileName = "report.json"

  package struct ClassRow: Codable, Sendable {
    let label: String
    let precision: Double
    let recall: Double
    let f1: Double
    let support: Int

    init(_ label: ClassificationMetrics.Label) {
      self.label = label.label
      precision = label.scores.precision
      recall = label.scores.recall
      f1 = label.scores.f1
      support = label.support
    }
  }

  package struct Confusion: Codable, Sendable {
    let labels: [String]
    /// By expected label, then by predicted one.
    let counts: [[Int]]
  }

  package struct Mistake: Codable, Sendable {
    package let text: String
    package let line: Int
    package let label: String
    package let predicted: String
    package let score: Double
  }

  /// A row that a model wrote for.
  package struct Sample: Codable, Sendable {
    let line: Int
    let source: String
    let target: String
    let written: String

    enum CodingKeys: String, CodingKey { case line, source, target, written = "generated_text" }
  }

  package let loss: Float
  /// By their Hugging Face names.
  package let metrics: [String: Double]
  /// Each class or type by itself.
  package var classes: [ClassRow] = []
  package var confusion: Confusion?
  package var calibration: Calibration?
  /// The surest mistakes.
  package var mistakes: [Mistake] = []

  /// The first rows, with what was written for them.
  package var samples: [Sample]?

  package init(loss: Float, metrics: [String: Double]) {
    self.loss = loss
    self.metrics = metrics
  }

  package var measurement: Measured { Measured(loss: loss, metrics: metrics) }
}

extension TaskReport {
  init(loss: Float, _ metrics: ClassificationMetrics) {
    self.init(
      loss: loss,
      metrics: [
        "accuracy": metrics.accuracy, "f1": metrics.f1, "precision": metrics.precision, "recall": metrics.recall,
        "f1_macro": metrics.macro.f1, "f1_micro": metrics.micro.f1, "f1_weighted": metrics.weighted.f1,
        "matthews_correlation": metrics.matthews,
      ])
  }

  init(loss: Float, _ metrics: MultiLabelMetrics) {
    self.init(
      loss: loss,
      metrics: [
        "accuracy": metrics.accuracy, "f1_micro": metrics.micro.f1, "f1_macro": metrics.macro.f1,
        "f1_samples": metrics.samples.f1, "precision_micro": metrics.micro.precision,
        "recall_micro": metrics.micro.recall, "hamming_loss": metrics.hammingLoss,
      ])
  }

  init(loss: Float, _ metrics: RegressionMetrics) {
    var values = ["mse": metrics.meanSquaredError, "mae": metrics.meanAbsoluteError]
    values["pearsonr"] = metrics.pearson
    values["spearmanr"] = metrics.spearman
    self.init(loss: loss, metrics: values)
  }

  init(loss: Float, _ metrics: EntityMetrics) {
    self.init(
      loss: loss,
      metrics: [
        "f1": metrics.micro.f1, "precision": metrics.micro.precision, "recall": metrics.micro.recall,
        "accuracy": metrics.accuracy, "f1_macro": metrics.macro.f1, "f1_weighted": metrics.weighted.f1,
      ])
  }

  init(loss: Float, _ metrics: AnswerMetrics) {
    var values = ["exact_match": metrics.exact, "f1": metrics.f1]
    values["HasAns_f1"] = metrics.answerable?.f1
    values["HasAns_exact"] = metrics.answerable?.exact
    values["NoAns_f1"] = metrics.unanswerable?.f1
    values["best_f1"] = metrics.bestF1?.score
    values["best_f1_thresh"] = metrics.bestF1?.threshold
    self.init(loss: loss, metrics: values)
  }
}
