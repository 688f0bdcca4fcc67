import Foundation
import Tokenizers

/// One window of a context with what the question-answering head says of its tokens.
///
/// It needs no model and no file, so that an evaluation can make it from logits of its own.
package struct SpanWindow: Sendable {
  let start: [Float]
  let end: [Float]
  /// Unicode scalars of the context that each token stands for; nil for the question and for special tokens.
  let places: [Range<Int>?]
  /// The same for the whole word of each token, as far as the window holds it.
  let wordPlaces: [Range<Int>?]
  /// Whether the first token stands for "no answer".
  let hasNull: Bool

  /// - Parameters:
  ///   - encoding: a question with a window of the context as its pair
  ///   - classifier: the id of the token that stands for "no answer" where it comes first
  ///   - start: one logit a token
  ///   - end: one logit a token
  package init(_ encoding: Encoding, classifier: Int?, start: [Float], end: [Float]) {
    precondition(start.count == encoding.count && end.count == encoding.count, "a logit for each token")
    self.start = start
    self.end = end
    let sequences = encoding.sequenceIDs
    let words = encoding.wordIDs
    places = encoding.offsets.indices.map { sequences[$0] == 1 ? encoding.offsets[$0] : nil }
    hasNull = classifier != nil && encoding.ids.first.map(Int.init) == classifier
    var byWord: [Int: Range<Int>] = [:]
    for index in encoding.ids.indices where sequences[index] == 1 {
      guard let word = words[index] else { continue }
      let place = encoding.offsets[index]
      byWord[word] = byWord[word].map { $0.lowerBound..<max($0.lowerBound, place.upperBound) } ?? place
    }
    let plain = places
    wordPlaces = plain.indices.map { index in plain[index].map { place in words[index].flatMap { byWord[$0] } ?? place }
    }
  }
}

/// A part of a context that answers a question; empty where the context has no answer.
package struct AnswerSpan: Encodable, Sendable, Equatable {
  /// The probability that it starts and ends there, summed over the windows that show it.
  package let score: Double
  /// Unicode scalars of the context.
  package let start: Int
  package let end: Int
  package let answer: String

  /// No answer, and no reason to believe so.
  package static let none = AnswerSpan(score: 0, start: 0, end: 0, answer: "")
}

/// The best answers to one question.
package struct AnswerReading: Sendable {
  /// The best first, as many as were asked for at most.
  package let answers: [AnswerSpan]
  /// How much likelier no answer is than the best one, in logits: what the no-answer threshold is compared with. Nil
  /// where the model has no token for "no answer", or no answer was possible.
  package let nullDifference: Double?
}

/// How start and end logits become answers.
package struct SpanDecoding: Sendable {
  /// The most answers.
  package var count = 1
  /// The most tokens of an answer.
  package var maximumLength = 15
  /// Lets "no answer" stand among the answers, with its own score.
  package var allowsNoAnswer = false
  /// "No answer" comes first exactly if its logits exceed those of the best answer by more than this
  /// (`null_score_diff_threshold` of SQuAD 2.0); nil leaves the order to the scores.
  package var noAnswerThreshold: Double?
  /// Widens answers to whole words.
  package var alignsToWords = true

  package init() {}

  private struct Candidate {
    let start, end: Int
    let score: Double
  }

  /// Decodes all windows of one context, as the question-answering pipeline of transformers 4 does.
  ///
  /// Each window's probabilities are softmaxes over its context tokens and the token for "no answer". Equal answers of
  /// several windows, or of several places, are one answer with the sum of their scores (case ignored).
  package func callAsFunction(_ windows: [SpanWindow], context: String) -> AnswerReading {
    let text = Array(context.unicodeScalars)
    var found: [AnswerSpan] = []
    var places: [String: Int] = [:]
    var nullScore = Double.infinity
    var nullLogits = Float.infinity
    var bestLogits = -Float.infinity
    for window in windows {
      let starts = probabilities(window.start, window)
      let ends = probabilities(window.end, window)
      if window.hasNull {
        nullScore = min(nullScore, starts[0] * ends[0])
        nullLogits = min(nullLogits, window.start[0] + window.end[0])
      }
      for candidate in candidates(window, starts, ends) {
        bestLogits = max(bestLogits, window.start[candidate.start] + window.end[candidate.end])
        guard let place = place(candidate, window)?.clamped(to: 0..<text.count) else { continue }
        let answer = String(String.UnicodeScalarView(text[place]))
        if let known = places[answer.lowercased()] {
          let before = found[known]
          found[known] = AnswerSpan(
            score: before.score + candidate.score, start: before.start, end: before.end, answer: before.answer)
        } else {
          places[answer.lowercased()] = found.count
          found.append(
            AnswerSpan(score: candidate.score, start: place.lowerBound, end: place.upperBound, answer: answer))
        }
      }
    }
    let difference = nullLogits.isFinite && bestLogits.isFinite ? Double(nullLogits) - Double(bestLogits) : nil
    return AnswerReading(answers: ranked(found, nullScore, difference), nullDifference: difference)
  }

  /// Softmax over the tokens of the context and the one for "no answer"; all others are 0.
  private func probabilities(_ logits: [Float], _ window: SpanWindow) -> [Double] {
    func counts(_ token: Int) -> Bool { window.places[token] != nil || token == 0 && window.hasNull }
    let largest = logits.indices.filter(counts).map { logits[$0] }.max() ?? 0
    let powers = logits.indices.map { counts($0) ? exp(Double(logits[$0] - largest)) : 0 }
    let sum = powers.reduce(0, +)
    return powers.map { sum > 0 ? $0 / sum : 0 }
  }

  /// The likeliest spans of one window. More than are asked for, since several can be one answer once they are whole
  /// words.
  private func candidates(_ window: SpanWindow, _ starts: [Double], _ ends: [Double]) -> [Candidate] {
    let tokens = window.places.indices.filter { window.places[$0] != nil }
    guard let last = tokens.last else { return [] }
    let reach = min(max(maximumLength, 1), window.places.count) - 1
    var all: [Candidate] = []
    for start in tokens where starts[start] > 0 {
      for end in start...min(last, start + reach) where window.places[end] != nil {
        let score = starts[start] * ends[end]
        if score > 0 { all.append(Candidate(start: start, end: end, score: score)) }
      }
    }
    all.sort { $0.score > $1.score }
    return Array(all.prefix(alignsToWords ? min(count, all.count) * 2 + 10 : count))
  }

  private func place(_ candidate: Candidate, _ window: SpanWindow) -> Range<Int>? {
    let places = alignsToWords ? window.wordPlaces : window.places
    guard let first = places[candidate.start], let last = places[candidate.end] else { return nil }
    return first.lowerBound..<max(first.lowerBound, last.upperBound)
  }

  private func ranked(_ found: [AnswerSpan], _ nullScore: Double, _ difference: Double?) -> [AnswerSpan] {
    guard allowsNoAnswer || noAnswerThreshold != nil, nullScore.isFinite else { return first(found) }
    let none = AnswerSpan(score: nullScore, start: 0, end: 0, answer: "")
    guard let threshold = noAnswerThreshold, let difference else { return first(found + [none]) }
    if difference > threshold { return Array(([none] + first(found)).prefix(count)) }
    guard let best = first(found).first else { return [none] }
    return Array(([best] + first(found.filter { $0 != best } + [none])).prefix(count))
  }

  private func first(_ answers: [AnswerSpan]) -> [AnswerSpan] {
    let order = answers.indices.sorted { (answers[$1].score, $0) < (answers[$0].score, $1) }
    return order.prefix(count).map { answers[$0] }
  }
}
