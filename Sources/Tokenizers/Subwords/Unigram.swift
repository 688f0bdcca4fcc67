/// The likeliest of all ways to cut a word into pieces with a probability each (Kudo 2018), by Viterbi's search.
package struct Unigram: Subword {
  package let vocabulary: Vocabulary
  /// The logarithms of the pieces' probabilities.
  let scores: [Double]
  let unknownID: Int32?
  private let trie: PieceTrie
  private let bytePieces: [Int32?]?
  private let unknownScore: Double
  /// Whether sums are rounded to single precision and go on from word to word, as in SentencePiece. Which of two
  /// equally likely ways wins, as in a row of equal characters, depends on the rounding.
  private let isSinglePrecision: Bool
  private let file: String
  /// What the scores of a remembered stretch can add to a sum at most.
  private let sway: Double

  /// How much worse than the worst piece an unknown character is.
  private static let unknownPenalty = 10.0

  /// The best way to a place in a word: where its last piece starts, which that is, and what all cost.
  struct Node: Sendable {
    var score = 0.0
    var start: Int32 = -1
    var id: Int32 = 0
  }

  package var unknown: String? { unknownID.flatMap { vocabulary.piece(of: Int($0)) } }

  /// `lowest` is the score that an unknown character's is below, that of the worst piece where it is nil; `unmatched` are
  /// the ids of pieces that no text is cut into.
  init(
    vocabulary: Vocabulary, scores: [Double], unknownID: Int?, fallsBackToBytes: Bool, file: String,
    lowest: Double? = nil, unmatched: Set<Int> = [], isSinglePrecision: Bool = false
  ) throws(TokenizerError) {
    if let unknownID, !scores.indices.contains(unknownID) { throw .missingID(file: file, id: unknownID) }
    self.vocabulary = vocabulary
    self.scores = scores
    self.unknownID = unknownID.map { Int32(truncatingIfNeeded: $0) }
    self.file = file
    self.isSinglePrecision = isSinglePrecision
    bytePieces = fallsBackToBytes ? BPE.bytePieces(vocabulary) : nil
    let unknown = (lowest ?? scores.min() ?? 0) - Self.unknownPenalty
    unknownScore = isSinglePrecision ? Double(Float(unknown)) : unknown
    trie = PieceTrie(vocabulary, without: unmatched)
    sway = Double(Self.longestCounted) * scores.reduce(abs(unknown)) { max($0, abs($1)) }
  }

  /// The longest word in bytes that is remembered where sums are rounded.
  private static let longestCounted = 64

  package func size(of score: Double) -> Int {
    // A file may hold scores of any size, and such as are no numbers.
    isSinglePrecision ? max(-64, min(254, (abs(score) + sway).exponent)) + 1 : 0
  }

  package func recount(_ tokens: ArraySlice<Token>, into state: inout SequenceState) {
    guard isSinglePrecision else { return }
    for token in tokens { state.score = Double(Float(scores[Int(token.id)] + state.score)) }
  }

  init(_ json: JSONObject, _ context: SubwordContext) throws(TokenizerError) {
    var scores: [Double] = []
    let pieces = try PieceList(scored: try json.required("vocab"), scores: &scores)
    try self.init(
      vocabulary: try Vocabulary(pieces, elsewhere: context.addedIDs, repeats: true, file: json.file),
      scores: scores, unknownID: try json.optional("unk_id")?.integer(),
      fallsBackToBytes: try json.boolean("byte_fallback", default: false), file: json.file)
  }

  package func tokenize(
    _ word: UnsafeBufferPointer<UInt8>, base: Int32, into state: inout SequenceState
  ) {
    var path: [Node] = []
    swap(&path, &state.workspace.path)
    defer { swap(&path, &state.workspace.path) }
    path.removeAll(keepingCapacity: true)
    path.append(contentsOf: repeatElement(Node(), count: word.count + 1))
    if isSinglePrecision { path[0].score = state.score }
    var margin = Double.infinity
    guard path.withUnsafeMutableBufferPointer({ search(word, $0, &margin) }) else {
      state.failure = .missingToken(file: file, token: "<unk>")
      return
    }
    if isSinglePrecision {
      let reach =
        word.count > Self.longestCounted
        ? Reach.none : Reach.reach(margin: margin, additions: word.count, size: size(of: state.score))
      state.reach = min(state.reach, reach)
      state.score = path[word.count].score
    }
    emit(word, path, base: base, into: &state)
  }

  /// Finds the best way to every place; false where an unknown character has no piece to stand for it.
  /// - Parameter margin: lowered to that of the closest choice, where sums are rounded
  private func search(
    _ word: UnsafeBufferPointer<UInt8>, _ path: UnsafeMutableBufferPointer<Node>, _ margin: inout Double
  ) -> Bool {
    var start = 0
    while start < word.count {
      var next = start
      _ = word.scalar(at: &next)
      let score = path[start].score
      var coversScalar = false
      trie.forEachPiece(startingAt: start, in: word) { id, end in
        coversScalar = coversScalar || end == next
        improve(&path[end], scores[Int(id)] + score, start, id, &margin)
      }
      if !coversScalar {
        guard let unknownID else { return false }
        improve(&path[next], unknownScore + score, start, unknownID, &margin)
      }
      start = next
    }
    return true
  }

  @inline(__always)
  private func improve(_ node: inout Node, _ score: Double, _ start: Int, _ id: Int32, _ margin: inout Double) {
    let score = isSinglePrecision ? Double(Float(score)) : score
    if isSinglePrecision, node.start >= 0 { margin = min(margin, abs(score - node.score)) }
    if node.start < 0 || score > node.score {
      node = Node(score: score, start: Int32(truncatingIfNeeded: start), id: id)
    }
  }

  /// Appends the pieces of the best way; unknown ones side by side become one.
  private func emit(
    _ word: UnsafeBufferPointer<UInt8>, _ path: [Node], base: Int32, into state: inout SequenceState
  ) {
    let first = state.tokens.count
    var end = word.count
    while end > 0 {
      let node = path[end]
      var start = Int(node.start)
      if node.id == unknownID {
        while start > 0, path[start].id == unknownID { start = Int(path[start].start) }
      }
      let bounds = (base + Int32(truncatingIfNeeded: start), base + Int32(truncatingIfNeeded: end))
      state.tokens.append(Token(id: node.id, start: bounds.0, end: bounds.1, word: state.word))
      end = start
    }
    state.tokens[first...].reverse()
    if state.tokens[first...].contains(where: { $0.id == unknownID }) {
      // Several may have become one, or bytes: their scores cannot be told from the tokens.
      state.reach = Reach.none
      name(word, from: first, base, &state)
    }
  }

  /// Gives unknown pieces their text, or the pieces of their bytes.
  private func name(
    _ word: UnsafeBufferPointer<UInt8>, from first: Int, _ base: Int32, _ state: inout SequenceState
  ) {
    let tokens = Array(state.tokens[first...])
    state.tokens.removeSubrange(first...)
    for var token in tokens {
      guard token.id == unknownID else {
        state.tokens.append(token)
        continue
      }
      let text = UnsafeBufferPointer(rebasing: word[Int(token.start - base)..<Int(token.end - base)])
      if let id = vocabulary.find(text.reduce(Vocabulary.hashSeed, Vocabulary.hash), tail: text) {
        token.id = id
        state.tokens.append(token)
        continue
      }
      if let bytePieces {
        let pieces = text.compactMap { bytePieces[Int($0)] }
        if pieces.count == text.count {
          for piece in pieces {
            token.id = piece
            state.tokens.append(token)
          }
          continue
        }
      }
      state.texts[state.tokens.count] = String(decoding: text, as: UTF8.self)
      state.tokens.append(token)
    }
  }
}

