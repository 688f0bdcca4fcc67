import Foundation
import Testing
import Training

/// The expected numbers are those of the official SQuAD scripts, divided by 100.
@Suite struct AnswerMetricsTests {
  private struct Row {
    let answer: String
    let gold: [String]
    let exact, first, second: Double
  }

  private static let rows: [Row] = [
    .init(answer: "The Eiffel Tower!", gold: ["Eiffel Tower", "tower"], exact: 1, first: 1, second: 1),
    .init(answer: "a cat, a dog", gold: ["cat dog bird", "the dog"], exact: 0, first: 0.8, second: 0.8),
    .init(answer: "an-apple", gold: ["apple", "anapple"], exact: 1, first: 1, second: 1),
    .init(answer: "in 1,000 km", gold: ["1000 km", "one thousand"], exact: 0, first: 0.8, second: 0.8),
    .init(answer: "Übermut the\u{A0}Große", gold: ["übermut große"], exact: 1, first: 1, second: 1),
    .init(answer: "the", gold: ["a"], exact: 1, first: 0, second: 1),
    .init(answer: "x – a – y", gold: ["x – – y", "x y"], exact: 1, first: 1, second: 1),
    .init(answer: "", gold: ["something"], exact: 0, first: 0, second: 0),
    .init(answer: "wrong words", gold: ["right"], exact: 0, first: 0, second: 0),
  ]

  private func close(_ one: Double?, _ other: Double) -> Bool { one.map { abs($0 - other) < 1e-12 } ?? false }

  @Test func oneAnswerAtATime() {
    for row in Self.rows {
      let first = AnswerMetrics([AnswerPair(row.answer, gold: row.gold)], version: .one)
      #expect(close(first.exact, row.exact) && close(first.f1, row.first), "\(row.answer)")
      #expect(first.answerable == nil && first.unanswerable == nil)
      // In version 2 an answer of which normalising leaves nothing is no gold answer.
      let second = AnswerMetrics([AnswerPair(row.answer, gold: row.gold)], version: .two)
      #expect(close(second.f1, row.second), "\(row.answer)")
    }
    let all = AnswerMetrics(Self.rows.map { AnswerPair($0.answer, gold: $0.gold) })
    #expect(all.version == .one && close(all.exact, 5.0 / 9) && close(all.f1, 5.6 / 9) && all.all.total == 9)
  }

  private static let second: [AnswerPair] = [
    .init("Paris", gold: ["Paris"], nullScore: 0.1), .init("", gold: [], nullScore: 0.9),
    .init("London", gold: [], nullScore: 0.4), .init("", gold: ["Rome"], nullScore: 0.6),
    .init("the big apple", gold: ["big apple", "New York"], nullScore: 0.3),
    .init("of course", gold: ["course", "..."], nullScore: 0.7),
  ]

  @Test func questionsWithoutAnAnswer() {
    let metrics = AnswerMetrics(Self.second)
    #expect(metrics.version == .two)
    #expect(close(metrics.exact, 0.5) && close(metrics.f1, 0.611111111111111))
    #expect(close(metrics.answerable?.exact, 0.5) && close(metrics.answerable?.f1, (2 + 2.0 / 3) / 4))
    #expect(close(metrics.unanswerable?.exact, 0.5) && metrics.unanswerable?.total == 2)
    #expect(close(metrics.bestExact?.score, 2.0 / 3) && metrics.bestExact?.threshold == 0.3)
    #expect(close(metrics.bestF1?.score, 2.0 / 3) && metrics.bestF1?.threshold == 0.3)
  }

  @Test func theBestThresholdNeedsEveryNullScore() {
    let metrics = AnswerMetrics(Self.second + [AnswerPair("x", gold: ["x"])])
    #expect(metrics.bestExact == nil && metrics.bestF1 == nil)
  }

  @Test func ofNothingEverythingIsZero() {
    let metrics = AnswerMetrics([])
    #expect(metrics.exact == 0 && metrics.f1 == 0 && metrics.all.total == 0)
  }

  @Test func theWordsOfTheJSON() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    func json(_ metrics: AnswerMetrics) throws -> String {
      String(decoding: try encoder.encode(metrics), as: UTF8.self)
    }
    #expect(try json(AnswerMetrics([AnswerPair("a b", gold: ["b"])])) == #"{"exact_match":1,"f1":1,"total":1}"#)
    let second = try json(AnswerMetrics(Self.second))
    for key in ["HasAns_exact", "HasAns_f1", "HasAns_total", "NoAns_f1", "best_exact", "best_f1_thresh", "exact"] {
      #expect(second.contains("\"\(key)\":"))
    }
  }
}
