import Tokenizers

/// How rows of one kind become sequences that a model reads.
package protocol Featurizer<Row>: Sendable {
  associatedtype Row: Sendable
  var tokenizer: Tokenizer { get }
  /// The most tokens of a sequence, special ones included.
  var limit: Int { get }
  /// What decides the examples beside row, tokenizer and limit: a part of a cache's key.
  var settings: [String] { get }

  /// What one row becomes. Rows are asked for on several threads at once.
  /// - Parameter index: the row's place in the data, from 0
  func featured(_ row: Row, at index: Int) throws -> Featured

  /// Examples of neighbouring rows put together in another way; as they are, unless a task packs them.
  func regrouped(_ examples: [Example]) -> [Example]
}

extension Featurizer {
  package func regrouped(_ examples: [Example]) -> [Example] { examples }
}

/// What a row became.
package struct Featured: Sendable, Equatable {
  package let examples: [Example]
  /// Whether the row was longer than a sequence may be, and its end was left out.
  package let isCut: Bool

  package init(_ examples: [Example], isCut: Bool) {
    self.examples = examples
    self.isCut = isCut
  }
}
