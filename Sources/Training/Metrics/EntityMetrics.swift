/// How many entities were found whole: right only where type, first and last word all agree (CoNLL 2003; seqeval's
/// default mode).
package struct EntityMetrics: Equatable, Sendable {
  package typealias Scores = ClassificationMetrics.Scores

  /// Each type by itself, sorted by name.
  package let types: [ClassificationMetrics.Label]
  /// Over all entities: the figure that papers give.
  package let micro: Scores
  package let macro: Scores
  package let weighted: Scores
  /// Tags that agree, entities or not.
  package let accuracy: Double
  /// Entities that there are.
  package let support: Int
  /// Sentences that were compared.
  package let count: Int

  package var f1: Double { micro.f1 }

  /// Compares tags sentence by sentence; both have a tag for each word.
  package init(expected: [[String]], predicted: [[String]]) {
    precondition(expected.count == predicted.count)
    var tally = Tally()
    for (expected, predicted) in zip(expected, predicted) { tally.add(expected: expected, predicted: predicted) }
    self.init(tally)
  }

  /// Sentences that are added one by one; nothing of each is kept.
  package struct Tally: Sendable {
    fileprivate var types: [String: (hits: Int, found: Int, there: Int)] = [:]
    fileprivate var (tags, rightTags, sentences) = (0, 0, 0)

    package init() {}

    package mutating func add(expected: [String], predicted: [String]) {
      precondition(expected.count == predicted.count, "a tag for each word")
      let (there, found) = (Set(entitySpans(expected)), Set(entitySpans(predicted)))
      for span in there { types[span.type, default: (0, 0, 0)].there += 1 }
      for span in found {
        types[span.type, default: (0, 0, 0)].found += 1
        if there.contains(span) { types[span.type]?.hits += 1 }
      }
      tags += expected.count
      rightTags += zip(expected, predicted).count { $0 == $1 }
      sentences += 1
    }
  }

  package init(_ tally: Tally) {
    let names = tally.types.keys.sorted()
    let counts = names.compactMap { tally.types[$0] }
    types = zip(names, counts).map { name, count in
      .init(
        label: name, scores: Scores(hits: count.hits, predicted: count.found, expected: count.there),
        support: count.there)
    }
    let scores = types.map(\.scores)
    support = counts.reduce(0) { $0 + $1.there }
    micro = Scores(
      hits: counts.reduce(0) { $0 + $1.hits }, predicted: counts.reduce(0) { $0 + $1.found }, expected: support)
    macro = Scores(mean: scores, weights: scores.map { _ in 1 })
    weighted = Scores(mean: scores, weights: counts.map(\.there))
    accuracy = quotient(tally.rightTags, tally.tags)
    count = tally.sentences
  }
}

/// Under the names of Hugging Face's `seqeval`, with the other averages beside them.
extension EntityMetrics: Encodable {
  private enum CodingKeys: String, CodingKey {
    case precision = "overall_precision"
    case recall = "overall_recall"
    case f1 = "overall_f1"
    case accuracy = "overall_accuracy"
    case number = "overall_number"
    case macroF1 = "f1_macro"
    case weightedF1 = "f1_weighted"
    case macroPrecision = "precision_macro"
    case macroRecall = "recall_macro"
    case types, samples
  }

  private struct TypeRow: Encodable {
    let type: String
    let precision, recall, f1: Double
    let number: Int
  }

  package func encode(to encoder: any Swift.Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(micro.precision, forKey: .precision)
    try values.encode(micro.recall, forKey: .recall)
    try values.encode(micro.f1, forKey: .f1)
    try values.encode(accuracy, forKey: .accuracy)
    try values.encode(support, forKey: .number)
    try values.encode(macro.f1, forKey: .macroF1)
    try values.encode(weighted.f1, forKey: .weightedF1)
    try values.encode(macro.precision, forKey: .macroPrecision)
    try values.encode(macro.recall, forKey: .macroRecall)
    let rows = types.map {
      TypeRow(
        type: $0.label, precision: $0.scores.precision, recall: $0.scores.recall, f1: $0.scores.f1, number: $0.support)
    }
    try values.encode(rows, forKey: .types)
    try values.encode(count, forKey: .samples)
  }
}
