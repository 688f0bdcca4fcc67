import Tokenizers

/// One sequence a sentence, with a tag on the first piece of each word and -100 on all other tokens: for token
/// classification.
package struct TagFeatures: Featurizer {
  package let tokenizer: Tokenizer
  package let limit: Int
  package let settings: [String]
  private let file: String
  private let known: [String]
  private let numbers: [String: Int]

  /// - Parameter labels: the model's tags (IOB2), in the order of their ids
  package init(_ sentences: TaggedSentences, labels: [String], tokenizer: Tokenizer, limit: Int) {
    self.tokenizer = tokenizer
    self.limit = limit
    file = sentences.file
    known = labels
    numbers = Dictionary(zip(labels, labels.indices)) { first, _ in first }
    settings = ["tags"] + labels
  }

  package func featured(_ row: TaggedSentence, at index: Int) throws -> Featured {
    let encoding = try tokenizer.encode(row.text, truncation: Truncation(maximumLength: limit, keepsOverflow: false))
    let words = firstWords(of: encoding, row.words)
    let classes = try row.tags.map { tag throws(DataError) in try number(of: tag, row) }
    let tags = words.map { word in word.map { classes[$0] } ?? -100 }
    let example = Example(ids: encoding.ids, typeIDs: encoding.typeIDs, target: .tags(tags), row: index)
    return Featured([example], isCut: encoding.isTruncated)
  }

  /// The word that each token is the first piece of; nil for later pieces and special tokens.
  private func firstWords(of encoding: Encoding, _ words: [String]) -> [Int?] {
    var last = -1
    var current = 0
    var end = words.first?.unicodeScalars.count ?? 0  // of the current word, in scalars of the sentence
    return encoding.ids.indices.map { token in
      guard !encoding.specialMask[token] else { return nil }
      // The last scalar tells the word: some tokenizers count the space before a word as its own.
      let place = max(encoding.offsets[token].upperBound - 1, encoding.offsets[token].lowerBound)
      while place >= end, current + 1 < words.count {
        current += 1
        end += 1 + words[current].unicodeScalars.count
      }
      guard current != last else { return nil }
      last = current
      return current
    }
  }

  private func number(of tag: String, _ row: TaggedSentence) throws(DataError) -> Int {
    if let number = numbers[tag] { return number }
    // A model whose tags have no prefixes.
    if tag != "O", let number = numbers[String(tag.dropFirst(2))] { return number }
    throw .unseenLabel(DataPlace(file: file, line: row.line, column: .name("tags")), label: tag, known: known)
  }
}
