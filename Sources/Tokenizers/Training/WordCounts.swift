/// How often each word of a text occurs, words being what a tokenizer's stages make of it.
package struct WordCounts: Sendable {
  struct Word: Sendable {
    var start: Int
    var length: Int32
    var count: Int
    fileprivate var hash: UInt32
  }

  /// The bytes of all words end to end, in the order of their first occurrence.
  private(set) var bytes: [UInt8] = []
  private(set) var words: [Word] = []
  /// The number of a word plus one; 0 is free.
  private var slots = [UInt32](repeating: 0, count: 1 << 12)

  private let stages: Stages
  private var text = AlignedText()
  private var scratch: [UInt8] = []

  init(stages: Stages) { self.stages = stages }

  package var count: Int { words.count }
  /// How many words were counted, repetitions included.
  package var total: Int { words.reduce(0) { $0 + $1.count } }

  /// The numbers of the most frequent words of at least so many bytes, the most frequent first.
  package func frequent(_ most: Int, longerThan bytes: Int) -> [Int] {
    words.indices.filter { Int(words[$0].length) > bytes }
      .sorted { (words[$0].count, $1) > (words[$1].count, $0) }.prefix(most).map { $0 }
  }

  func text(of word: Word) -> ArraySlice<UInt8> { bytes[word.start..<(word.start + Int(word.length))] }

  /// Counts the words of a file, line by line with the line's end, as the reference reads files.
  ///
  /// Bytes that are not UTF-8 count as U+FFFD. `between` is called between stretches of text and may throw.
  package mutating func add(file: some RandomAccessCollection<UInt8>, between: () throws -> Void) rethrows {
    var start = file.startIndex
    var lines = 0
    while start < file.endIndex {
      let end = file[start...].firstIndex(of: 10).map { file.index(after: $0) } ?? file.endIndex
      add(line: String(decoding: file[start..<end], as: UTF8.self))
      start = end
      lines += 1
      if lines % 4096 == 0 { try between() }
    }
  }

  /// Counts the words of one text.
  package mutating func add(line: String) {
    var line = line
    line.withUTF8 { utf8 in
      text.removeAll()
      _ = text.append(utf8: utf8, origin: 0)
    }
    stages.normalizer.normalize(&text)
    text.beginWords()
    stages.preTokenizer.split(&text)
    for word in text.words {
      scratch.removeAll(keepingCapacity: true)
      text.appendUTF8(word, to: &scratch)
      count(scratch)
    }
  }

  /// How many pieces a tokenizer cuts all words into, repetitions included.
  package func tokens(of tokenizer: Tokenizer) throws(TokenizerError) -> Int {
    var state = SequenceState(workspace: Workspace())
    var total = 0
    for word in words {
      state.tokens.removeAll(keepingCapacity: true)
      text(of: word).withUnsafeBufferPointer { tokenizer.subword.tokenize($0, base: 0, into: &state) }
      if let failure = state.failure { throw failure }
      total += state.tokens.count * word.count
    }
    return total
  }

  private mutating func count(_ word: [UInt8]) {
    let full = word.withUnsafeBufferPointer { $0.reduce(Vocabulary.hashSeed, Vocabulary.hash) }
    let hash = UInt32(truncatingIfNeeded: full ^ full >> 32)
    var slot = Int(hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let index = Int(slots[slot] - 1)
      if words[index].hash == hash, Int(words[index].length) == word.count, text(of: words[index]).elementsEqual(word) {
        words[index].count += 1
        return
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = UInt32(words.count + 1)
    words.append(Word(start: bytes.count, length: Int32(truncatingIfNeeded: word.count), count: 1, hash: hash))
    bytes += word
    if words.count * 2 > slots.count { grow() }
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 4)
    for (index, word) in words.enumerated() {
      var slot = Int(word.hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(index + 1)
    }
  }
}
