import Tokenizers

/// A question with a part of its context, and where each token stands in it.
package struct AnswerWindow: Sendable {
  package let encoding: Encoding
  /// The tokens that are of the context.
  package let context: Range<Int>

  package var ids: [Int32] { encoding.ids }
  package var typeIDs: [Int32] { encoding.typeIDs }
  /// The Unicode scalars of the context that each token covers; of use inside `context` only.
  package var offsets: [Range<Int>] { encoding.offsets }

  /// The first and last token of an answer that lies in the window whole; nil otherwise.
  package func span(of answer: Question.Answer) -> (start: Int, end: Int)? {
    let (begin, end) = (answer.start, answer.start + answer.text.unicodeScalars.count)
    guard let first = context.first, let last = context.last, offsets[first].lowerBound <= begin,
      offsets[last].upperBound >= end
    else { return nil }
    return (
      context.last { offsets[$0].lowerBound <= begin } ?? first,
      context.first { offsets[$0].upperBound >= end } ?? last
    )
  }
}

/// Windows over the context of a question, with the first and last token of the answer: for extractive question
/// answering, as Hugging Face's `run_qa` prepares it.
///
/// Where the answer is not in a window, or there is none, both are 0: the classifier token stands for no answer.
package struct AnswerFeatures: Featurizer {
  package let tokenizer: Tokenizer
  package let limit: Int
  /// How many tokens a window repeats of the window before it; half of a window's context where that has no more.
  package let stride: Int
  package var settings: [String] { ["answers", String(stride)] }

  package init(tokenizer: Tokenizer, limit: Int, stride: Int = 128) {
    self.tokenizer = tokenizer
    self.limit = limit
    self.stride = stride
  }

  /// An example for each window. Of several answers the first is trained on.
  package func featured(_ row: Question, at index: Int) throws -> Featured {
    let (windows, isCut) = try split(row)
    let examples = windows.map { window in
      let span = row.answers.first.flatMap { window.span(of: $0) } ?? (0, 0)
      return Example(
        ids: window.ids, typeIDs: window.typeIDs, target: .span(start: span.start, end: span.end), row: index)
    }
    return Featured(examples, isCut: isCut)
  }

  /// The windows of a question, in the order of its examples: what turns their tokens back into characters.
  package func windows(of row: Question) throws -> [AnswerWindow] { try split(row).windows }

  /// `isCut` when the question itself was too long to leave room for its context.
  private func split(_ row: Question) throws(TokenizerError) -> (windows: [AnswerWindow], isCut: Bool) {
    var question = String(row.text.unicodeScalars.drop(while: isWhiteSpace))
    let added = try tokenizer.encode("", pair: "").count
    let asked = try tokenizer.encode(question, specialTokens: false)
    // The context needs room for more than is repeated; with a wide stride, for half of the sequence.
    let total = max(limit - added, 0)
    let needed = min(stride + 1, (total + 1) / 2)
    let isCut = asked.count > total - needed
    if isCut {
      let end = asked.offsets.prefix(max(total - needed, 1)).last?.upperBound ?? 0
      question = String(scalars(of: question, from: 0, count: end))
    }
    let room = total - min(asked.count, total - needed)
    let truncation = Truncation(
      maximumLength: limit, strategy: .onlySecond, stride: stride < room ? stride : room / 2)
    let whole = try tokenizer.encode(question, pair: row.context, truncation: truncation)
    return (([whole] + whole.overflowing).map(Self.window), isCut)
  }

  private static func window(_ encoding: Encoding) -> AnswerWindow {
    let sequences = encoding.sequenceIDs
    let first = sequences.firstIndex(of: 1) ?? 0
    let end = sequences.lastIndex(of: 1).map { $0 + 1 } ?? first
    return AnswerWindow(encoding: encoding, context: first..<end)
  }
}
