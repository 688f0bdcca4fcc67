import Foundation

/// Learns the pieces of a unigram model and their probabilities by expectation maximisation (Kudo 2018), as
/// SentencePiece and Hugging Face do: from all frequent substrings down to the size wanted.
///
/// Every sum and every sort has a fixed order, so that one text gives the same pieces each time.
package struct UnigramTrainer {
  package struct Settings: Sendable {
    package var size: Int
    /// Pieces that come first, with a score of 0.
    package var special: [String] = ["<unk>"]
    package var longestPiece = 16
    package var mostSeeds = 1_000_000
    /// How much of the pieces a round keeps.
    package var shrinking = 0.75
    package var steps = 2

    package init(size: Int) { self.size = size }
  }

  struct Piece {
    var bytes: ArraySlice<UInt8>
    var scalars: Int
    /// The logarithm of its probability; nil for one that is out.
    var score: Double?
  }

  private let settings: Settings
  private let words: WordCounts
  private var pieces: [Piece]
  /// The pieces in the order in which the last ones are given up first.
  private var order: [Int]
  private let trie: PieceTrie
  /// How often each character occurs.
  private let characters: [(scalar: UInt32, count: Int)]

  /// A word is looked at up to this length; what is longer is no word.
  private static let longestWord = 256

  package init(_ words: WordCounts, _ settings: Settings) {
    self.words = words
    self.settings = settings
    var counts: [UInt32: Int] = [:]
    for word in words.words {
      for scalar in Array(words.text(of: word)).scalars { counts[scalar, default: 0] += word.count }
    }
    characters = counts.map { (scalar: $0.key, count: $0.value) }
      .sorted { ($0.count, $1.scalar) > ($1.count, $0.scalar) }
    var seeds = SubstringCounts(longest: settings.longestPiece, longestWord: Self.longestWord)
    for word in words.words { seeds.add(words.text(of: word)) }
    let characterPieces = characters.map { scalar, count in
      (bytes: Array(scalars: [scalar])[...], scalars: 1, score: Double(count))
    }
    let all = characterPieces + seeds.best(max(0, settings.mostSeeds - characterPieces.count))
    let logarithm = log(all.reduce(0) { $0 + $1.score })
    pieces = all.map { Piece(bytes: $0.bytes, scalars: $0.scalars, score: log($0.score) - logarithm) }
    order = Array(pieces.indices)
    trie = PieceTrie(all.map(\.bytes))
  }

  /// How many pieces there are at least: the special ones and a text's characters.
  package var leastSize: Int { characters.count + settings.special.count }

  package var count: Int { pieces.count { $0.score != nil } }

  private var wanted: Int { settings.size * 11 / 10 }

  /// Runs until few enough pieces are left and returns them with their scores, special ones first.
  ///
  /// `between` is called after every round with the pieces that are left, and may throw.
  package mutating func train(
    between: (Int) throws -> Void
  ) rethrows -> [(piece: [UInt8], score: Double)] {
    while true {
      for _ in 0..<settings.steps { maximize(expected()) }
      try between(count)
      if count <= wanted { break }
      let before = count
      prune()
      if count == before { break }
    }
    return final()
  }

  // MARK: Expectation and maximisation

  /// A piece over a part of a word.
  private struct Edge {
    var start: Int
    var end: Int
    var piece: Int32
  }

  /// The pieces that occur in a word, by where they start.
  private func edges(of word: UnsafeBufferPointer<UInt8>, into edges: inout [Edge]) {
    edges.removeAll(keepingCapacity: true)
    for start in 0..<word.count where !word[start].isContinuation {
      trie.forEachPiece(startingAt: start, in: word) { piece, end in
        if pieces[Int(piece)].score != nil { edges.append(Edge(start: start, end: end, piece: piece)) }
      }
    }
  }

  /// How often each piece is expected over all ways to cut all words.
  ///
  /// Each scalar lends its piece a constant factor, which falls out of the quotient and keeps numbers in range.
  private func expected() -> [Double] {
    let factor = 4.0
    let chances = pieces.map { piece in piece.score.map { exp($0 + factor * Double(piece.scalars)) } ?? 0 }
    var expected = [Double](repeating: 0, count: pieces.count)
    var edges: [Edge] = []
    var (forward, backward): ([Double], [Double]) = ([], [])
    for word in words.words where Int(word.length) <= Self.longestWord {
      words.text(of: word).withUnsafeBufferPointer { bytes in
        self.edges(of: bytes, into: &edges)
        forward = Array(repeating: 0, count: bytes.count + 1)
        backward = forward
        forward[0] = 1
        backward[bytes.count] = 1
        for edge in edges { forward[edge.end] += forward[edge.start] * chances[Int(edge.piece)] }
        for edge in edges.reversed() { backward[edge.start] += backward[edge.end] * chances[Int(edge.piece)] }
        let total = forward[bytes.count]
        guard total > 0, total.isFinite else { return }
        let weight = Double(word.count) / total
        for edge in edges {
          expected[Int(edge.piece)] += forward[edge.start] * chances[Int(edge.piece)] * backward[edge.end] * weight
        }
      }
    }
    return expected
  }

  /// Sets the scores from expected counts, with digamma in place of the logarithm, which favours frequent pieces.
  private mutating func maximize(_ expected: [Double]) {
    let least = 0.5
    let sum = expected.indices.reduce(0.0) { sum, piece in
      pieces[piece].score != nil && expected[piece] >= least ? sum + expected[piece] : sum
    }
    let logarithm = Self.digamma(sum)
    for piece in pieces.indices where pieces[piece].score != nil {
      pieces[piece].score = expected[piece] < least ? nil : Self.digamma(expected[piece]) - logarithm
    }
  }

  /// The derivative of the logarithm of the gamma function, by recurrence and asymptotic series.
  static func digamma(_ number: Double) -> Double {
    var (x, result) = (number, 0.0)
    while x < 7 {
      result -= 1 / x
      x += 1
    }
    x -= 0.5
    let inverse = 1 / x
    let square = inverse * inverse
    let fourth = square * square
    return result + log(x) + (1.0 / 24) * square - (7.0 / 960) * fourth + (31.0 / 8064) * fourth * square
      - (127.0 / 30720) * fourth * fourth
  }

  // MARK: Pruning

  /// Drops the pieces without which the text would be hardly less likely.
  private mutating func prune() {
    let alternatives = pieces.indices.map { alternative(to: $0) }
    var counts = [Double](repeating: 0, count: pieces.count)
    var total = 0.0
    var path: [Int32] = []
    for word in words.words where Int(word.length) <= Self.longestWord {
      _ = words.text(of: word).withUnsafeBufferPointer { best(of: $0, avoiding: nil, into: &path) }
      total += Double(word.count)
      for piece in path { counts[Int(piece)] += Double(word.count) }
    }
    let sum = counts.reduce(0, +)
    let present = count
    var kept: [Int] = []
    var losses: [(piece: Int, loss: Double)] = []
    for piece in pieces.indices where pieces[piece].score != nil {
      switch alternatives[piece] {
      case .split: if counts[piece] > 0 { kept.append(piece) }
      case .none: kept.append(piece)
      case .pieces(let others):
        guard counts[piece] > 0 else { continue }
        // Kudo counts the alternatives here. The reference counts all pieces, which keeps frequent ones longer and
        // makes fewer tokens of a text that was not seen.
        let logarithm = log(sum + counts[piece] * Double(present))
        let alternative = others.reduce(0.0) { $0 + log(counts[Int($1)] + counts[piece]) - logarithm }
        losses.append((piece, counts[piece] / total * (log(counts[piece]) - log(sum) - alternative)))
      }
    }
    let size = max(wanted, Int(Double(count) * settings.shrinking))
    losses.sort { $0.loss != $1.loss ? $0.loss > $1.loss : $0.piece < $1.piece }
    kept += losses.prefix(max(0, size - kept.count)).map(\.piece)
    order = kept
    let keeps = Set(kept)
    for piece in pieces.indices where !keeps.contains(piece) { pieces[piece].score = nil }
  }

  private enum Alternative {
    /// The piece is never used: other pieces are likelier.
    case split
    /// Nothing else covers it.
    case none
    case pieces([Int32])
  }

  private func alternative(to piece: Int) -> Alternative {
    guard let score = pieces[piece].score else { return .none }
    var path: [Int32] = []
    let others = pieces[piece].bytes.withUnsafeBufferPointer { best(of: $0, avoiding: piece, into: &path) }
    guard let others else { return .none }
    return others > score ? .split : .pieces(path)
  }

  /// The likeliest way to cut a word, and its score; nil where there is none.
  @discardableResult
  private func best(of word: UnsafeBufferPointer<UInt8>, avoiding avoided: Int?, into path: inout [Int32]) -> Double? {
    path.removeAll(keepingCapacity: true)
    var nodes = [Unigram.Node](repeating: .init(), count: word.count + 1)
    for start in 0..<word.count where !word[start].isContinuation && (start == 0 || nodes[start].start >= 0) {
      let before = nodes[start].score
      trie.forEachPiece(startingAt: start, in: word) { piece, end in
        guard Int(piece) != avoided, let score = pieces[Int(piece)].score else { return }
        if nodes[end].start < 0 || before + score > nodes[end].score {
          nodes[end] = .init(score: before + score, start: Int32(start), id: piece)
        }
      }
    }
    guard let last = nodes.last, last.start >= 0 else { return nil }
    var end = word.count
    while end > 0 {
      path.append(nodes[end].id)
      end = Int(nodes[end].start)
    }
    path.reverse()
    return last.score
  }

  /// The pieces in the order of their scores, every character of the text among them.
  private func final() -> [(piece: [UInt8], score: Double)] {
    let scores = pieces.compactMap(\.score)
    let lowest = scores.min() ?? 0
    var chosen: [(piece: [UInt8], score: Double)] = []
    var isTaken = Set<[UInt8]>(settings.special.map { Array($0.utf8) })
    var missing = 0
    for (index, character) in characters.enumerated() {
      let piece = Array(scalars: [character.scalar])
      guard isTaken.insert(piece).inserted else { continue }
      if pieces[index].score == nil { missing += 1 }
      chosen.append((piece, pieces[index].score ?? lowest - 0.0001 * Double(missing)))
    }
    let room = settings.size - settings.special.count
    for index in order where chosen.count < room && pieces[index].score != nil {
      let piece = Array(pieces[index].bytes)
      if isTaken.insert(piece).inserted { chosen.append((piece, pieces[index].score ?? 0)) }
    }
    chosen.sort { $0.score != $1.score ? $0.score > $1.score : $0.piece.lexicographicallyPrecedes($1.piece) }
    return settings.special.map { (Array($0.utf8), 0) } + chosen
  }
}

