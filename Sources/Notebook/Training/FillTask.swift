import Foundation
import Models
import Pipelines
import Training

extension TrainingTask {
  package static let fill = TrainingTask(
    name: "fill", aliases: ["fill-mask", "mlm", "masked-lm"], summary: "fill in hidden words of a domain's texts",
    head: .maskedWords, problem: nil, bestMetric: "eval_loss",
    columns: [("accuracy", "accuracy"), ("perplexity", "perplexity")],
    read: { file, reading, _ in WordRows(texts: try Writings.read(file, reading)) })
}

/// Texts whose words are hidden.
struct WordRows: TaskRows {
  let texts: Writings

  var count: Int { texts.count }
  var contents: any ShownRows { texts }

  func labelsForTraining() -> [String] { [] }

  func split(heldOut fraction: Double, seed: UInt64) -> Split {
    Split.heldOut(count: count, fraction: fraction, seed: seed)
  }

  func data(_ reader: RowReader, _ labels: [String]) throws -> any TaskData {
    let tokenizer = try reader.repository.tokenizer()
    guard let mask = tokenizer.special.mask else {
      throw Failure(
        "The tokenizer of \(reader.repository.name) has no mask token, so no word can be hidden.", .malformed)
    }
    let featurizer = try WordFeatures(tokenizer: tokenizer, limit: reader.limit(for: .fill), isPacked: false)
    let features = try reader.features(texts.rows, featurizer)
    let masking = WordMasking(
      maskID: Int32(mask), vocabularySize: reader.repository.configuration.vocabularySize,
      special: tokenizer.special.ids)
    return WordData(examples: features.examples, facts: features.facts, rowCount: count, masking: masking)
  }
}

struct WordData: TaskData {
  var examples: any ExampleSource
  let facts: FeatureFacts
  private(set) var rowCount: Int
  let masking: WordMasking

  var collator: Collator { .masking(masking) }

  func selecting(_ rows: RowSet) -> WordData {
    var part = self
    part.examples = ExampleSelection(examples, rows: rows)
    part.rowCount = rows.count
    return part
  }

  func report(_ model: TransformerModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var words = WordTally()
    let loss = try Evaluation.run(model, examples, collator: collator, stop: stop) { words.add($0) }
    return TaskReport(loss: loss, metrics: words.metrics(loss))
  }
}
