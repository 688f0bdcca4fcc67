/// Learns byte-pair merges from word counts (Sennrich, Haddow and Birch 2016), the same as Hugging Face's trainer.
///
/// Of equally frequent pairs the one with the smaller ids goes first. Where a merge makes a piece that there is already, the
/// pair's later occurrences wait for a merge of their own; the reference does so, and the order of merges depends on it.
package struct BPETrainer {
  package struct Settings: Sendable {
    package var size: Int
    package var minimumCount = 0
    /// Pieces that come first and are never split.
    package var special: [String] = []
    /// Characters that are pieces even where the text has none of them.
    package var alphabet: [UInt32] = []
    /// At most so many characters become pieces; the rarest are left out.
    package var alphabetLimit: Int?
    package var prefix = ""

    package init(size: Int) { self.size = size }

    /// What a kind of tokenizer sets.
    package init(_ kind: TrainingKind, size: Int, lowercases: Bool) {
      self.init(size: size)
      special = kind.recipe(lowercases: lowercases).special
      if kind == .bpe { alphabet = ByteAlphabet.characters }
      if kind == .wordpiece { prefix = "##" }
    }
  }

  /// A merge as it happened.
  package struct Step: Equatable, Sendable {
    package let left: String
    package let right: String
    package let count: Int

    package init(left: String, right: String, count: Int) {
      self.left = left
      self.right = right
      self.count = count
    }
  }

  private struct Entry {
    var count: Int
    var pair: UInt64
    var positions: [Int32]
  }

  private let settings: Settings
  /// The vocabulary by id.
  private(set) var pieces: [[UInt8]] = []
  private var idOfPiece: [[UInt8]: Int32] = [:]
  /// The pairs in the order in which they merged; one may come twice.
  private(set) var merges: [(left: Int32, right: Int32, id: Int32)] = []

  private var symbols: [Int32] = []
  /// Where each word's symbols start and how many are left.
  private var starts: [Int] = []
  private var lengths: [Int32] = []
  private var counts: [Int] = []
  private var pairs = PairCounts()
  private var queue: [Entry] = []

  package init(_ words: WordCounts, _ settings: Settings) {
    self.settings = settings
    for piece in settings.special { add(Array(piece.utf8)) }
    addAlphabet(of: words)
    split(words)
    countPairs()
  }

  @discardableResult
  private mutating func add(_ piece: [UInt8]) -> Int32 {
    if let id = idOfPiece[piece] { return id }
    let id = Int32(pieces.count)
    idOfPiece[piece] = id
    pieces.append(piece)
    return id
  }

  private mutating func addAlphabet(of words: WordCounts) {
    var counts: [UInt32: Int] = [:]
    for word in words.words {
      for scalar in Array(words.text(of: word)).scalars { counts[scalar, default: 0] += word.count }
    }
    for scalar in settings.alphabet { counts[scalar] = .max }
    var kept = counts.map { (scalar: $0.key, count: $0.value) }
    if let limit = settings.alphabetLimit, kept.count > limit {
      kept.sort { ($0.count, $0.scalar) > ($1.count, $1.scalar) }
      kept.removeLast(kept.count - limit)
    }
    for scalar in kept.map(\.scalar).sorted() { add(Array(scalars: [scalar])) }
  }

  /// Makes symbols of every word's characters; those outside the alphabet are left out.
  private mutating func split(_ words: WordCounts) {
    let prefix = Array(settings.prefix.utf8)
    var first: [UInt32: Int32] = [:]
    var further: [UInt32: Int32] = [:]
    for word in words.words {
      starts.append(symbols.count)
      counts.append(word.count)
      for (index, scalar) in Array(words.text(of: word)).scalars.enumerated() {
        if let id = index == 0 ? first[scalar] : further[scalar] {
          symbols.append(id)
          continue
        }
        let piece = Array(scalars: [scalar])
        guard let plain = idOfPiece[piece] else { continue }
        let id = index == 0 || prefix.isEmpty ? plain : add(prefix + piece)
        if index == 0 { first[scalar] = id } else { further[scalar] = id }
        symbols.append(id)
      }
      lengths.append(Int32(symbols.count - (starts.last ?? 0)))
    }
  }

  private static func pair(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  private mutating func countPairs() {
    for word in starts.indices {
      let start = starts[word]
      for index in start..<(start + max(Int(lengths[word]) - 1, 0)) {
        pairs.change(Self.pair(symbols[index], symbols[index + 1]), by: counts[word], in: Int32(word))
      }
    }
    enqueueFresh()
  }

  /// Puts the pairs that have new positions into the queue.
  private mutating func enqueueFresh() {
    for (pair, positions) in pairs.takeFresh() {
      let count = pairs.count(of: pair)
      if count > 0 { push(Entry(count: count, pair: pair, positions: positions)) }
    }
  }

  /// The most frequent pairs, the next to merge first, with how often each occurs.
  package func candidates(_ most: Int) -> [Step] {
    let merged = Set(merges.map { Self.pair($0.left, $0.right) })
    return pairs.all.filter { $0.count > 0 && $0.count >= settings.minimumCount && !merged.contains($0.pair) }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.pair < $1.pair }.prefix(most)
      .map { step($0.pair, $0.count) }
  }

  private func step(_ pair: UInt64, _ count: Int) -> Step {
    let text = { (id: UInt64) in String(decoding: pieces[Int(id & 0xFFFF_FFFF)], as: UTF8.self) }
    return Step(left: text(pair >> 32), right: text(pair), count: count)
  }

  /// The piece that the last merge made.
  package var newestPiece: String { merges.last.map { String(decoding: pieces[Int($0.id)], as: UTF8.self) } ?? "" }

  package var isComplete: Bool { pieces.count >= settings.size }

  /// Does the next merge and says which it was; nil where nothing is left to merge or the size is reached.
  package mutating func next() -> Step? {
    guard !isComplete else { return nil }
    while var entry = pop() {
      let count = pairs.count(of: entry.pair)
      if entry.count != count {
        entry.count = count
        push(entry)
        continue
      }
      guard count >= 1, count >= settings.minimumCount else { return nil }
      return merge(entry)
    }
    return nil
  }

  private mutating func merge(_ entry: Entry) -> Step {
    let (left, right) = (Int32(truncatingIfNeeded: entry.pair >> 32), Int32(truncatingIfNeeded: entry.pair))
    let prefix = Array(settings.prefix.utf8)
    var second = pieces[Int(right)][...]
    if !prefix.isEmpty, second.starts(with: prefix) { second = second.dropFirst(prefix.count) }
    let id = add(pieces[Int(left)] + second)
    merges.append((left, right, id))
    for word in entry.positions { merge(left, right, into: id, word: Int(word)) }
    enqueueFresh()
    return step(entry.pair, entry.count)
  }

  private mutating func merge(_ left: Int32, _ right: Int32, into id: Int32, word: Int) {
    let start = starts[word]
    let (number, count) = (Int32(word), counts[word])
    var length = Int(lengths[word])
    var index = 0
    symbols.withUnsafeMutableBufferPointer { symbols in
      while index < length {
        let place = start + index
        if symbols[place] == left, index + 1 < length, symbols[place + 1] == right {
          if index > 0 {
            pairs.change(Self.pair(symbols[place - 1], left), by: -count, in: nil)
            pairs.change(Self.pair(symbols[place - 1], id), by: count, in: number)
          }
          symbols[place] = id
          length -= 1
          for next in (place + 1)..<max(place + 1, start + length) { symbols[next] = symbols[next + 1] }
          if index + 1 < length {
            pairs.change(Self.pair(right, symbols[place + 1]), by: -count, in: nil)
            pairs.change(Self.pair(id, symbols[place + 1]), by: count, in: number)
          }
        }
        index += 1
      }
    }
    lengths[word] = Int32(length)
  }

  /// The symbols that a word of the text consists of now, for looking on.
  package func pieces(ofWord number: Int) -> [String] {
    guard starts.indices.contains(number) else { return [] }
    let range = starts[number]..<(starts[number] + Int(lengths[number]))
    return symbols[range].map { String(decoding: pieces[Int($0)], as: UTF8.self) }
  }

  /// The pairs that merge, in order; of one that came twice the last time counts, as in the reference.
  var mergesInOrder: [(left: [UInt8], right: [UInt8])] {
    var last: [UInt64: Int] = [:]
    for (index, merge) in merges.enumerated() { last[Self.pair(merge.left, merge.right)] = index }
    return merges.enumerated().filter { last[Self.pair($1.left, $1.right)] == $0 }
      .map { (pieces[Int($1.left)], pieces[Int($1.right)]) }
  }

  // MARK: The queue, a binary heap with the most frequent pair on top, of equals the one with the smallest ids.

  private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
    a.count != b.count ? a.count > b.count : a.pair < b.pair
  }

  private mutating func push(_ entry: Entry) {
    queue.append(entry)
    var index = queue.count - 1
    while index > 0, Self.precedes(queue[index], queue[(index - 1) / 2]) {
      queue.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func pop() -> Entry? {
    guard !queue.isEmpty else { return nil }
    queue.swapAt(0, queue.count - 1)
    let top = queue.removeLast()
    var index = 0
    while true {
      var child = 2 * index + 1
      guard child < queue.count else { break }
      if child + 1 < queue.count, Self.precedes(queue[child + 1], queue[child]) { child += 1 }
      guard Self.precedes(queue[child], queue[index]) else { break }
      queue.swapAt(index, child)
      index = child
    }
    return top
  }
}

/// How often each pair occurs, and in which words it has come up since that was last asked.
private struct PairCounts {
  private var numbers: [UInt64: Int32] = [:]
  private var counts: [Int] = []
  private var keys: [UInt64] = []
  private var positions: [[Int32]] = []
  private var fresh: [Int32] = []

  var all: [(pair: UInt64, count: Int)] { keys.indices.map { (keys[$0], counts[$0]) } }

  func count(of pair: UInt64) -> Int { numbers[pair].map { counts[Int($0)] } ?? 0 }

  /// Changes a pair's count; a word that it has come up in is noted.
  mutating func change(_ pair: UInt64, by change: Int, in word: Int32?) {
    let number: Int32
    if let known = numbers[pair] {
      number = known
    } else {
      number = Int32(counts.count)
      numbers[pair] = number
      counts.append(0)
      keys.append(pair)
      positions.append([])
    }
    counts[Int(number)] += change
    guard let word else { return }
    if positions[Int(number)].isEmpty { fresh.append(number) }
    if positions[Int(number)].last != word { positions[Int(number)].append(word) }
  }

  /// The pairs that have come up in words, with those words.
  mutating func takeFresh() -> [(pair: UInt64, positions: [Int32])] {
    let taken = fresh.map { number in
      defer { positions[Int(number)] = [] }
      return (keys[Int(number)], positions[Int(number)])
    }
    fresh.removeAll(keepingCapacity: true)
    return taken
  }
}
