import Foundation
import Models
import Pipelines
import Tensors
import Training

extension TrainingTask {
  package static let answers = TrainingTask(
    name: "answer", aliases: ["answers", "question-answering"], summary: "find the answer to a question in a text",
    head: .questionAnswering, problem: nil, bestMetric: "f1", columns: [("f1", "F1"), ("exact_match", "exact match")],
    read: { file, reading, options in
      AnswerRows(questions: try Questions.read(file, reading), options: options)
    })
}

/// Questions about paragraphs.
struct AnswerRows: TaskRows {
  let questions: Questions
  let options: TaskOptions

  var count: Int { questions.count }
  var contents: any ShownRows { questions }

  /// Start and end need no names.
  func labelsForTraining() -> [String] { [] }

  /// All questions about a paragraph stay on one side.
  func split(heldOut fraction: Double, seed: UInt64) throws -> Split {
    let paragraphs = try questions.paragraphs()
    let split = Split.heldOut(count: questions.paragraphCount, fraction: fraction, seed: seed)
    return Split(count: paragraphs.count) { split.heldOut.contains(paragraphs[$0]) }
  }

  func data(_ reader: RowReader, _ labels: [String]) throws -> any TaskData {
    let featurizer = AnswerFeatures(
      tokenizer: try reader.repository.tokenizer(), limit: try reader.limit(for: .answers), stride: options.docStride)
    let features = try reader.features(questions.rows, featurizer)
    return AnswerData(
      questions: questions, featurizer: featurizer, options: options, examples: features.examples,
      facts: features.facts, rowCount: count)
  }
}

struct AnswerData: TaskData {
  let questions: Questions
  let featurizer: AnswerFeatures
  let options: TaskOptions
  private(set) var examples: any ExampleSource
  let facts: FeatureFacts
  private(set) var rowCount: Int

  func selecting(_ rows: RowSet) -> AnswerData {
    var part = self
    part.examples = ExampleSelection(examples, rows: rows)
    part.rowCount = rows.count
    return part
  }

  func report(_ model: TransformerModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var logits: [Int: Logits] = [:]
    var (pairs, calibration, surest) = ([AnswerPair](), Calibration.Tally(), SurestMistakes(mistakes))
    let loss = try Evaluation.run(model, examples, stop: stop) { scores in
      logits[scores.index] = Logits(
        start: (0..<scores.rows).map { scores[$0, 0] }, end: (0..<scores.rows).map { scores[$0, 1] })
    } settled: { stretch in
      var first = stretch.lowerBound
      while first < stretch.upperBound {
        try stop()
        let row = examples.row(first)
        let end = (first..<stretch.upperBound).first { examples.row($0) != row } ?? stretch.upperBound
        let question = try questions.rows.row(row)
        let (answer, pair) = try read(question, (first..<end).compactMap { logits[$0] })
        let isRight = AnswerMetrics([pair]).exact == 1
        pairs.append(pair)
        calibration.add(min(1, answer.score), isRight: isRight)
        if !isRight {
          surest.add(first, answer.score) {
            (question.answers.first?.text ?? "no answer", pair.answer.isEmpty ? "no answer" : pair.answer)
          }
        }
        first = end
      }
      logits.removeAll(keepingCapacity: true)
    }
    var report = TaskReport(loss: loss, AnswerMetrics(pairs))
    report.calibration = Calibration(calibration)
    report.mistakes = try surest.mistakes.map { mistake in
      let question = try questions.rows.row(examples.row(mistake.index))
      return .init(
        text: question.text, line: question.line, label: mistake.label, predicted: mistake.predicted,
        score: mistake.score)
    }
    return report
  }

  /// What a model says of the tokens of one window.
  private struct Logits {
    let start: [Float]
    let end: [Float]
  }

  /// The answer that the windows of a question give together.
  private func read(_ question: Training.Question, _ logits: [Logits]) throws -> (AnswerSpan, AnswerPair) {
    var decoding = SpanDecoding()
    decoding.maximumLength = options.maxAnswerLength
    decoding.allowsNoAnswer = questions.hasImpossible
    decoding.noAnswerThreshold = questions.hasImpossible ? 0 : nil
    let classifier = featurizer.tokenizer.special.classifier
    let windows = try zip(featurizer.windows(of: question), logits).map { window, logits in
      SpanWindow(window.encoding, classifier: classifier, start: logits.start, end: logits.end)
    }
    let reading = decoding(windows, context: question.context)
    let best = reading.answers.first ?? .none
    return (best, AnswerPair(best.answer, gold: question.answers.map(\.text), nullScore: reading.nullDifference))
  }
}
