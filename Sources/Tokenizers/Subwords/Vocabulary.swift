/// The pieces of a model and their ids, with a flat hash table from bytes to id.
///
/// A slot holds the upper half of a piece's hash and its id plus one. The hash runs byte by byte, so that the
/// hashes of all beginnings of a word cost one pass.
package struct Vocabulary: Sendable {
  private(set) var bytes: [UInt8]
  private(set) var starts: [Int32] = []
  private(set) var lengths: [Int32] = []
  private var slots: [UInt64]
  private let mask: Int
  private(set) var longest = 0

  static let hashSeed: UInt64 = 0xCBF2_9CE4_8422_2325

  @inline(__always)
  static func hash(_ state: UInt64, _ byte: UInt8) -> UInt64 {
    (state ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }

  /// Builds the table from pieces in file order.
  ///
  /// Throws `duplicatePiece`, `duplicateID` and `missingID`; a hole is allowed where an id is in `elsewhere`.
  /// Where `repeats`, a piece may occur again and is found under its last id.
  init(_ list: PieceList, elsewhere: Set<Int>, repeats: Bool = false, file: String) throws(TokenizerError) {
    guard !list.entries.isEmpty else { throw .emptyVocabulary(file: file) }
    bytes = list.bytes
    var capacity = 16
    while capacity < list.entries.count * 2 { capacity *= 2 }
    slots = Array(repeating: 0, count: capacity)
    mask = capacity - 1
    let bound = list.entries.count + elsewhere.count
    let count = max(0, min(bound, (list.entries.map(\.id).max() ?? 0) + 1))
    starts = Array(repeating: 0, count: count)
    lengths = Array(repeating: -1, count: count)
    for entry in list.entries {
      guard entry.id >= 0, entry.id < count else { continue }
      guard lengths[entry.id] < 0 else {
        throw .duplicateID(file: file, line: list.line(of: entry), id: entry.id)
      }
      starts[entry.id] = Int32(entry.start)
      lengths[entry.id] = Int32(entry.length)
      longest = max(longest, entry.length)
      guard insert(entry) || repeats else {
        let piece = String(decoding: bytes[entry.start..<(entry.start + entry.length)], as: UTF8.self)
        throw .duplicatePiece(file: file, line: list.line(of: entry), piece: piece)
      }
    }
    for id in 0..<count where lengths[id] < 0 && !elsewhere.contains(id) {
      throw .missingID(file: file, id: id)
    }
    if list.entries.contains(where: { $0.id < 0 || $0.id >= count }) {
      throw .missingID(file: file, id: count)
    }
  }

  private mutating func insert(_ entry: PieceList.Entry) -> Bool {
    var state = Self.hashSeed
    for byte in bytes[entry.start..<(entry.start + entry.length)] { state = Self.hash(state, byte) }
    var slot = Self.slot(state) & mask
    while slots[slot] != 0 {
      let other = Int(slots[slot] & 0xFFFF_FFFF) - 1
      if slots[slot] >> 32 == state >> 32, lengths[other] == entry.length {
        let start = Int(starts[other])
        if (0..<entry.length).allSatisfy({ bytes[start + $0] == bytes[entry.start + $0] }) {
          slots[slot] = (state & ~0xFFFF_FFFF) | UInt64(entry.id + 1)
          return false
        }
      }
      slot = (slot + 1) & mask
    }
    slots[slot] = (state & ~0xFFFF_FFFF) | UInt64(entry.id + 1)
    return true
  }

  @inline(__always)
  private static func slot(_ state: UInt64) -> Int {
    Int(truncatingIfNeeded: state ^ state >> 32)
  }

  /// How many ids the model's own pieces span.
  var count: Int { lengths.count }

  /// The id of the piece whose hash is `state` and whose bytes are `prefix` and then `tail`.
  @inline(__always)
  func find(
    _ state: UInt64, prefix: [UInt8] = [], tail: UnsafeBufferPointer<UInt8>
  ) -> Int32? {
    var slot = Self.slot(state) & mask
    while true {
      let entry = slots[slot]
      if entry == 0 { return nil }
      if entry >> 32 == state >> 32 {
        let id = Int(entry & 0xFFFF_FFFF) - 1
        let start = Int(starts[id])
        if Int(lengths[id]) == prefix.count + tail.count, matches(start + prefix.count, tail),
          bytes[start..<(start + prefix.count)].elementsEqual(prefix)
        {
          return Int32(truncatingIfNeeded: id)
        }
      }
      slot = (slot + 1) & mask
    }
  }

  @inline(__always)
  private func matches(_ start: Int, _ tail: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in 0..<tail.count where bytes[start + index] != tail[index] { return false }
    return true
  }

  /// The id of a piece, compared byte by byte.
  package func id(of piece: String) -> Int? {
    var piece = piece
    return piece.withUTF8 { text in
      find(text.reduce(Self.hashSeed, Self.hash), tail: text).map(Int.init)
    }
  }

  /// The piece of an id, or nil where the model has none.
  package func piece(of id: Int) -> String? {
    guard lengths.indices.contains(id), lengths[id] >= 0 else { return nil }
    return String(decoding: bytes[Int(starts[id])..<Int(starts[id] + lengths[id])], as: UTF8.self)
  }

  /// The longest piece that starts with a prefix, in bytes; 0 where there is none.
  func longest(after prefix: [UInt8]) -> Int {
    var longest = 0
    for id in lengths.indices where lengths[id] > longest {
      let start = Int(starts[id])
      if bytes[start..<(start + Int(lengths[id]))].starts(with: prefix) { longest = Int(lengths[id]) }
    }
    return longest
  }
}

/// Pieces as a file lists them: their bytes end to end.
struct PieceList {
  struct Entry {
    var start: Int
    var length: Int
    var id: Int
    /// The line itself, or where in the file the piece stands.
    var position: Int
  }

  var bytes: [UInt8] = []
  var entries: [Entry] = []
  /// Turns an entry's position into a line.
  var lineOfPosition: @Sendable (Int) -> Int = { $0 }

  func line(of entry: Entry) -> Int { lineOfPosition(entry.position) }

  /// Reads an object from piece to id without building a string for any of them.
  init(_ json: JSONSlice) throws(TokenizerError) {
    guard json.kind == .object else { throw json.wrong(.object) }
    var scanner = json.scanner
    let whole = scanner
    lineOfPosition = { whole.line(at: $0) }
    bytes.reserveCapacity(json.range.count)
    entries.reserveCapacity(json.range.count / 16)
    try scanner.expect(123)
    if scanner.peek() == 125 { return }
    repeat {
      let start = bytes.count
      _ = scanner.peek()
      let position = scanner.position
      try scanner.readString(into: &bytes)
      try scanner.expect(58)
      guard let id = scanner.readInteger() else { throw json.wrong(.number) }
      entries.append(Entry(start: start, length: bytes.count - start, id: id, position: position))
    } while try scanner.goesOn(until: 125)
  }

  /// Reads a list of pieces with their scores; the id is the place in the list.
  init(scored json: JSONSlice, scores: inout [Double]) throws(TokenizerError) {
    guard json.kind == .array else { throw json.wrong(.array) }
    var scanner = json.scanner
    let whole = scanner
    lineOfPosition = { whole.line(at: $0) }
    bytes.reserveCapacity(json.range.count)
    entries.reserveCapacity(json.range.count / 24)
    try scanner.expect(91)
    if scanner.peek() == 93 { return }
    repeat {
      try scanner.expect(91)
      let start = bytes.count
      _ = scanner.peek()
      let position = scanner.position
      try scanner.readString(into: &bytes)
      try scanner.expect(44)
      guard let score = try scanner.readNumber() else { throw json.wrong(.number) }
      try scanner.expect(93)
      entries.append(Entry(start: start, length: bytes.count - start, id: entries.count, position: position))
      scores.append(score)
    } while try scanner.goesOn(until: 93)
  }

  /// Reads a text file with a piece on each line; the id is the line's number less one.
  ///
  /// Throws `emptyPiece` for a line without one.
  init(lines: [UInt8], file: String) throws(TokenizerError) {
    bytes.reserveCapacity(lines.count)
    var start = 0
    while start < lines.count {
      let end = lines[start...].firstIndex(of: 10) ?? lines.count
      let last = end > start && lines[end - 1] == 13 ? end - 1 : end
      let line = entries.count + 1
      guard last > start else { throw .emptyPiece(file: file, line: line) }
      entries.append(Entry(start: bytes.count, length: last - start, id: line - 1, position: line))
      bytes.append(contentsOf: lines[start..<last])
      start = end + 1
    }
  }
}
