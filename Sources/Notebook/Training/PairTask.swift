import Foundation
import Models
import Pipelines
import Tensors
import Tokenizers
import Training

extension TrainingTask {
  package static let summarize = pairs(
    "summarize", ["summarization"], "say a text in fewer words",
    [("rouge1", "ROUGE-1"), ("rougeL", "ROUGE-L")], more: [("rouge2", "ROUGE-2"), ("perplexity", "perplexity")])

  package static let translate = pairs(
    "translate", ["translation"], "say a text in another language", [("bleu", "BLEU")],
    more: [("perplexity", "perplexity")])

  private static func pairs(
    _ name: String, _ aliases: [String], _ summary: String, _ metrics: [(key: String, title: String)],
    more: [(key: String, title: String)]
  ) -> TrainingTask {
    TrainingTask(
      name: name, aliases: aliases, summary: summary, head: .targetWords, problem: nil, bestMetric: "eval_loss",
      columns: [("accuracy", "accuracy")] + metrics, otherColumns: more,
      read: { file, reading, options in
        PairRows(writings: try Writings.read(file, reading, needsTargets: true), options: options)
      })
  }
}

/// Sources with the targets that are to be written for them.
struct PairRows: TaskRows {
  let writings: Writings
  let options: TaskOptions

  var count: Int { writings.count }
  var contents: any ShownRows { writings }

  func labelsForTraining() -> [String] { [] }

  func split(heldOut fraction: Double, seed: UInt64) -> Training.Split {
    Split.heldOut(count: count, fraction: fraction, seed: seed)
  }

  func data(_ reader: RowReader, _ labels: [String]) throws -> any TaskData {
    let repository = reader.repository
    let tokenizer = try repository.tokenizer()
    var settings = GenerationSettings()
    try repository.read(into: &settings)
    let form = try options.languages.map { try repository.translationForm($0, into: &settings) } ?? SourceForm()
    let features = try reader.features(
      writings.rows,
      PairFeatures(
        tokenizer: tokenizer, targetTokenizer: try repository.targetTokenizer(),
        limit: try reader.limit(for: .summarize),
        targetLimit: min(options.maxTargetLength, repository.configuration.maximumTokens),
        prefix: options.sourcePrefix.isEmpty ? form.prefix : options.sourcePrefix,
        end: repository.configuration.sourceEndID, sourceLanguage: form.languageID,
        targetLanguage: options.targetLanguage == nil ? nil : settings.forcedFirstID))
    guard features.examples.count > 0 else {
      throw Failure("\(writings.file) has no row with a token on both sides.", .malformed)
    }
    if let end = tokenizer.special.end, settings.endIDs.isEmpty { settings.endIDs = [Int32(end)] }
    settings.maximumLength = nil
    settings.maximumNewTokens = options.maxTargetLength
    settings.draws = false
    if let beams = options.numBeams { settings.beams = beams }
    return PairData(
      writings: writings,
      writer: options.predictWithGenerate ? PairWriter(tokenizer: tokenizer, settings: settings) : nil,
      examples: features.examples, facts: features.facts, rowCount: count)
  }
}

struct PairData: TaskData {
  let writings: Writings
  /// nil where the loss is enough.
  let writer: PairWriter?
  private(set) var examples: any ExampleSource
  let facts: FeatureFacts
  private(set) var rowCount: Int

  func selecting(_ rows: RowSet) -> PairData {
    var part = self
    part.examples = ExampleSelection(examples, rows: rows)
    part.rowCount = rows.count
    return part
  }

  func report(_ model: TransformerModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var words = WordTally()
    let loss = try Evaluation.run(model, examples, stop: stop) { words.add($0) }
    var metrics = words.metrics(loss)
    guard let writer else { return TaskReport(loss: loss, metrics: metrics) }
    var (bleu, rouge, length) = (BLEU(), [Rouge](), 0)
    var samples: [TaskReport.Sample] = []
    try writer.write(model, examples, stop: stop) { index, text, tokens in
      let row = try writings.rows.row(examples.row(index))
      guard case .answer(let source, let target) = row.content else { return }
      bleu.add(text, reference: target)
      rouge.append(Rouge(text, reference: target))
      length += tokens
      if samples.count < mistakes {
        samples.append(.init(line: row.line, source: source, target: target, written: text))
      }
    }
    metrics.merge(Rouge.means(rouge)) { $1 }
    metrics["bleu"] = bleu.score
    metrics["gen_len"] = Double(length) / Double(max(1, examples.count))
    var report = TaskReport(loss: loss, metrics: metrics)
    report.samples = samples
    return report
  }
}

/// Lets a model write what its decoder would say to each example, many at a time.
struct PairWriter {
  let tokenizer: Tokenizer
  let settings: GenerationSettings
  private static let batchSize = 16

  /// - Parameter visit: gets each example's number, what was written, and its tokens, in order
  func write(
    _ model: TransformerModel, _ examples: any ExampleSource, stop: () throws -> Void,
    visit: (_ index: Int, _ text: String, _ tokens: Int) throws -> Void
  ) throws {
    for start in stride(from: 0, to: examples.count, by: PairWriter.batchSize) {
      let places = start..<min(examples.count, start + PairWriter.batchSize)
      let written = try model.generate(
        places.map { examples.example($0).ids }, settings,
        GenerationHooks(onStep: { _ in !Interrupt.shouldStop }))
      try stop()
      for (index, continuations) in zip(places, written) {
        let said = continuations.first?.said.map(Int.init) ?? []
        try visit(
          index, tokenizer.decode(said, skippingSpecialTokens: true), continuations.first?.written.count ?? 0)
      }
    }
  }
}
