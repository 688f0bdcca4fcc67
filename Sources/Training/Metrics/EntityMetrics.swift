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
    precondition(expected.map(\.count) == predicted.map(\.count), "a tag for each word")
    // One row of tags with an O between sentences, so that no entity crosses one.
    func spans(_ tags: [[String]]) -> [String: Set<EntitySpan>] {
      Dictionary(grouping: entitySpans(tags.flatMap { $0 + ["O"] }), by: \.type).mapValues(Set.init)
    }
    let (there, found) = (spans(expected), spans(predicted))
    let names = Set(there.keys).union(found.keys).sorted()
    let counts = names.map { name in
      let (there, found) = (there[name] ?? [], found[name] ?? [])
      return (hits: there.intersection(found).count, found: found.count, there: there.count)
    }
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
    let pairs = zip(expected.joined(), predicted.joined())
    accuracy = quotient(pairs.count { $0.0 == $0.1 }, expected.reduce(0) { $0 + $1.count })
    count = expected.count
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
