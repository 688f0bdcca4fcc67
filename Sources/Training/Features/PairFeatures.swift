import Tokenizers

/// A source, and the target that a model with an encoder has to say to it.
package struct PairFeatures: Featurizer {
  package let tokenizer: Tokenizer
  package let limit: Int
  /// The most tokens of a target, special ones included.
  private let targetLimit: Int
  /// What stands before every source, such as T5's `summarize: `.
  private let prefix: String
  package var settings: [String] { ["pairs", String(targetLimit), prefix] }

  package init(tokenizer: Tokenizer, limit: Int, targetLimit: Int, prefix: String) {
    self.tokenizer = tokenizer
    self.limit = limit
    self.targetLimit = targetLimit
    self.prefix = prefix
  }

  package func featured(_ row: Writing, at index: Int) throws -> Featured {
    guard case .answer(let source, let target) = row.content else { return Featured([], isCut: false) }
    let given = try tokenizer.encode(prefix + source, truncation: Truncation(maximumLength: limit))
    let wanted = try tokenizer.encode(target, truncation: Truncation(maximumLength: targetLimit))
    // Nothing is learnt where nothing is to be said.
    guard given.count > 0, wanted.count > 0 else { return Featured([], isCut: false) }
    return Featured(
      [Example(ids: given.ids, typeIDs: given.typeIDs, target: .text(wanted.ids), row: index)],
      isCut: !given.overflowing.isEmpty || !wanted.overflowing.isEmpty)
  }
}
