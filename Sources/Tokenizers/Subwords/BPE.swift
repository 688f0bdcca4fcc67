/// Byte-pair encoding: a word's characters are merged pair by pair in the order that training found
/// (Sennrich, Haddow and Birch 2016).
package struct BPE: Subword {
  package let vocabulary: Vocabulary
  package let unknown: String?
  let merges: MergeTable
  private let unknownID: Int32?
  /// What goes before every character but a word's first, and after its last.
  private let prefix: [UInt8]
  private let suffix: [UInt8]
  private let fusesUnknown: Bool
  /// The pieces of the 256 bytes, for characters that have none; nil where the model does without.
  private let bytePieces: [Int32?]?
  private let ignoresMerges: Bool
  /// The probability that a merge is passed over, for training on varied pieces.
  private let dropout: Double
  /// Pieces that are never cut nor merged where the text has them.
  private let atoms: PieceTrie?
  /// The pieces of the first scalars by themselves, -1 where there is none.
  private let direct: [Int32]
  private let file: String

  package var isDeterministic: Bool { dropout == 0 || dropout == 1 }

  /// A piece in the making, and what it and the next would become.
  struct Symbol: Sendable {
    var id: Int32
    /// In bytes of the word.
    var length: Int32
    var rank: UInt32 = .max
    var merged: Int32 = 0
    /// Neighbours, for words so long that moving symbols would be slow.
    var previous: Int32 = -1
    var next: Int32 = -1
  }

  /// Up to this many symbols are searched and moved; more go through a queue.
  private static let longestSimple = 96

  init(
    vocabulary: Vocabulary, merges: MergeTable, settings: Settings, file: String
  ) throws(TokenizerError) {
    self.vocabulary = vocabulary
    self.merges = merges
    self.file = file
    unknown = settings.unknown
    unknownID = settings.unknown.flatMap { vocabulary.id(of: $0) }.map { Int32(truncatingIfNeeded: $0) }
    prefix = Array(settings.prefix.utf8)
    suffix = Array(settings.suffix.utf8)
    fusesUnknown = settings.fusesUnknown
    ignoresMerges = settings.ignoresMerges
    dropout = settings.dropout
    atoms = settings.atoms
    bytePieces = settings.fallsBackToBytes ? Self.bytePieces(vocabulary) : nil
    direct = (0..<0x180).map { (scalar: UInt32) in
      let text = Unicode.Scalar(scalar).map { String($0) } ?? ""
      return vocabulary.id(of: text).map { Int32(truncatingIfNeeded: $0) } ?? -1
    }
  }

  /// What a file says beside vocabulary and merges.
  struct Settings {
    var unknown: String?
    var prefix = ""
    var suffix = ""
    var fusesUnknown = false
    var fallsBackToBytes = false
    var ignoresMerges = false
    var dropout = 0.0
    var atoms: PieceTrie?
  }

  static func bytePieces(_ vocabulary: Vocabulary) -> [Int32?] {
    (0..<256).map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return vocabulary.id(of: "<0x\(byte < 16 ? "0" : "")\(digits)>").map { Int32(truncatingIfNeeded: $0) }
    }
  }

  package func tokenize(
    _ word: UnsafeBufferPointer<UInt8>, base: Int32, into state: inout SequenceState
  ) {
    if ignoresMerges, word.count <= vocabulary.longest {
      if let id = vocabulary.find(word.reduce(Vocabulary.hashSeed, Vocabulary.hash), tail: word) {
        let end = base + Int32(truncatingIfNeeded: word.count)
        return state.tokens.append(Token(id: id, start: base, end: end, word: state.word))
      }
    }
    var symbols: [Symbol] = []
    swap(&symbols, &state.workspace.symbols)
    symbols.removeAll(keepingCapacity: true)
    begin(word, &symbols, &state)
    if symbols.count > 1, dropout < 1 {
      if dropout > 0 {
        mergeSome(&symbols)
      } else if symbols.count <= Self.longestSimple {
        mergeSimply(&symbols)
      } else {
        merge(&symbols, queue: &state.workspace.queue)
      }
    }
    var start = base
    for symbol in symbols {
      state.tokens.append(Token(id: symbol.id, start: start, end: start + symbol.length, word: state.word))
      start += symbol.length
    }
    // The bytes of a prefix or suffix are no part of the text: what they push past its end belongs to the last one.
    let end = base + Int32(truncatingIfNeeded: word.count)
    if start > end {
      for index in (state.tokens.count - symbols.count)..<state.tokens.count {
        state.tokens[index].start = min(state.tokens[index].start, end - 1)
        state.tokens[index].end = min(state.tokens[index].end, end)
      }
    }
    swap(&symbols, &state.workspace.symbols)
  }

  /// A symbol for each character, or for each byte of one that has no piece, or the unknown piece.
  private func begin(
    _ word: UnsafeBufferPointer<UInt8>, _ symbols: inout [Symbol], _ state: inout SequenceState
  ) {
    var waiting: Symbol?
    var position = 0
    while position < word.count {
      let start = position
      if let atom = atoms?.longest(at: start, in: word) {
        if let unknown = waiting { symbols.append(unknown) }
        waiting = nil
        symbols.append(Symbol(id: atom.id, length: Int32(truncatingIfNeeded: atom.end - start)))
        position = atom.end
        continue
      }
      let scalar = word.scalar(at: &position)
      let length = Int32(truncatingIfNeeded: position - start)
      let character = UnsafeBufferPointer(rebasing: word[start..<position])
      if let id = piece(of: scalar, character, isFirst: start == 0, isLast: position == word.count) {
        if let unknown = waiting { symbols.append(unknown) }
        waiting = nil
        symbols.append(Symbol(id: id, length: length))
        continue
      }
      if let bytePieces {
        let text = decorated(character, isFirst: start == 0, isLast: position == word.count)
        let pieces = text.compactMap { bytePieces[Int($0)] }
        if pieces.count == text.count {
          symbols += pieces.map { Symbol(id: $0, length: 1) }
          continue
        }
      }
      guard let unknown else { continue }
      guard let unknownID else {
        state.failure = .missingToken(file: file, token: unknown)
        return
      }
      if fusesUnknown, let before = waiting {
        waiting = Symbol(id: unknownID, length: before.length + length)
      } else {
        if let before = waiting { symbols.append(before) }
        waiting = Symbol(id: unknownID, length: length)
      }
    }
    if let unknown = waiting { symbols.append(unknown) }
  }

  @inline(__always)
  private func piece(
    of scalar: UInt32, _ character: UnsafeBufferPointer<UInt8>, isFirst: Bool, isLast: Bool
  ) -> Int32? {
    guard isFirst || prefix.isEmpty, !isLast || suffix.isEmpty else {
      let text = decorated(character, isFirst: isFirst, isLast: isLast)
      return text.withUnsafeBufferPointer {
        vocabulary.find($0.reduce(Vocabulary.hashSeed, Vocabulary.hash), tail: $0)
      }
    }
    if scalar < 0x180 {
      let id = direct[Int(scalar)]
      return id < 0 ? nil : id
    }
    return vocabulary.find(character.reduce(Vocabulary.hashSeed, Vocabulary.hash), tail: character)
  }

  private func decorated(
    _ character: UnsafeBufferPointer<UInt8>, isFirst: Bool, isLast: Bool
  ) -> [UInt8] {
    (isFirst ? [] : prefix) + character + (isLast ? suffix : [])
  }

  @inline(__always)
  private func rank(_ symbol: inout Symbol, before next: Int32) {
    let merge = merges.find(symbol.id, next)
    symbol.rank = merge?.rank ?? .max
    symbol.merged = merge?.id ?? 0
  }

  /// Merges by looking through the symbols for the lowest rank each time.
  private func mergeSimply(_ symbols: inout [Symbol]) {
    symbols.withUnsafeMutableBufferPointer { symbols in
      var count = symbols.count
      for index in 0..<(count - 1) { rank(&symbols[index], before: symbols[index + 1].id) }
      while true {
        var (best, position) = (UInt32.max, 0)
        for index in 0..<(count - 1) where symbols[index].rank < best {
          (best, position) = (symbols[index].rank, index)
        }
        if best == .max { break }
        symbols[position].id = symbols[position].merged
        symbols[position].length += symbols[position + 1].length
        count -= 1
        for index in (position + 1)..<max(position + 1, count) { symbols[index] = symbols[index + 1] }
        symbols[position].rank = .max
        if position + 1 < count { rank(&symbols[position], before: symbols[position + 1].id) }
        if position > 0 { rank(&symbols[position - 1], before: symbols[position].id) }
      }
      for index in count..<symbols.count { symbols[index].length = 0 }
    }
    while symbols.last?.length == 0 { symbols.removeLast() }
  }

  /// Merges with a queue of what is possible, in time that is nearly linear.
  private func merge(_ symbols: inout [Symbol], queue: inout MergeQueue) {
    queue.removeAll()
    for index in symbols.indices {
      symbols[index].previous = Int32(truncatingIfNeeded: index - 1)
      symbols[index].next = Int32(truncatingIfNeeded: index + 1 < symbols.count ? index + 1 : -1)
      offer(index, &symbols, &queue)
    }
    while let (rank, position) = queue.removeFirst() {
      guard symbols[position].length > 0, symbols[position].rank == rank, symbols[position].next >= 0 else { continue }
      let next = Int(symbols[position].next)
      symbols[position].id = symbols[position].merged
      symbols[position].length += symbols[next].length
      symbols[position].next = symbols[next].next
      symbols[next].length = 0
      if symbols[next].next >= 0 { symbols[Int(symbols[next].next)].previous = Int32(truncatingIfNeeded: position) }
      offer(position, &symbols, &queue)
      if symbols[position].previous >= 0 { offer(Int(symbols[position].previous), &symbols, &queue) }
    }
    symbols.removeAll { $0.length == 0 }
  }

  private func offer(_ position: Int, _ symbols: inout [Symbol], _ queue: inout MergeQueue) {
    symbols[position].rank = .max
    guard symbols[position].next >= 0 else { return }
    let next = symbols[Int(symbols[position].next)].id
    rank(&symbols[position], before: next)
    if symbols[position].rank != .max { queue.insert(rank: symbols[position].rank, position: position) }
  }

  /// Merges in order, but passes over each possible merge with the probability of the dropout, anew after
  /// every merge (Provilkov, Emelianenko and Voita 2020). Long words are cut, as every pair is drawn each time.
  private func mergeSome(_ symbols: inout [Symbol]) {
    var result: [Symbol] = []
    for start in stride(from: 0, to: symbols.count, by: 512) {
      var part = Array(symbols[start..<min(start + 512, symbols.count)])
      while part.count > 1 {
        for index in part.indices.dropLast() { rank(&part[index], before: part[index + 1].id) }
        let possible = part.indices.dropLast().filter { part[$0].rank != .max }
          .sorted { (part[$0].rank, $0) < (part[$1].rank, $1) }
        guard let chosen = possible.first(where: { _ in Double.random(in: 0..<1) >= dropout }) else { break }
        part[chosen].id = part[chosen].merged
        part[chosen].length += part[chosen + 1].length
        part.remove(at: chosen + 1)
      }
      result += part
    }
    symbols = result
  }
}
