/// How well predicted classes match the expected ones; every quotient without a divisor is 0.
///
/// The averages follow scikit-learn, which Hugging Face's evaluate calls: `macro` and `weighted` run over the
/// labels that occur among the expected or the predicted ones, not over all that a model knows.
package struct ClassificationMetrics: Equatable, Sendable {
  package struct Scores: Equatable, Sendable {
    package let precision: Double
    package let recall: Double
    package let f1: Double

    package init(precision: Double, recall: Double, f1: Double) {
      self.precision = precision
      self.recall = recall
      self.f1 = f1
    }

    init(hits: Int, predicted: Int, expected: Int) {
      precision = quotient(hits, predicted)
      recall = quotient(hits, expected)
      f1 = quotient(2 * hits, predicted + expected)
    }

    /// The mean of `scores`, each counting as much as its weight.
    init(mean scores: [Scores], weights: [Int]) {
      func mean(_ value: (Scores) -> Double) -> Double {
        let total = zip(scores, weights).reduce(0) { $0 + value($1.0) * Double($1.1) }
        return quotient(total, Double(weights.reduce(0, +)))
      }
      precision = mean(\.precision)
      recall = mean(\.recall)
      f1 = mean(\.f1)
    }
  }

  package struct Label: Equatable, Sendable {
    package let label: String
    package let scores: Scores
    /// How many rows carry the label.
    package let support: Int
  }

  package let accuracy: Double
  /// Each label by itself, in the order given.
  package let labels: [Label]
  package let macro: Scores
  package let micro: Scores
  package let weighted: Scores
  /// Matthews' correlation: 1 all right, 0 no better than chance (Gorodkin 2004 for more than two labels).
  package let matthews: Double
  /// Row counts by expected label, then by predicted one.
  package let confusion: [[Int]]
  /// How many rows were compared.
  package let count: Int

  /// The scores that stand for the task: those of label 1, the positive one, of two labels; else `macro`.
  package var headline: Scores { labels.count == 2 ? labels[1].scores : macro }
  package var f1: Double { headline.f1 }
  package var precision: Double { headline.precision }
  package var recall: Double { headline.recall }

  /// Compares label numbers row by row; both lists are of one length and hold places in `labels`.
  package init(expected: [Int], predicted: [Int], labels names: [String]) {
    precondition(expected.count == predicted.count)
    var confusion = names.map { _ in [Int](repeating: 0, count: names.count) }
    for (expected, predicted) in zip(expected, predicted) { confusion[expected][predicted] += 1 }
    self.init(confusion: confusion, labels: names)
  }

  /// - Parameter confusion: row counts by expected label, then by predicted one
  package init(confusion: [[Int]], labels names: [String]) {
    let hits = names.indices.map { confusion[$0][$0] }
    let supports = confusion.map { $0.reduce(0, +) }
    let predictions = names.indices.map { label in confusion.reduce(0) { $0 + $1[label] } }
    let scores = names.indices.map {
      Scores(hits: hits[$0], predicted: predictions[$0], expected: supports[$0])
    }
    let right = hits.reduce(0, +)
    self.confusion = confusion
    count = supports.reduce(0, +)
    accuracy = quotient(right, count)
    labels = names.indices.map { Label(label: names[$0], scores: scores[$0], support: supports[$0]) }
    micro = Scores(hits: right, predicted: count, expected: count)
    weighted = Scores(mean: scores, weights: supports)
    macro = Scores(mean: scores, weights: zip(supports, predictions).map { $0 + $1 > 0 ? 1 : 0 })
    matthews = Self.matthews(right: right, count: count, expected: supports, predicted: predictions)
  }

  private static func matthews(right: Int, count: Int, expected: [Int], predicted: [Int]) -> Double {
    func products(_ one: [Int], _ other: [Int]) -> Double {
      zip(one, other).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
    let rows = Double(count)
    let covariance = Double(right) * rows - products(expected, predicted)
    func spread(_ counts: [Int]) -> Double { rows * rows - products(counts, counts) }
    return quotient(covariance, (spread(expected) * spread(predicted)).squareRoot())
  }
}