/// The substrings of words that occur in more than one surrounding, with how often they occur.
private struct SubstringCounts {
  private struct Entry {
    var count: Int32
    var start: Int32
    var length: UInt8
    var scalars: UInt8
    /// What follows: a byte, 256 for the end of a word, -1 for more than one of these.
    var next: Int16
  }

  private let longest: Int
  private let longestWord: Int
  private var bytes: [UInt8] = []
  private var numbers: [UInt64: Int32] = [:]
  private var entries: [Entry] = []

  init(longest: Int, longestWord: Int) {
    self.longest = longest
    self.longestWord = longestWord
  }

  mutating func add(_ word: ArraySlice<UInt8>) {
    guard word.count <= longestWord else { return }
    let base = bytes.count
    bytes += word
    for start in 0..<word.count where !bytes[base + start].isContinuation {
      var hash = Vocabulary.hashSeed
      var (position, scalars) = (start, 0)
      while position < word.count, scalars < longest {
        repeat {
          hash = Vocabulary.hash(hash, bytes[base + position])
          position += 1
        } while position < word.count && bytes[base + position].isContinuation
        scalars += 1
        guard scalars > 1 else { continue }
        let next = position < word.count ? Int16(bytes[base + position]) : 256
        if let number = numbers[hash] {
          entries[Int(number)].count += 1
          if entries[Int(number)].next != next { entries[Int(number)].next = -1 }
        } else if position - start < 256 {
          numbers[hash] = Int32(entries.count)
          entries.append(
            Entry(
              count: 1, start: Int32(base + start), length: UInt8(position - start), scalars: UInt8(scalars), next: next
            ))
        }
      }
    }
  }

  /// The substrings that cover most, the best first.
  func best(_ most: Int) -> [(bytes: ArraySlice<UInt8>, scalars: Int, score: Double)] {
    let repeated = entries.filter { $0.count > 1 && $0.next == -1 }
      .sorted { a, b in
        let (x, y) = (Int(a.count) * Int(a.scalars), Int(b.count) * Int(b.scalars))
        return x != y ? x > y : a.start < b.start || a.start == b.start && a.length < b.length
      }
    return repeated.prefix(most).map { entry in
      let start = Int(entry.start)
      return (
        bytes[start..<(start + Int(entry.length))], Int(entry.scalars), Double(Int(entry.count) * Int(entry.scalars))
      )
    }
  }
}
