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
  var contents: any ShownRows { texts }

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

  func selecting(_ rows: RowSet) -> TextData {
    var part = self
    part.examples = ExampleSelection(examples, rows: rows)
    part.rowCount = rows.count
    return part
  }

  func report(_ model: TransformerModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var tally: any TextTally =
      switch texts.kind {
      case .single: OneLabelTally(labels, mistakes: mistakes)
      case .several: ManyLabelsTally(labels, mistakes: mistakes)
      case .number: NumberTally(mistakes: mistakes)
      }
    var scores: [Int: [Float]] = [:]
    let loss = try Evaluation.run(model, examples, stop: stop) {
      scores[$0.index] = $0.row(0)
    } settled: { stretch in
      for index in stretch { tally.add(index, examples.example(index).target, scores[index] ?? []) }
      scores.removeAll(keepingCapacity: true)
    }
    var report = tally.report(loss)
    report.mistakes = try tally.mistakes.mistakes.map { mistake in
      let row = try texts.rows.row(examples.row(mistake.index))
      return .init(
        text: row.text, line: row.line, label: mistake.label, predicted: mistake.predicted, score: mistake.score)
    }
    return report
  }
}
