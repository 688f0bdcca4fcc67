/// Greedy longest-match-first cutting of words (Schuster and Nakajima 2012, as BERT uses it).
package struct WordPiece: Subword {
  package let vocabulary: Vocabulary
  package var unknown: String? { unknownPiece }
  private let unknownPiece: String
  private let unknownID: Int32
  private let maximumScalars: Int
  private let prefix: [UInt8]
  private let prefixHash: UInt64
  /// The most bytes that a piece inside a word can cover.
  private let longestContinuation: Int

  /// Throws `missingToken` where the vocabulary lacks the unknown piece.
  init(
    vocabulary: Vocabulary, unknown: String, prefix: String, maximumScalars: Int, file: String
  ) throws(TokenizerError) {
    guard let id = vocabulary.id(of: unknown) else {
      throw .missingToken(file: file, token: unknown)
    }
    self.vocabulary = vocabulary
    unknownPiece = unknown
    unknownID = Int32(truncatingIfNeeded: id)
    self.maximumScalars = maximumScalars
    let prefix = Array(prefix.utf8)
    self.prefix = prefix
    prefixHash = prefix.reduce(Vocabulary.hashSeed, Vocabulary.hash)
    longestContinuation = max(0, vocabulary.longest(after: prefix) - prefix.count)
  }

  init(_ json: JSONObject, _ context: SubwordContext) throws(TokenizerError) {
    let pieces = try PieceList(try json.required("vocab"))
    try self.init(
      vocabulary: try Vocabulary(pieces, elsewhere: context.addedIDs, file: json.file),
      unknown: try json.string("unk_token", default: "[UNK]"),
      prefix: try json.string("continuing_subword_prefix", default: "##"),
      maximumScalars: try json.integer("max_input_chars_per_word", default: 100), file: json.file)
  }

  @inline(__always)
  package func tokenize(
    _ word: UnsafeBufferPointer<UInt8>, base: Int32, into state: inout SequenceState
  ) {
    tokenize(word, base: base, number: state.word, into: &state.tokens)
  }

  @inline(__always)
  private func tokenize(
    _ word: UnsafeBufferPointer<UInt8>, base: Int32, number: Int32, into tokens: inout [Token]
  ) {
    let length = Int32(truncatingIfNeeded: word.count)
    if word.count > maximumScalars, word.count(where: { !$0.isContinuation }) > maximumScalars {
      tokens.append(Token(id: unknownID, start: base, end: base + length, word: number))
      return
    }
    if word.count <= vocabulary.longest {
      var state = Vocabulary.hashSeed
      for byte in word { state = Vocabulary.hash(state, byte) }
      if let id = vocabulary.find(state, tail: word) {
        tokens.append(Token(id: id, start: base, end: base + length, word: number))
        return
      }
    }
    let first = tokens.count
    var start = 0
    while start < word.count {
      guard let (id, count) = longestPiece(of: UnsafeBufferPointer(rebasing: word[start...]), start > 0)
      else {
        tokens.removeSubrange(first...)
        tokens.append(Token(id: unknownID, start: base, end: base + length, word: number))
        return
      }
      let from = base + Int32(truncatingIfNeeded: start)
      tokens.append(
        Token(id: id, start: from, end: from + Int32(truncatingIfNeeded: count), word: number))
      start += count
    }
  }

  /// The longest piece that the bytes start with, and how many of them it covers.
  private func longestPiece(
    of rest: UnsafeBufferPointer<UInt8>, _ isContinuation: Bool
  ) -> (Int32, Int)? {
    let limit = min(rest.count, isContinuation ? longestContinuation : vocabulary.longest)
    return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: limit + 1) { hashes in
      hashes[0] = isContinuation ? prefixHash : Vocabulary.hashSeed
      for index in 0..<limit { hashes[index + 1] = Vocabulary.hash(hashes[index], rest[index]) }
      var length = limit
      while length > 0 {
        if length == rest.count || !rest[length].isContinuation,
          let id = vocabulary.find(
            hashes[length], prefix: isContinuation ? prefix : [],
            tail: UnsafeBufferPointer(rebasing: rest[..<length]))
        {
          return (id, length)
        }
        length -= 1
      }
      return nil
    }
  }
}
