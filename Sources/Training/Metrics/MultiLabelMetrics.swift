/// How well sets of labels match, where a text can have several; averages as scikit-learn makes them.
package struct MultiLabelMetrics: Equatable, Sendable {
  package typealias Scores = ClassificationMetrics.Scores

  /// Rows whose whole set is right.
  package let accuracy: Double
  /// Decisions, label by label, that are wrong.
  package let hammingLoss: Double
  package let micro: Scores
  /// The mean over all labels, those that never occur included.
  package let macro: Scores
  package let weighted: Scores
  /// The mean over rows.
  package let samples: Scores
  package let labels: [ClassificationMetrics.Label]
  package let count: Int

  package var f1: Double { micro.f1 }

  /// Compares rows with a decision for each label.
  package init(expected: [[Bool]], predicted: [[Bool]], labels names: [String]) {
    precondition(expected.count == predicted.count)
    precondition((expected + predicted).allSatisfy { $0.count == names.count }, "a decision for each label")
    let rows = Array(zip(expected, predicted))
    /// Scores of one row, one label, or all of them.
    func tally(_ pairs: [(Bool, Bool)]) -> (hits: Int, found: Int, there: Int) {
      (pairs.count { $0.0 && $0.1 }, pairs.count { $0.1 }, pairs.count { $0.0 })
    }
    func scores(_ tally: (hits: Int, found: Int, there: Int)) -> Scores {
      Scores(hits: tally.hits, predicted: tally.found, expected: tally.there)
    }
    let byLabel = names.indices.map { label in tally(rows.map { ($0.0[label], $0.1[label]) }) }
    labels = zip(names, byLabel).map { .init(label: $0, scores: scores($1), support: $1.there) }
    micro = scores(byLabel.reduce((0, 0, 0)) { ($0.0 + $1.hits, $0.1 + $1.found, $0.2 + $1.there) })
    macro = Scores(mean: labels.map(\.scores), weights: names.map { _ in 1 })
    weighted = Scores(mean: labels.map(\.scores), weights: byLabel.map(\.there))
    samples = Scores(mean: rows.map { scores(tally(Array(zip($0, $1)))) }, weights: rows.map { _ in 1 })
    accuracy = quotient(rows.count { $0.0 == $0.1 }, rows.count)
    let wrong = rows.reduce(0) { $0 + zip($1.0, $1.1).count { $0.0 != $0.1 } }
    hammingLoss = quotient(wrong, rows.count * names.count)
    count = rows.count
  }
}

/// Under the names of scikit-learn's averages.
extension MultiLabelMetrics: Encodable {
  private enum CodingKeys: String, CodingKey {
    case accuracy, labels
    case microF1 = "f1_micro"
    case macroF1 = "f1_macro"
    case weightedF1 = "f1_weighted"
    case samplesF1 = "f1_samples"
    case microPrecision = "precision_micro"
    case microRecall = "recall_micro"
    case hammingLoss = "hamming_loss"
    case count = "samples"
  }

  package func encode(to encoder: any Swift.Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(accuracy, forKey: .accuracy)
    try values.encode(micro.f1, forKey: .microF1)
    try values.encode(macro.f1, forKey: .macroF1)
    try values.encode(weighted.f1, forKey: .weightedF1)
    try values.encode(samples.f1, forKey: .samplesF1)
    try values.encode(micro.precision, forKey: .microPrecision)
    try values.encode(micro.recall, forKey: .microRecall)
    try values.encode(hammingLoss, forKey: .hammingLoss)
    try values.encode(labels, forKey: .labels)
    try values.encode(count, forKey: .count)
  }
}
