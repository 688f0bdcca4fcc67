import Tokenizers

/// One sequence a row, with its class, classes or number: for sequence classification and regression.
package struct SequenceFeatures: Featurizer {
  package let tokenizer: Tokenizer
  package let limit: Int
  package let settings: [String]
  private let kind: LabelKind
  private let numbers: LabelNumbers

  /// - Parameter labels: the model's classes, in the order of their ids; none for regression
  package init(_ texts: LabelledTexts, labels: [String], tokenizer: Tokenizer, limit: Int) {
    self.tokenizer = tokenizer
    self.limit = limit
    kind = texts.kind
    numbers = texts.numbering(known: labels)
    let columns = [texts.columns.text, texts.columns.pair ?? "", texts.columns.label]
    settings = ["sequences", texts.kind.rawValue] + columns + labels
  }

  package func featured(_ row: LabelledText, at index: Int) throws -> Featured {
    let encoding = try tokenizer.encode(
      row.text, pair: row.pair, truncation: Truncation(maximumLength: limit, keepsOverflow: false))
    let example = Example(
      ids: encoding.ids, typeIDs: encoding.typeIDs, target: try target(of: row), row: index)
    return Featured([example], isCut: encoding.isTruncated)
  }

  private func target(of row: LabelledText) throws(DataError) -> Target {
    switch kind {
    case .single: return .label(try numbers.number(of: row))
    case .number: return .value(Float(row.label) ?? .nan)
    case .several:
      var classes = [Float](repeating: 0, count: numbers.known.count)
      for number in try numbers.numbers(of: row) { classes[number] = 1 }
      return .labels(classes)
    }
  }
}
