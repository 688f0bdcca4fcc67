import Foundation
import Models
import Pipelines
import Training

extension TrainingTask {
  package static let sentiment = TrainingTask(
    name: "sentiment", aliases: ["classify", "sentiment-analysis", "text-classification"],
    summary: "say the label of a text", head: .sequenceClassification, bestMetric: "accuracy",
    columns: [("accuracy", "accuracy"), ("f1", "F1")],
    read: { file, _ in SequenceRows(texts: try LabelledTexts.read(file)) })
}

/// Texts that carry a label.
struct SequenceRows: TaskRows {
  let texts: LabelledTexts

  var count: Int { texts.rows.count }

  func labelsForTraining() throws -> [String] { try texts.namesForTraining() }

  func prefix(_ count: Int?) -> SequenceRows { SequenceRows(texts: texts.prefix(count)) }

  func split(heldOut fraction: Double, seed: UInt64) throws -> (SequenceRows, SequenceRows) {
    let (kept, held) = try texts.split(heldOut: fraction, seed: seed)
    return (SequenceRows(texts: kept), SequenceRows(texts: held))
  }

  func data(_ repository: Repository, _ labels: [String], _ options: TaskOptions) throws -> any TaskData {
    SequenceData(texts: texts, labels: labels, sequences: try repository.examples(texts, labels))
  }
}

struct SequenceData: TaskData {
  let texts: LabelledTexts
  let labels: [String]
  let sequences: [Example]

  var rowCount: Int { texts.rows.count }
  var examples: any ExampleSource { sequences }

  func report(_ model: EncoderModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var scores = [[Float]](repeating: [], count: sequences.count)
    let loss = try Evaluation.run(model, sequences, stop: stop) { scores[$0.index] = $0.row(0) }
    let expected = sequences.compactMap(\.label)
    let predicted = scores.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
    let classes = ClassificationMetrics(expected: expected, predicted: predicted, labels: labels)
    var report = TaskReport(loss: loss, metrics: ["accuracy": classes.accuracy, "f1": classes.f1])
    report.classes = classes
    let wrong = predicted.indices.filter { predicted[$0] != expected[$0] }.map { row in
      TaskReport.Mistake(
        text: texts.rows[row].text, line: texts.rows[row].line, label: labels[expected[row]],
        predicted: labels[predicted[row]], score: probabilities(scores[row])[predicted[row]])
    }
    report.mistakes = Array(wrong.sorted { $0.score > $1.score }.prefix(mistakes))
    return report
  }
}

extension Repository {
  /// Labelled texts as model input. `labels` are the classes, in the order of their ids.
  /// - Throws: `DataError` for a label that is not among them
  package func examples(_ texts: LabelledTexts, _ labels: [String]) throws -> [Example] {
    let classes = try texts.labels(known: labels)
    let encodings = try encode(texts.rows.map { ($0.text, $0.pair) })
    return classes.indices.map { row in
      Example(ids: encodings[row].ids, typeIDs: encodings[row].typeIDs, target: .label(classes[row]), row: row)
    }
  }
}
