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
  var contents: any ShownRows { sentences }

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

  func selecting(_ rows: RowSet) -> EntityData {
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

  func report(_ model: TransformerModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var readings: [Int: Reading] = [:]
    var (tally, calibration) = (EntityMetrics.Tally(), Calibration.Tally())
    var (confusion, surest) = (TypeConfusion(labels), SurestMistakes(mistakes))
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
    } settled: { stretch in
      for index in stretch {
        guard let reading = readings[index] else { continue }
        tally.add(expected: reading.expected, predicted: reading.predicted)
        let pairs = zip(reading.confidences, zip(reading.expected, reading.predicted))
        for (confidence, (expected, predicted)) in pairs {
          calibration.add(confidence, isRight: expected == predicted)
          confusion.add(expected, predicted)
        }
        guard let score = pairs.filter({ $0.1.0 != $0.1.1 }).map(\.0).max() else { continue }
        try surest.add(index, score) {
          let sentence = try sentences.rows.row(examples.row(index))
          return (Self.words(of: reading.expected, in: sentence), Self.words(of: reading.predicted, in: sentence))
        }
      }
      readings.removeAll(keepingCapacity: true)
    }
    let metrics = EntityMetrics(tally)
    var report = TaskReport(loss: loss, metrics)
    report.classes = metrics.types.map { .init($0) }
    report.confusion = confusion.confusion
    report.calibration = Calibration(calibration)
    report.mistakes = try surest.mistakes.map { mistake in
      let sentence = try sentences.rows.row(examples.row(mistake.index))
      return .init(
        text: sentence.text, line: sentence.line, label: mistake.label, predicted: mistake.predicted,
        score: mistake.score)
    }
    return report
  }

  /// The named things of a sentence by its tags; of a sentence that was cut, those before the cut.
  private static func words(of tags: [String], in sentence: TaggedSentence) -> String {
    let spans = entitySpans(tags).filter { $0.range.upperBound < sentence.words.count }
    return spans.isEmpty
      ? "none"
      : spans.map { "\(sentence.words[$0.range].joined(separator: " ")) \($0.type)" }.joined(separator: ", ")
  }
}

/// How often a word of one type was given another, types without their prefixes.
private struct TypeConfusion {
  private let names: [String]
  private let places: [String: Int]
  private var counts: [[Int]]

  init(_ labels: [String]) {
    names = Set(labels.map(Self.type)).sorted()
    places = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    counts = [[Int]](repeating: [Int](repeating: 0, count: names.count), count: names.count)
  }

  mutating func add(_ expected: String, _ predicted: String) {
    if let row = places[Self.type(expected)], let column = places[Self.type(predicted)] { counts[row][column] += 1 }
  }

  var confusion: TaskReport.Confusion { .init(labels: names, counts: counts) }

  private static func type(_ tag: String) -> String {
    tag == "O" ? "O" : String(tag.drop { $0 != "-" }.dropFirst())
  }
}
