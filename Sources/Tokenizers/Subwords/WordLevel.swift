/// Every word is a piece or unknown.
package struct WordLevel: Subword {
  package let vocabulary: Vocabulary
  package let unknown: String?
  private let unknownID: Int32?
  private let file: String

  init(_ json: JSONObject, _ context: SubwordContext) throws(TokenizerError) {
    vocabulary = try Vocabulary(
      try PieceList(try json.required("vocab")), elsewhere: context.addedIDs, file: json.file)
    let unknown = try json.string("unk_token", default: "<unk>")
    unknownID = vocabulary.id(of: unknown).map { Int32(truncatingIfNeeded: $0) }
    self.unknown = unknown
    file = json.file
  }

  package func tokenize(
    _ word: UnsafeBufferPointer<UInt8>, base: Int32, into state: inout SequenceState
  ) {
    let found = vocabulary.find(word.reduce(Vocabulary.hashSeed, Vocabulary.hash), tail: word)
    guard let id = found ?? unknownID else {
      state.failure = .missingToken(file: file, token: unknown ?? "<unk>")
      return
    }
    let end = base + Int32(truncatingIfNeeded: word.count)
    state.tokens.append(Token(id: id, start: base, end: end, word: state.word))
  }
}
