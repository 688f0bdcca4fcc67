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

  /// Start and end need no names.
  func labelsForTraining() -> [String] { [] }

  /// All questions about a paragraph stay on one side.
  func split(heldOut fraction: Double, seed: UInt64) throws -> Split {
    let paragraphs = try questions.paragraphs()
    let split = Split.heldOut(count: questions.paragraphCount, fraction: fraction, seed: seed)
    let held = Set(split.heldOut)
    return Split(
      training: paragraphs.indices.filter { !held.contains(paragraphs[$0]) },
      heldOut: paragraphs.indices.filter { held.contains(paragraphs[$0]) })
  }

  func data(_ reader: RowReader, _ labels: [String]) throws -> any TaskData {
    let limit = try min(reader.limit(), reader.options.maxLength ?? WindowCut.defaultTokens)
    let featurizer = AnswerFeatures(
      tokenizer: try reader.repository.tokenizer(), limit: limit, stride: options.docStride)
    let features = try reader.features(questions.rows, featurizer)
    return AnswerData(
      questions: questions, featurizer: featurizer, options: options, examples: features.examples,
      facts: features.facts, rows: Array(0..<count))
  }
}

struct AnswerData: TaskData {
  let questions: Questions
  let featurizer: AnswerFeatures
  let options: TaskOptions
  private(set) var examples: any ExampleSource
  let facts: FeatureFacts
  private var rows: [Int]

  init(
    questions: Questions, featurizer: AnswerFeatures, options: TaskOptions, examples: any ExampleSource,
    facts: FeatureFacts, rows: [Int]
  ) {
    self.questions = questions
    self.featurizer = featurizer
    self.options = options
    self.examples = examples
    self.facts = facts
    self.rows = rows
  }

  var rowCount: Int { rows.count }

  func selecting(_ rows: [Int]) -> AnswerData {
    var part = self
    part.examples = ExampleSelection(examples, rows: rows)
    part.rows = rows
    return part
  }

  func report(_ model: EncoderModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport {
    var logits = [(start: [Float], end: [Float])](repeating: ([], []), count: examples.count)
    let loss = try Evaluation.run(model, examples, stop: stop) { scores in
      logits[scores.index] = ((0..<scores.rows).map { scores[$0, 0] }, (0..<scores.rows).map { scores[$0, 1] })
    }
    var first: [Int: Int] = [:]
    for index in (0..<examples.count).reversed() { first[examples.row(index)] = index }
    let classifier = featurizer.tokenizer.special.classifier
    var decoding = SpanDecoding()
    decoding.maximumLength = options.maxAnswerLength
    decoding.allowsNoAnswer = questions.hasImpossible
    decoding.noAnswerThreshold = questions.hasImpossible ? 0 : nil

    var pairs: [AnswerPair] = []
    var answers: [(row: Int, span: AnswerSpan)] = []
    for row in rows {
      try stop()
      guard let place = first[row] else { continue }
      let question = try questions.rows.row(row)
      let windows = try featurizer.windows(of: question).enumerated().map { number, window in
        SpanWindow(
          window.encoding, classifier: classifier, start: logits[place + number].start,
          end: logits[place + number].end)
      }
      let reading = decoding(windows, context: question.context)
      let best = reading.answers.first ?? .none
      pairs.append(AnswerPair(best.answer, gold: question.answers.map(\.text), nullScore: reading.nullDifference))
      answers.append((row, best))
    }
    let metrics = AnswerMetrics(pairs)
    var report = TaskReport(loss: loss, metrics)
    let right = pairs.map { AnswerMetrics([$0]).exact == 1 }
    report.calibration = Calibration(confidences: answers.map { min(1, $0.span.score) }, isRight: right)
    let wrong = pairs.indices.filter { !right[$0] }.sorted {
      (answers[$1].span.score, $0) < (answers[$0].span.score, $1)
    }
    report.mistakes = try wrong.prefix(mistakes).map { index in
      let question = try questions.rows.row(answers[index].row)
      return .init(
        text: question.text, line: question.line, label: question.answers.first?.text ?? "no answer",
        predicted: pairs[index].answer.isEmpty ? "no answer" : pairs[index].answer, score: answers[index].span.score)
    }
    return report
  }
}
