import Tokenizers

/// Sequences of plain text, for masked words: nothing is asked yet, the collator hides words.
package struct WordFeatures: Featurizer {
  package let tokenizer: Tokenizer
  package let limit: Int
  private let isPacked: Bool
  /// The special tokens before and after any text, and between two documents.
  private let before: [Int32]
  private let after: [Int32]
  private let between: [Int32]
  package var settings: [String] { ["words", isPacked ? "packed" : "cut"] }

  /// - Parameter isPacked: whether documents follow one another in sequences that are filled to the limit, with a
  ///   separator in between (the full sentences of RoBERTa); else each is a sequence, and its end is cut off
  package init(tokenizer: Tokenizer, limit: Int, isPacked: Bool) throws(TokenizerError) {
    self.tokenizer = tokenizer
    self.limit = limit
    self.isPacked = isPacked
    let sample = try tokenizer.encode("a")
    let first = sample.specialMask.firstIndex(of: false) ?? 0
    let end = sample.specialMask.lastIndex(of: false).map { $0 + 1 } ?? 0
    before = Array(sample.ids[..<first])
    after = Array(sample.ids[end...])
    between = [tokenizer.special.separator ?? tokenizer.special.end].compactMap { $0.map(Int32.init) }
    let room = limit - before.count - after.count
    guard room > between.count else {
      throw .truncationTooShort(maximumLength: limit, needed: limit - room + between.count)
    }
  }

  package func featured(_ row: Writing, at index: Int) throws -> Featured {
    if isPacked {
      let encoding = try tokenizer.encode(row.text, specialTokens: false)
      return Featured([Example(ids: encoding.ids, typeIDs: [], target: .words, row: index)], isCut: false)
    }
    let encoding = try tokenizer.encode(row.text, truncation: Truncation(maximumLength: limit, keepsOverflow: false))
    let example = Example(ids: encoding.ids, typeIDs: encoding.typeIDs, target: .words, row: index)
    return Featured([example], isCut: encoding.isTruncated)
  }

  package func regrouped(_ examples: [Example]) -> [Example] {
    guard isPacked else { return examples }
    let room = limit - before.count - after.count
    var packed: [Example] = []
    var block: [Int32] = []
    var row = 0
    func close() {
      guard !block.isEmpty else { return }
      let ids = before + block + after
      packed.append(Example(ids: ids, typeIDs: ids.map { _ in 0 }, target: .words, row: row))
      block = []
    }
    for example in examples {
      var rest = example.ids[...]
      if !block.isEmpty, !rest.isEmpty {
        if block.count + between.count < room { block += between } else { close() }
      }
      while !rest.isEmpty {
        if block.isEmpty { row = example.row }
        let part = rest.prefix(room - block.count)
        block += part
        rest = rest.dropFirst(part.count)
        if block.count == room { close() }
      }
    }
    close()
    return packed
  }
}
