import Foundation
import Models
import Pipelines
import Tokenizers
import Training

extension TrainingTask {
  package static let generate = TrainingTask(
    name: "generate", aliases: ["text-generation", "clm", "causal-lm", "chat"],
    summary: "go on with texts, answer prompts or chat as examples do", head: .causalWords, problem: nil,
    bestMetric: "eval_loss", columns: [("accuracy", "accuracy"), ("perplexity", "perplexity")],
    read: { file, reading, options in
      ContinuationRows(writings: try Writings.read(file, reading), isPacked: options.packing)
    })
}

/// Texts, prompts with their completions, or conversations.
struct ContinuationRows: TaskRows {
  let writings: Writings
  let isPacked: Bool

  var count: Int { writings.count }
  var contents: any ShownRows { writings }

  func labelsForTraining() -> [String] { [] }

  func split(heldOut fraction: Double, seed: UInt64) -> Training.Split {
    Split.heldOut(count: count, fraction: fraction, seed: seed)
  }

  func data(_ reader: RowReader, _ labels: [String]) throws -> any TaskData {
    let limit = try reader.limit(for: .generate)
    let tokenizer = try reader.repository.tokenizer()
    if case .chat = writings.columns, tokenizer.chatTemplates["default"] == nil {
      throw Failure(
        "\(writings.file) holds conversations, and \(reader.repository.name) has no chat template to lay them out with; take a model that chats, or rows of prompt and completion.",
        .usage)
    }
    // Packed, a long text goes on in the next sequence instead of losing its end.
    let room = isPacked ? Int(Int32.max) : limit
    let features = try reader.features(
      writings.rows, try ContinuationFeatures(tokenizer: tokenizer, limit: room))
    guard features.examples.count > 0 else {
      throw Failure(
        "No row of \(writings.file) has anything to learn within \(limit) tokens; raise --max-length.", .malformed)
    }
    return ContinuationData(
      rows: features.examples, tokenFacts: features.facts, packedLength: isPacked ? limit : nil, rowCount: count,
      tokenizer: tokenizer)
  }
}

struct ContinuationData: TaskData {
  /// An example a row.
  private var rows: any ExampleSource
  private let tokenFacts: FeatureFacts
  /// Tokens of a packed sequence; nil where each row is a sequence of its own.
  private let packedLength: Int?
  private(set) var rowCount: Int
  var examples: any ExampleSource
  private let tokenizer: Tokenizer

  init(
    rows: any ExampleSource, tokenFacts: FeatureFacts, packedLength: Int?, rowCount: Int, tokenizer: Tokenizer
  ) {
    self.tokenizer = tokenizer
    self.rows = rows
    self.tokenFacts = tokenFacts
    self.packedLength = packedLength
    self.rowCount = rowCount
    examples = packedLength.map { PackedExamples(rows, length: $0) } ?? rows
  }

  var facts: FeatureFacts {
    guard let packedLength else { return tokenFacts }
    var facts = tokenFacts
    facts.longest = min(packedLength, facts.tokens)
    facts.examples = examples.count
    return facts
  }

  /// Rows are packed with others of their own side.
  func selecting(_ part: RowSet) -> ContinuationData {
    ContinuationData(
      rows: ExampleSelection(rows, rows: part), tokenFacts: tokenFacts, packedLength: packedLength,
      rowCount: part.count, tokenizer: tokenizer)
  }

  func report(_ model: TransformerModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var words = WordTally()
    let loss = try Evaluation.run(model, examples, stop: stop) { words.add($0) }
    var metrics = words.metrics(loss)
    metrics["word_perplexity"] = exp(Double(loss) * Double(words.asked) / Double(max(1, askedWords)))
    return TaskReport(loss: loss, metrics: metrics)
  }

  /// Words between spaces in what is asked: perplexities per token of two vocabularies do not compare, those per word do.
  private var askedWords: Int {
    (0..<examples.count).reduce(0) { sum, index in
      let example = examples.example(index)
      guard case .asked(let asked) = example.target else { return sum }
      let ids = example.ids.indices.dropFirst().filter { asked[$0] }.map { Int(example.ids[$0]) }
      let text = tokenizer.decode(ids, skippingSpecialTokens: true)
      return sum + text.split(whereSeparator: \.isWhitespace).count
    }
  }
}

/// How often a head of words is right.
struct WordTally {
  private var right = 0
  private(set) var asked = 0

  mutating func add(_ scores: Evaluation.Scores) {
    asked += scores.targets.count
    for (row, target) in scores.targets.enumerated() where scores.best(row) == target { right += 1 }
  }

  func metrics(_ loss: Float) -> [String: Double] {
    ["accuracy": Double(right) / Double(max(1, asked)), "perplexity": exp(Double(loss))]
  }
}
