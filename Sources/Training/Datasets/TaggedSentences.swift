/// One sentence of words that carry tags.
package struct TaggedSentence: Equatable, Sendable {
  /// A word may be empty: some corpora keep a place for a character that was lost.
  package let words: [String]
  /// A tag for each word, as the file writes it.
  package let written: [String]
  /// The line on which the sentence begins, from 1.
  package let line: Int

  package init(words: [String], tags: [String], line: Int) {
    precondition(words.count == tags.count)
    self.words = words
    written = tags
    self.line = line
  }

  /// The tags as IOB2, whatever the file's scheme is.
  package var tags: [String] { TagScheme.iob2(written) }

  /// The words with a space between any two: the text that a model reads.
  package var text: String { words.joined(separator: " ") }
}

/// The sentences of a file of tagged words, in the file's order; never empty when it was read from a file.
package struct TaggedSentences: Sendable {
  /// The file's path.
  package let file: String
  package let rows: DataRows<TaggedSentence>
  /// nil where no word is tagged.
  package let scheme: TagScheme?
  /// The types of named things, sorted.
  package let types: [String]
  /// How many things there are of each type, in the order of `types`.
  package let typeCounts: [Int]
  package let wordCount: Int

  package var count: Int { rows.count }

  /// `O`, and `B-` and `I-` for each type, sorted by name: the labels of a model that learns from this file. Throws
  /// `oneLabel` when nothing is tagged.
  package func namesForTraining() throws(DataError) -> [String] {
    guard !types.isEmpty else { throw .oneLabel(file: file, label: "O") }
    return (types.flatMap { ["B-\($0)", "I-\($0)"] } + ["O"]).sorted()
  }

  /// Sentences that are in memory.
  package init(file: String, _ sentences: [TaggedSentence]) {
    var facts = Facts()
    for sentence in sentences { facts.add(sentence) }
    self.init(file: file, rows: DataRows(file: file, sentences), facts)
  }

  init(file: String, rows: DataRows<TaggedSentence>, _ facts: Facts) {
    self.file = file
    self.rows = rows
    scheme = facts.evidence.scheme
    types = facts.types.keys.sorted()
    typeCounts = types.map { facts.types[$0] ?? 0 }
    wordCount = facts.words
  }

  /// What is counted while a file is read.
  struct Facts {
    var evidence = TagScheme.Evidence()
    var types: [String: Int] = [:]
    var words = 0

    mutating func add(_ sentence: TaggedSentence) {
      evidence.add(sentence.written)
      words += sentence.words.count
      for tag in sentence.tags where tag.hasPrefix("B-") { types[String(tag.dropFirst(2)), default: 0] += 1 }
    }
  }
}
