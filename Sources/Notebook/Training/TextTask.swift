import Foundation
import Models
import Pipelines
import Tensors
import Training

extension TrainingTask {
  package static let sentiment = TrainingTask(
    name: "sentiment", aliases: ["classify", "sentiment-analysis", "text-classification"],
    summary: "say the label of a text", head: .sequenceClassification, problem: .oneLabel, bestMetric: "accuracy",
    columns: [("accuracy", "accuracy"), ("f1", "F1")],
    read: { file, reading, _ in TextRows(texts: try LabelledTexts.read(file, reading)) })

  package static let topics = TrainingTask(
    name: "topics", aliases: ["multi-label", "multi-label-classification"], summary: "say all labels of a text",
    head: .sequenceClassification, problem: .manyLabels, bestMetric: "f1_micro",
    columns: [("f1_micro", "F1"), ("accuracy", "whole sets")],
    read: { file, reading, _ in
      var reading = reading
      reading.labels = .several
      return TextRows(texts: try LabelledTexts.read(file, reading))
    })

  package static let ratings = TrainingTask(
    name: "ratings", aliases: ["regression"], summary: "give a text a number", head: .sequenceClassification,
    problem: .number, bestMetric: "eval_loss", columns: [("pearsonr", "Pearson"), ("mse", "squared error")],
    read: { file, reading, _ in
      var reading = reading
      reading.labels = .number
      return TextRows(texts: try LabelledTexts.read(file, reading))
    })
}

/// Texts that carry a label, several, or a number.
struct TextRows: TaskRows {
  let texts: LabelledTexts

  var count: Int { texts.count }

  func labelsForTraining() throws -> [String] {
    // Hugging Face's name for the only output of a regression.
    texts.kind == .number ? ["LABEL_0"] : try texts.namesForTraining()
  }

  func split(heldOut fraction: Double, seed: UInt64) throws -> Split { try texts.split(heldOut: fraction, seed: seed) }

  func data(_ reader: RowReader, _ labels: [String]) throws -> any TaskData {
    let featurizer = SequenceFeatures(
      texts, labels: texts.kind == .number ? [] : labels, tokenizer: try reader.repository.tokenizer(),
      limit: try reader.limit())
    let features = try reader.features(texts.rows, featurizer)
    return TextData(
      texts: texts, labels: labels, examples: features.examples, facts: features.facts, rowCount: texts.count)
  }
}

struct TextData: TaskData {
  let texts: LabelledTexts
  let labels: [String]
  private(set) var examples: any ExampleSource
  let facts: FeatureFacts
  private(set) var rowCount: Int

  func selecting(_ rows: [Int]) -> TextData {
    var part = self
    part.examples = ExampleSelection(examples, rows: rows)
    part.rowCount = rows.count
    return part
  }

  func report(_ model: EncoderModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var scores = [[Float]](repeating: [], count: examples.count)
    let loss = try Evaluation.run(model, examples, stop: stop) { scores[$0.index] = $0.row(0) }
    let targets = (0..<examples.count).map { examples.example($0).target }
    switch texts.kind {
    case .single: return try oneLabel(loss, targets, scores, mistakes)
    case .several: return try manyLabels(loss, targets, scores, mistakes)
    case .number: return try number(loss, targets, scores, mistakes)
    }
  }

  private func oneLabel(
    _ loss: Float, _ targets: [Target], _ scores: [[Float]], _ mistakes: Int
  ) throws -> TaskReport {
    let expected = targets.map { if case .label(let label) = $0 { label } else { 0 } }
    let chances = scores.map(probabilities)
    let predicted = chances.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    let classes = ClassificationMetrics(expected: expected, predicted: predicted, labels: labels)
    var report = TaskReport(loss: loss, classes)
    report.classes = classes.labels.map { .init($0) }
    report.confusion = .init(labels: labels, counts: classes.confusion)
    report.calibration = Calibration(
      confidences: zip(chances, predicted).map { $0[$1] }, isRight: zip(expected, predicted).map { $0 == $1 })
    let wrong = predicted.indices.filter { predicted[$0] != expected[$0] }
    report.mistakes = try worst(wrong, mistakes) {
      chances[$0][predicted[$0]]
    } words: { row in
      (labels[expected[row]], labels[predicted[row]])
    }
    return report
  }

  private func manyLabels(
    _ loss: Float, _ targets: [Target], _ scores: [[Float]], _ mistakes: Int
  ) throws -> TaskReport {
    let expected = targets.map { target -> [Bool] in
      if case .labels(let labels) = target { labels.map { $0 > 0.5 } } else { [] }
    }
    // A logit above 0 is a probability above one half.
    let predicted = scores.map { $0.map { $0 > 0 } }
    let metrics = MultiLabelMetrics(expected: expected, predicted: predicted, labels: labels)
    var report = TaskReport(loss: loss, metrics)
    report.classes = metrics.labels.map { .init($0) }
    func names(_ flags: [Bool]) -> String {
      zip(labels, flags).filter(\.1).map(\.0).joined(separator: ", ")
    }
    let wrong = predicted.indices.filter { predicted[$0] != expected[$0] }
    report.mistakes = try worst(wrong, mistakes) { row in
      Double(scores[row].map { abs($0) }.min() ?? 0)
    } words: {
      (names(expected[$0]), names(predicted[$0]))
    }
    return report
  }

  private func number(
    _ loss: Float, _ targets: [Target], _ scores: [[Float]], _ mistakes: Int
  ) throws -> TaskReport {
    let expected = targets.map { target -> Double in if case .value(let value) = target { Double(value) } else { 0 } }
    let predicted = scores.map { Double($0.first ?? 0) }
    var report = TaskReport(loss: loss, RegressionMetrics(expected: expected, predicted: predicted))
    report.mistakes = try worst(Array(expected.indices), mistakes) {
      abs(expected[$0] - predicted[$0])
    } words: {
      ("\(expected[$0])", String(format: "%.2f", predicted[$0]))
    }
    return report
  }

  /// The examples with the highest score, in words. Examples are numbered as `examples` has them.
  private func worst(
    _ wrong: [Int], _ count: Int, score: (Int) -> Double, words: (Int) -> (expected: String, predicted: String)
  ) throws -> [TaskReport.Mistake] {
    try wrong.sorted { (score($1), $0) < (score($0), $1) }.prefix(count).map { index in
      let text = try texts.rows.row(examples.row(index))
      let (expected, predicted) = words(index)
      return .init(text: text.text, line: text.line, label: expected, predicted: predicted, score: score(index))
    }
  }
}
