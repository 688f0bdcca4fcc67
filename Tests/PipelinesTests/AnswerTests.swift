import Foundation
import Models
import Pipelines
import Testing
import Tokenizers

/// What transformers 4.57 answers with the same weights, and the rules that its pipeline decodes by.
@Suite struct AnswerTests {
  struct Span: Decodable {
    let score: Double
    let start: Int
    let end: Int
    let answer: String
  }

  struct Golden: Decodable {
    struct Options: Decodable {
      let top_k: Int?
      let max_answer_len: Int?
      let max_seq_len: Int?
      let doc_stride: Int?
      let handle_impossible_answer: Bool?
    }

    let question: String
    let context: String
    let options: Options
    let answers: OneOrMany<Span>

    var decoding: SpanDecoding {
      var decoding = SpanDecoding()
      decoding.count = options.top_k ?? 1
      decoding.maximumLength = options.max_answer_len ?? 15
      decoding.allowsNoAnswer = options.handle_impossible_answer ?? false
      return decoding
    }
  }

  @Test func theGoldenCases() throws {
    let model = try TinyPipelines.open("answer")
    let golden: [Golden] = try TinyPipelines.golden("answer/golden.json")
    #expect(golden.count == 5)
    for expected in golden {
      let cut = WindowCut(maximumTokens: expected.options.max_seq_len, stride: expected.options.doc_stride)
      let found = try model.answer(
        [Question(expected.question, context: expected.context)], expected.decoding, cut)[0].answers
      let answers = expected.answers.elements
      #expect(found.map(\.answer) == answers.map(\.answer), "\(expected.question)")
      #expect(found.map(\.start) == answers.map(\.start) && found.map(\.end) == answers.map(\.end))
      #expect(zip(found, answers).allSatisfy { close($0.score, $1.score) }, "\(expected.question)")
    }
  }

  @Test func questionsInABatchAreTheQuestionsAlone() throws {
    let model = try TinyPipelines.open("answer")
    let golden: [Golden] = try TinyPipelines.golden("answer/golden.json")
    let questions = golden.map { Question($0.question, context: $0.context) }
    let together = try model.answer(questions)
    for (question, reading) in zip(questions, together) {
      let alone = try model.answer([question])[0].answers
      #expect(alone.map(\.answer) == reading.answers.map(\.answer))
      #expect(zip(alone, reading.answers).allSatisfy { close($0.score, $1.score) })
    }
  }

  @Test func aQuestionIsNeverCutAndALongOneShortensTheStride() throws {
    let model = try TinyPipelines.open("answer")
    let context = String(repeating: "Rockets fly around the world. ", count: 30)
    let question = String(repeating: "who ", count: 40)
    let windows = try model.windows(Question(question, context: context), WindowCut())
    #expect(windows.count > 1 && windows.allSatisfy { $0.count <= 128 && $0.sequenceIDs.count { $0 == 0 } == 80 })
    #expect(throws: TokenizerError.self) {
      try model.windows(Question(question, context: context), WindowCut(stride: 64))
    }
    #expect(throws: TokenizerError.self) {
      try model.windows(Question(String(repeating: "who ", count: 100), context: context), WindowCut())
    }
    #expect(throws: InputError.empty) { try model.windows(Question("who", context: ""), WindowCut()) }
  }

  // MARK: Decoding without a model

  private static let context = "one two three four"

  /// `[CLS] who [SEP] one two three four [SEP]` with logits on the context and the first token.
  private func window(none: (Float, Float), _ start: [Float], _ end: [Float]) throws -> SpanWindow {
    let model = try TinyPipelines.open("answer")
    let encoding = try model.windows(Question("who", context: Self.context), WindowCut())[0]
    let places = encoding.sequenceIDs.indices.filter { encoding.sequenceIDs[$0] == 1 }
    #expect(places.count == start.count)
    // Logits of the question and of [SEP] are large: they must not count.
    var starts = [Float](repeating: 50, count: encoding.count)
    var ends = starts
    (starts[0], ends[0]) = none
    for (place, token) in places.enumerated() { (starts[token], ends[token]) = (start[place], end[place]) }
    return SpanWindow(encoding, classifier: Int(encoding.ids[0]), start: starts, end: ends)
  }

  private func softmax(_ logits: [Double]) -> [Double] {
    let powers = logits.map { exp($0) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  @Test func scoresAreProductsOfTwoSoftmaxesThatCountNoAnswer() throws {
    let window = try window(none: (1, 2), [3, 0, 0, 0], [0, 0, 2, 0])
    var decoding = SpanDecoding()
    decoding.allowsNoAnswer = true
    decoding.count = 2
    let reading = decoding([window], context: Self.context)
    let start = softmax([1, 3, 0, 0, 0])
    let end = softmax([2, 0, 0, 2, 0])
    #expect(reading.answers.map(\.answer) == ["one two three", ""] || reading.answers[0].answer == "one two three")
    #expect(close(reading.answers[0].score, start[1] * end[3]))
    #expect(close(try #require(reading.nullDifference), (1 + 2) - (3 + 2)))
  }

  @Test func anAnswerEndsAfterItBeginsAndIsNotTooLong() throws {
    let window = try window(none: (0, 0), [0, 0, 9, 0], [9, 0, 0, 5])
    var decoding = SpanDecoding()
    #expect(decoding([window], context: Self.context).answers[0].answer == "three four")
    decoding.maximumLength = 1
    #expect(decoding([window], context: Self.context).answers[0].answer != "three four")
    decoding.maximumLength = .max
    decoding.count = .max
    // Ten spans of four words, each another text.
    #expect(decoding([window], context: Self.context).answers.count == 10)
  }

  @Test func equalAnswersOfWindowsAreOneWithTheSumOfTheirScores() throws {
    let window = try window(none: (0, 0), [0, 4, 0, 0], [0, 4, 0, 0])
    let once = SpanDecoding()([window], context: Self.context).answers[0]
    let twice = SpanDecoding()([window, window], context: Self.context).answers[0]
    #expect(once.answer == "two" && twice.answer == "two" && close(twice.score, 2 * once.score))
  }

  @Test func theThresholdDecidesWhetherThereIsNoAnswer() throws {
    let window = try window(none: (3, 3), [0, 2, 0, 0], [0, 2, 0, 0])
    var decoding = SpanDecoding()
    decoding.noAnswerThreshold = 0
    let none = decoding([window], context: Self.context)
    #expect(none.answers.map(\.answer) == [""] && none.answers[0].start == 0 && none.answers[0].end == 0)
    #expect(none.nullDifference == 2)
    decoding.noAnswerThreshold = 2.5
    #expect(decoding([window], context: Self.context).answers.map(\.answer) == ["two"])
  }

  @Test func withoutWindowsThereIsNoAnswer() {
    #expect(SpanDecoding()([], context: "").answers.isEmpty)
  }
}
