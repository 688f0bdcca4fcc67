import Tokenizers

/// A source, and the target that a model with an encoder has to say to it.
package struct PairFeatures: Featurizer {
  package let tokenizer: Tokenizer
  /// Of targets, where it is another.
  private let targetTokenizer: Tokenizer
  package let limit: Int
  /// The most tokens of a target, special ones included.
  private let targetLimit: Int
  /// What stands before every source, such as T5's `summarize: `.
  private let prefix: String
  /// What ends both sides, where the tokenizer does not write it.
  private let end: Int32?
  /// Tokens that name the languages, in place of those that the tokenizer adds (mBART).
  private let sourceLanguage, targetLanguage: Int32?
  package var settings: [String] {
    let numbers = [end, sourceLanguage, targetLanguage].map { $0.map(String.init) ?? "" }
    return ["pairs", String(targetLimit), prefix, targetTokenizer === tokenizer ? "" : "own target"] + numbers
  }

  package init(
    tokenizer: Tokenizer, targetTokenizer: Tokenizer? = nil, limit: Int, targetLimit: Int, prefix: String,
    end: Int32? = nil, sourceLanguage: Int32? = nil, targetLanguage: Int32? = nil
  ) {
    self.tokenizer = tokenizer
    self.targetTokenizer = targetTokenizer ?? tokenizer
    self.sourceLanguage = sourceLanguage
    self.targetLanguage = targetLanguage
    self.limit = limit
    self.targetLimit = targetLimit
    self.prefix = prefix
    self.end = end
  }

  package func featured(_ row: Writing, at index: Int) throws -> Featured {
    guard case .answer(let source, let target) = row.content else { return Featured([], isCut: false) }
    let ending = end.map { [$0] } ?? []
    let given = try tokenizer.encode(prefix + source, truncation: cut(to: limit - ending.count))
    let wanted = try targetTokenizer.encode(target, truncation: cut(to: targetLimit - ending.count))
    // Nothing is learnt where nothing is to be said.
    guard given.count > 0, wanted.count > 0 else { return Featured([], isCut: false) }
    return Featured(
      [
        Example(
          ids: Self.ids(given, in: sourceLanguage) + ending, typeIDs: given.typeIDs + ending.map { _ in 0 },
          target: .text(Self.ids(wanted, in: targetLanguage) + ending), row: index)
      ],
      isCut: given.isTruncated || wanted.isTruncated)
  }

  private func cut(to length: Int) -> Truncation { Truncation(maximumLength: length, keepsOverflow: false) }

  private static func ids(_ encoding: Encoding, in language: Int32?) -> [Int32] {
    language.map { encoding.naming(language: $0, nil).ids } ?? encoding.ids
  }
}