/// The pieces of a vocabulary by their bytes: a flat hash table from a node and a byte to the next node.
struct PieceTrie: Sendable {
  /// The node and byte in the upper 40 bits, the next node in the lower 24; 0 is free.
  private var slots: [UInt64]
  private let mask: Int
  private let shift: UInt64
  /// The piece that ends at each node, or -1.
  private var pieces: [Int32] = [-1]

  private static let mostNodes = 1 << 24

  init(_ vocabulary: Vocabulary, without unmatched: Set<Int> = []) {
    self.init(
      (0..<vocabulary.count).map { id in
        guard !unmatched.contains(id) else { return [] }
        let start = Int(vocabulary.starts[id])
        return vocabulary.bytes[start..<(start + max(0, Int(vocabulary.lengths[id])))]
      })
  }

  /// The pieces by their place in a list; empty ones are left out.
  init(_ list: [ArraySlice<UInt8>]) {
    var capacity = 1024
    while capacity < min(list.reduce(0) { $0 + $1.count }, Self.mostNodes) * 2 { capacity *= 2 }
    slots = Array(repeating: 0, count: capacity)
    mask = capacity - 1
    shift = UInt64(64 - capacity.trailingZeroBitCount)
    for (id, piece) in list.enumerated() where !piece.isEmpty { add(piece, Int32(truncatingIfNeeded: id)) }
  }

  @inline(__always)
  private func slot(_ key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift) }

  private mutating func add(_ bytes: ArraySlice<UInt8>, _ id: Int32) {
    var node = 0
    for byte in bytes {
      let key = UInt64(node) << 8 | UInt64(byte) | 1 << 32
      var slot = slot(key)
      while slots[slot] != 0, slots[slot] >> 24 != key { slot = (slot + 1) & mask }
      if slots[slot] == 0 {
        guard pieces.count < Self.mostNodes else { return }
        slots[slot] = key << 24 | UInt64(pieces.count)
        pieces.append(-1)
      }
      node = Int(slots[slot] & 0xFF_FFFF)
    }
    pieces[node] = id
  }

  /// The longest piece that the text has at a position, and its end.
  func longest(at start: Int, in text: UnsafeBufferPointer<UInt8>) -> (id: Int32, end: Int)? {
    var longest: (id: Int32, end: Int)?
    forEachPiece(startingAt: start, in: text) { longest = ($0, $1) }
    return longest
  }

  /// Calls the body with every piece that the text has at a position, and its end, shortest first.
  @inline(__always)
  func forEachPiece(
    startingAt start: Int, in text: UnsafeBufferPointer<UInt8>, _ body: (_ id: Int32, _ end: Int) -> Void
  ) {
    slots.withUnsafeBufferPointer { slots in
      var (node, position) = (0, start)
      while position < text.count {
        let key = UInt64(node) << 8 | UInt64(text[position]) | 1 << 32
        var slot = slot(key)
        while slots[slot] != 0, slots[slot] >> 24 != key { slot = (slot + 1) & mask }
        if slots[slot] == 0 { return }
        node = Int(slots[slot] & 0xFF_FFFF)
        position += 1
        if pieces[node] >= 0 { body(pieces[node], position) }
      }
    }
  }
}
