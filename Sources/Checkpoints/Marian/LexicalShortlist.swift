import Foundation

/// Which words of the target language may stand in a translation: for every word of the source its likeliest
/// translations, as Marian's binary shortlists keep them.
package struct LexicalShortlist: Sendable {
  private static let magic: UInt64 = 0xF11A_48D5_0134_17F5
  private static let headerBytes = 48
  /// Candidates are made up to a multiple of this, as Marian does.
  private static let multiple = 8

  /// Words that are always there: the most frequent ones.
  private let first: Int
  private let offsets: [UInt64]
  private let lists: [UInt32]

  /// Words of the source's vocabulary.
  package var words: Int { offsets.count - 1 }

  /// - Parameter words: of the model's vocabulary
  /// - Throws: `FileError`, `MarianError`
  package init(_ url: URL, words: Int) throws {
    let file = try MappedFile(url)
    do {
      self = try file.withBytes { bytes throws(MarianProblem) in
        try LexicalShortlist(UnsafeRawBufferPointer(bytes), words: words)
      }
    } catch {
      throw MarianError(file: url.path, problem: error)
    }
  }

  private init(_ bytes: UnsafeRawBufferPointer, words: Int) throws(MarianProblem) {
    var cursor = MarianCursor(bytes)
    guard bytes.count >= 8, try cursor.number("magic", UInt64.self) == Self.magic else { throw .notShortlist }
    let checksum: UInt64 = try cursor.number("checksum")
    let first: UInt64 = try cursor.number("first words")
    // How many there were at most for each word; the lists say it themselves.
    _ = try cursor.number("best words", UInt64.self)
    let offsetCount = try cursor.count("offsets", of: 8)
    let listCount = try cursor.count("lists", of: 4)
    guard offsetCount > 0, Self.headerBytes + 8 * offsetCount + 4 * listCount <= bytes.count else {
      throw .cutShort(part: "lists", offset: bytes.count)
    }
    guard checksum == Self.checksum(bytes) else { throw .badChecksum }
    guard first <= UInt64(words), offsetCount == words + 1 else {
      throw .wordOutOfRange(word: max(offsetCount - 1, Int(clamping: first)), words: words)
    }
    self.first = Int(first)
    var offsets: [UInt64] = []
    offsets.reserveCapacity(offsetCount)
    for word in 0..<offsetCount {
      let offset: UInt64 = try cursor.number("offsets")
      guard offset >= offsets.last ?? 0, offset <= UInt64(listCount) else { throw .badOffsets(word: word) }
      offsets.append(offset)
    }
    var lists: [UInt32] = []
    lists.reserveCapacity(listCount)
    for _ in 0..<listCount {
      let word: UInt32 = try cursor.number("lists")
      guard word < words else { throw .wordOutOfRange(word: Int(word), words: words) }
      lists.append(word)
    }
    self.offsets = offsets
    self.lists = lists
  }

  /// Of everything behind it, eight bytes at a time.
  private static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var hash: UInt64 = 0
    for place in stride(from: 16, to: bytes.count - 7, by: 8) {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      hash ^= word &+ 0x9e37_79b9 &+ (hash << 6) &+ (hash >> 2)
    }
    return hash
  }

  /// Words that a translation of these may be made of, ascending. A word beyond the vocabulary adds none.
  package func candidates(_ source: [Int32]) -> [Int32] {
    var isIn = [Bool](repeating: false, count: words)
    for word in 0..<first { isIn[word] = true }
    for word in source where word >= 0 && Int(word) < words {
      for place in offsets[Int(word)]..<offsets[Int(word) + 1] { isIn[Int(lists[Int(place)])] = true }
    }
    var count = isIn.reduce(0) { $0 + ($1 ? 1 : 0) }
    for word in first..<words where count % Self.multiple != 0 && !isIn[word] {
      isIn[word] = true
      count += 1
    }
    return isIn.indices.filter { isIn[$0] }.map { Int32($0) }
  }
}
