/// What was answered to one question, and what would have been right.
package struct AnswerPair: Sendable, Equatable {
  /// Empty for "no answer".
  package let answer: String
  /// The right answers; none where the context has no answer.
  package let gold: [String]
  /// How sure it is that there is no answer, on any scale; only for the best threshold.
  package let nullScore: Double?

  package init(_ answer: String, gold: [String], nullScore: Double? = nil) {
    self.answer = answer
    self.gold = gold
    self.nullScore = nullScore
  }
}

/// Exact match and F1 of answers as the SQuAD scripts compute them, here from 0 to 1.
package struct AnswerMetrics: Equatable, Sendable {
  /// The mean over some of the questions.
  package struct Scores: Equatable, Sendable {
    package let exact: Double
    package let f1: Double
    package let total: Int
  }

  /// The threshold on `nullScore` above which "no answer" would have been best, and the score with it.
  package struct Best: Equatable, Sendable {
    package let score: Double
    package let threshold: Double
  }

  /// The two scripts, which differ in questions without an answer.
  package enum Version: Sendable {
    case one, two
  }

  package let version: Version
  package let all: Scores
  /// Questions with an answer, and those without; nil where there are none of them. Version 2 only.
  package let answerable: Scores?
  package let unanswerable: Scores?
  /// Version 2, when every answer has a null score.
  package let bestExact: Best?
  package let bestF1: Best?

  package var exact: Double { all.exact }
  package var f1: Double { all.f1 }

  /// - Parameter version: nil takes 2 where a question has no answer, else 1
  package init(_ pairs: [AnswerPair], version: Version? = nil) {
    let isSecond = version.map { $0 == .two } ?? pairs.contains { $0.gold.isEmpty }
    self.version = isSecond ? .two : .one
    let scored = pairs.map { Scored($0, isSecond: isSecond) }
    func mean(_ rows: [Scored]) -> Scores {
      Scores(exact: average(rows.map(\.exact)), f1: average(rows.map(\.f1)), total: rows.count)
    }
    func part(_ hasAnswer: Bool) -> Scores? {
      let rows = scored.filter { $0.hasAnswer == hasAnswer }
      return isSecond && !rows.isEmpty ? mean(rows) : nil
    }
    all = mean(scored)
    answerable = part(true)
    unanswerable = part(false)
    let nullScores = pairs.compactMap(\.nullScore)
    let isComplete = isSecond && !pairs.isEmpty && nullScores.count == pairs.count
    bestExact = isComplete ? Self.best(scored, nullScores, \.exact) : nil
    bestF1 = isComplete ? Self.best(scored, nullScores, \.f1) : nil
  }

  private struct Scored {
    let exact, f1: Double
    let hasAnswer: Bool
    let isEmpty: Bool

    init(_ pair: AnswerPair, isSecond: Bool) {
      // Version 2 does not count a right answer of which nothing is left, and "" is right where none is.
      let given = isSecond ? pair.gold.filter { !AnswerText.words($0).isEmpty } : pair.gold
      let gold = given.isEmpty ? [""] : given
      exact = gold.map { AnswerText.exactMatch(pair.answer, $0) }.max() ?? 0
      f1 = gold.map { AnswerText.f1(pair.answer, $0, emptyEqualsEmpty: isSecond) }.max() ?? 0
      hasAnswer = !pair.gold.isEmpty
      isEmpty = pair.answer.isEmpty
    }
  }

  /// Walks the threshold up through the null scores, taking back one "no answer" at each.
  private static func best(_ rows: [Scored], _ nullScores: [Double], _ score: (Scored) -> Double) -> Best {
    var current = Double(rows.count { !$0.hasAnswer })
    var best = Best(score: current, threshold: 0)
    for place in nullScores.indices.sorted(by: { (nullScores[$0], $0) < (nullScores[$1], $1) }) {
      let row = rows[place]
      current += row.hasAnswer ? score(row) : row.isEmpty ? 0 : -1
      if current > best.score { best = Best(score: current, threshold: nullScores[place]) }
    }
    return Best(score: quotient(best.score, Double(rows.count)), threshold: best.threshold)
  }
}

/// Under the names of Hugging Face's `squad` and `squad_v2`.
extension AnswerMetrics: Encodable {
  private enum CodingKeys: String, CodingKey {
    case exactMatch = "exact_match"
    case exact, f1, total
    case answerableExact = "HasAns_exact"
    case answerableF1 = "HasAns_f1"
    case answerableTotal = "HasAns_total"
    case unanswerableExact = "NoAns_exact"
    case unanswerableF1 = "NoAns_f1"
    case unanswerableTotal = "NoAns_total"
    case bestExact = "best_exact"
    case bestExactThreshold = "best_exact_thresh"
    case bestF1 = "best_f1"
    case bestF1Threshold = "best_f1_thresh"
  }

  package func encode(to encoder: any Swift.Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(all.exact, forKey: .exactMatch)
    if version == .two { try values.encode(all.exact, forKey: .exact) }
    try values.encode(all.f1, forKey: .f1)
    try values.encode(all.total, forKey: .total)
    try values.encodeIfPresent(answerable?.exact, forKey: .answerableExact)
    try values.encodeIfPresent(answerable?.f1, forKey: .answerableF1)
    try values.encodeIfPresent(answerable?.total, forKey: .answerableTotal)
    try values.encodeIfPresent(unanswerable?.exact, forKey: .unanswerableExact)
    try values.encodeIfPresent(unanswerable?.f1, forKey: .unanswerableF1)
    try values.encodeIfPresent(unanswerable?.total, forKey: .unanswerableTotal)
    try values.encodeIfPresent(bestExact?.score, forKey: .bestExact)
    try values.encodeIfPresent(bestExact?.threshold, forKey: .bestExactThreshold)
    try values.encodeIfPresent(bestF1?.score, forKey: .bestF1)
    try values.encodeIfPresent(bestF1?.threshold, forKey: .bestF1Threshold)
  }
}
