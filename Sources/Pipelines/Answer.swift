import Layers
import Models
import Tokenizers

/// A question and the text that may hold its answer.
package struct Question: Sendable, Equatable {
  package let question: String
  package let context: String

  package init(_ question: String, context: String) {
    self.question = question
    self.context = context
  }
}

/// How a context that is too long is cut into windows that overlap.
package struct WindowCut: Sendable, Equatable {
  /// The most tokens of a question with a window; nil is 384, or what the model takes if that is less.
  package var maximumTokens: Int?
  /// Tokens that a window repeats of the one before; nil is 128, or as much as leaves half of a window new.
  package var stride: Int?

  package init(maximumTokens: Int? = nil, stride: Int? = nil) {
    self.maximumTokens = maximumTokens
    self.stride = stride
  }

  /// What transformers' pipeline takes when nobody says otherwise.
  package static let defaultTokens = 384, defaultStride = 128
}

extension Repository {
  /// A question with each window of its context, the context cut and the question never.
  /// - Throws: `InputError.empty` where one is empty, `TokenizerError.truncationTooShort` for a question that leaves no
  ///   room, `TokenizerError.strideTooLong`
  package func windows(_ question: Question, _ cut: WindowCut) throws -> [Encoding] {
    guard !question.question.isEmpty, !question.context.isEmpty else { throw InputError.empty }
    let tokenizer = try tokenizer()
    let room = min(try maximumTokens(), cut.maximumTokens ?? WindowCut.defaultTokens)
    var truncation = Truncation(
      maximumLength: room, strategy: .onlySecond, stride: cut.stride ?? min(room / 2, WindowCut.defaultStride))
    let whole: Encoding
    do throws(TokenizerError) {
      whole = try tokenizer.encode(question.question, pair: question.context, truncation: truncation)
    } catch {
      // A long question leaves short windows; then they repeat half of each other, unless the stride was asked for.
      guard case .strideTooLong(_, let left) = error, cut.stride == nil else { throw error }
      truncation.stride = left / 2
      whole = try tokenizer.encode(question.question, pair: question.context, truncation: truncation)
    }
    return [whole] + whole.overflowing
  }

  /// The best answers to each question from its context.
  /// - Throws: `RepositoryError.noHead`, and what `windows` throws
  package func answer(
    _ questions: [Question], _ decoding: SpanDecoding = SpanDecoding(), _ cut: WindowCut = WindowCut()
  ) throws -> [AnswerReading] {
    try require(.questionAnswering)
    let classifier = try tokenizer().special.classifier
    let encodings = try questions.map { try windows($0, cut) }
    let all = encodings.enumerated().flatMap { question, windows in windows.map { (question: question, encoding: $0) } }
    var read = all.map { _ in SpanWindow?.none }
    try forEachBatch(all.map(\.encoding)) { places, batch, model in
      let logits = model(batch, Pass(boundaries: batch.boundaries))  // [tokens, 2]
      for (sequence, place) in places.enumerated() {
        let rows = batch.span(sequence).map { logits.row($0) }
        read[place] = SpanWindow(
          all[place].encoding, classifier: classifier, start: rows.map { $0[0] }, end: rows.map { $0[1] })
      }
    }
    var byQuestion = questions.map { _ in [SpanWindow]() }
    for (window, logits) in zip(all, read) { if let logits { byQuestion[window.question].append(logits) } }
    return zip(questions, byQuestion).map { decoding($1, context: $0.context) }
  }
}
