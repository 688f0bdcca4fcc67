import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Models
import Pipelines

/// `answer`: the part of a text that answers a question.
package struct AnswerCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "answer", abstract: "Answer a question with a part of a text.",
    discussion: """
      A long context is read in windows of --max-length tokens that repeat --stride tokens of each other. A score is \
      the probability that the answer starts and ends there, summed over the places that say the same.
      """,
    aliases: ["question-answering"])
  package static let group = CommandGroup.tasks
  package static let example =
    #"answer "Who founded SpaceX?" --context "SpaceX was founded in 2002 by Elon Musk in Hawthorne.""#
  @Argument(help: "The question.") package var question: String?
  @Option(help: ArgumentHelp("The text with the answer.", valueName: "text")) package var context: String?
  @Option(name: .customLong("context-file"), help: ArgumentHelp("A file with that text.", valueName: "file"))
  package var contextFile: String?
  @Option(help: "How many answers.") package var top = 1
  @Option(name: .customLong("max-answer-length"), help: "The most tokens of an answer.")
  package var maximumAnswerLength = 15
  @Option(
    name: .customLong("max-length"), help: "Tokens of a question with a window of its context; at most 384 without it.")
  package var maximumLength: Int?
  @Option(help: "Tokens that a window repeats of the one before; at most 128 without it.") package var stride: Int?
  @Flag(name: .customLong("no-answer"), help: "Let 'no answer' stand among the answers, with its score.")
  package var allowsNoAnswer = false
  @Option(
    name: .customLong("no-answer-threshold"), parsing: .unconditional,
    help: "Say 'no answer' if its logits exceed the best answer's by more than this; implies --no-answer.")
  package var noAnswerThreshold: Double?
  @Flag(name: .customLong("exact-tokens"), help: "Do not widen answers to whole words.") package var exactTokens = false
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try input.check(common, texts: question.map { [$0] } ?? [])
    if context != nil, contextFile != nil { throw ValidationError("Give --context or --context-file, not both.") }
    if question != nil, context == nil, contextFile == nil {
      throw ValidationError("A question needs the text with its answer: --context TEXT or --context-file FILE.")
    }
    if top < 1 { throw ValidationError("--top counts from 1, not \(top).") }
    if maximumAnswerLength < 1 {
      throw ValidationError("--max-answer-length counts from 1, not \(maximumAnswerLength).")
    }
    if let maximumLength, maximumLength < 1 {
      throw ValidationError("--max-length counts from 1, not \(maximumLength).")
    }
    if let stride, stride < 0 { throw ValidationError("--stride counts from 0, not \(stride).") }
    if let noAnswerThreshold, !noAnswerThreshold.isFinite {
      throw ValidationError("--no-answer-threshold is a number of logits, such as 0.")
    }
  }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let question: String
    let context: String
    /// The best one; without any, an empty text.
    let best: AnswerSpan
    let answers: [AnswerSpan]
    /// Only where "no answer" was allowed.
    let nullDifference: Double?

    enum CodingKeys: String, CodingKey {
      case id, line, question, answer, score, start, end, answers
      case nullDifference = "null_score_diff"
    }

    package func encode(to encoder: any Swift.Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encodeIfPresent(id, forKey: .id)
      try values.encodeIfPresent(line, forKey: .line)
      try values.encode(question, forKey: .question)
      try values.encode(best.answer, forKey: .answer)
      try values.encode(best.score, forKey: .score)
      try values.encode(best.start, forKey: .start)
      try values.encode(best.end, forKey: .end)
      if answers.count > 1 { try values.encode(answers, forKey: .answers) }
      try values.encodeIfPresent(nullDifference, forKey: .nullDifference)
    }
  }

  package struct Whole: CommandAnswer {
    let question: String
    /// The best one to the first question.
    let answer: String
    let score: Double
    let start: Int
    let end: Int
    /// All to the first question.
    let answers: [AnswerSpan]
    let model: String
    let results: [Row]
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.taskModel(.questionAnswering, common)
    let shared = try context ?? contextFile.map { try Self.read(try session.file($0)) }
    let texts = question.map { [TaskInput(text: $0, pair: shared)] } ?? []
    var decoding = SpanDecoding()
    decoding.count = top
    decoding.maximumLength = maximumAnswerLength
    decoding.allowsNoAnswer = allowsNoAnswer
    decoding.noAnswerThreshold = noAnswerThreshold
    decoding.alignsToWords = !exactTokens
    let cut = WindowCut(maximumTokens: maximumLength, stride: stride)
    return try session.answer(
      texts, input, common, .question, sharedPair: shared, model: repository.name
    ) { inputs in
      let questions = inputs.map { Question($0.text, context: $0.pair ?? "") }
      return zip(inputs, try repository.answer(questions, decoding, cut)).map(row)
    } whole: { rows in
      guard let first = rows.first else { throw InputError.empty }
      return Whole(
        question: first.question, answer: first.best.answer, score: first.best.score, start: first.best.start,
        end: first.best.end, answers: first.answers, model: repository.name, results: rows)
    }
  }

  private func row(_ input: TaskInput, _ reading: AnswerReading) -> Row {
    Row(
      id: input.id, line: input.line, question: input.text, context: input.pair ?? "",
      best: reading.answers.first ?? .none, answers: reading.answers,
      nullDifference: allowsNoAnswer || noAnswerThreshold != nil ? reading.nullDifference : nil)
  }

  private static func read(_ file: URL) throws -> String {
    let data = try FileContents.read(file)
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure("\(sanitized(file.path)) is not UTF-8; save the file as UTF-8.", .malformed)
    }
    return text
  }
}
