import Foundation
import Models
import Pipelines
import Training

extension TrainingTask {
  package static let entities = TrainingTask(
    name: "entities", aliases: ["ner", "token-classification"], summary: "find the names in a text",
    head: .tokenClassification, problem: nil, bestMetric: "f1",
    columns: [("f1", "F1"), ("precision", "precision"), ("recall", "recall"), ("accuracy", "accuracy")],
    read: { file, reading, _ in EntityRows(sentences: try TaggedSentences.read(file, reading)) })
}

/// Sentences whose words carry tags.
struct EntityRows: TaskRows {
  let sentences: TaggedSentences

  var count: Int { sentences.count }

  func labelsForTraining() throws -> [String] { try sentences.namesForTraining() }

  func split(heldOut fraction: Double, seed: UInt64) -> Split {
    Split.heldOut(count: count, fraction: fraction, seed: seed)
  }

  func data(_ reader: RowReader, _ labels: [String]) throws -> any TaskData {
    let featurizer = TagFeatures(
      sentences, labels: labels, tokenizer: try reader.repository.tokenizer(), limit: try reader.limit())
    let features = try reader.features(sentences.rows, featurizer)
    let spreading = TagSpreading(labels: labels, special: try reader.repository.tokenizer().special.ids)
    return EntityData(
      sentences: sentences, labels: labels, examples: features.examples, facts: features.facts, rowCount: count,
      collator: reader.options.firstPiecesOnly ? .plain : .spreading(spreading))
  }
}

struct EntityData: TaskData {
  let sentences: TaggedSentences
  let labels: [String]
  private(set) var examples: any ExampleSource
  let facts: FeatureFacts
  private(set) var rowCount: Int
  let collator: Collator

  func selecting(_ rows: [Int]) -> EntityData {
    var part = self
    part.examples = ExampleSelection(examples, rows: rows)
    part.rowCount = rows.count
    return part
  }

  /// The tags that a model gives to the words of one sentence.
  private struct Reading {
    var expected: [String] = []
    var predicted: [String] = []
    var confidences: [Double] = []
  }

  func report(_ model: EncoderModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var readings = [Reading](repeating: Reading(), count: examples.count)
    let loss = try Evaluation.run(model, examples, stop: stop) { scores in
      guard case .tags(let tags) = examples.example(scores.index).target else { return }
      var reading = Reading()
      for (token, tag) in tags.enumerated() where tag >= 0 {
        let best = scores.best(token)
        reading.expected.append(labels[tag])
        reading.predicted.append(labels[best])
        reading.confidences.append(probabilities(scores.row(token))[best])
      }
      readings[scores.index] = reading
    }
    let metrics = EntityMetrics(expected: readings.map(\.expected), predicted: readings.map(\.predicted))
    var report = TaskReport(loss: loss, metrics)
    report.classes = metrics.types.map { .init($0) }
    report.confusion = confusion(readings)
    report.calibration = Calibration(
      confidences: readings.flatMap(\.confidences),
      isRight: readings.flatMap { zip($0.expected, $0.predicted).map { $0 == $1 } })
    report.mistakes = try worst(readings, mistakes)
    return report
  }

  /// Word by word, types without their prefixes.
  private func confusion(_ readings: [Reading]) -> TaskReport.Confusion {
    func type(_ tag: String) -> String { tag == "O" ? "O" : String(tag.drop { $0 != "-" }.dropFirst()) }
    let names = Set(labels.map(type)).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    var counts = names.map { _ in names.map { _ in 0 } }
    for (expected, predicted) in readings.flatMap({ zip($0.expected, $0.predicted) }) {
      if let row = places[type(expected)], let column = places[type(predicted)] { counts[row][column] += 1 }
    }
    return .init(labels: names, counts: counts)
  }

  private func worst(_ readings: [Reading], _ count: Int) throws -> [TaskReport.Mistake] {
    let wrong = readings.indices.filter { readings[$0].expected != readings[$0].predicted }.map { index in
      let reading = readings[index]
      let surest = zip(reading.confidences, zip(reading.expected, reading.predicted))
        .filter { $0.1.0 != $0.1.1 }.map(\.0).max()
      return (index: index, score: surest ?? 0)
    }
    return try wrong.sorted { ($1.score, $0.index) < ($0.score, $1.index) }.prefix(count).map { index, score in
      let sentence = try sentences.rows.row(examples.row(index))
      func words(_ tags: [String]) -> String {
        let spans = entitySpans(tags).filter { $0.range.upperBound < sentence.words.count }
        return spans.isEmpty
          ? "none"
          : spans.map { "\(sentence.words[$0.range].joined(separator: " ")) \($0.type)" }.joined(separator: ", ")
      }
      return .init(
        text: sentence.text, line: sentence.line, label: words(readings[index].expected),
        predicted: words(readings[index].predicted), score: score)
    }
  }
}
