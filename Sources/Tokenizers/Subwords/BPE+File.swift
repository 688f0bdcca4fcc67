extension BPE {
  init(_ json: JSONObject, _ context: SubwordContext) throws(TokenizerError) {
    let pieces = try PieceList(try json.required("vocab"))
    let vocabulary = try Vocabulary(pieces, elsewhere: context.addedIDs, file: json.file)
    var settings = Settings()
    settings.unknown = try json.optional("unk_token")?.string()
    settings.prefix = try json.string("continuing_subword_prefix", default: "")
    settings.suffix = try json.string("end_of_word_suffix", default: "")
    settings.fusesUnknown = try json.boolean("fuse_unk", default: false)
    settings.fallsBackToBytes = try json.boolean("byte_fallback", default: false)
    settings.ignoresMerges = try json.boolean("ignore_merges", default: false)
    settings.dropout = try json.optional("dropout")?.number() ?? 0
    guard (0...1).contains(settings.dropout) else { throw json.wrong(.probability) }
    let merges = try MergeList(json.required("merges"))
    try self.init(
      vocabulary: vocabulary,
      merges: try merges.table(vocabulary, prefixLength: settings.prefix.utf8.count, file: json.file),
      settings: settings, file: json.file)
  }
}

/// The pairs that merge, in order, as a file lists them.
struct MergeList {
  /// The bytes of both pieces end to end.
  private(set) var bytes: [UInt8] = []
  /// Where each pair starts, where its second piece does, and where it ends.
  private(set) var pairs: [(start: Int, middle: Int, end: Int)] = []

  /// Reads `["a b", …]` or `[["a", "b"], …]`.
  init(_ json: JSONSlice) throws(TokenizerError) {
    guard json.kind == .array else { throw json.wrong(.array) }
    var scanner = json.scanner
    bytes.reserveCapacity(json.range.count)
    pairs.reserveCapacity(json.range.count / 12)
    try scanner.expect(91)
    if scanner.peek() == 93 { return }
    repeat {
      let start = bytes.count
      if scanner.peek() == 91 {
        try scanner.expect(91)
        try scanner.readString(into: &bytes)
        try scanner.expect(44)
        let middle = bytes.count
        try scanner.readString(into: &bytes)
        try scanner.expect(93)
        pairs.append((start, middle, bytes.count))
      } else {
        try scanner.readString(into: &bytes)
        guard endPair(from: start) else { throw json.wrong(.merge) }
      }
    } while try scanner.goesOn(until: 93)
  }

  /// Reads merges.txt: a pair on each line, a version on the first.
  init(lines: [UInt8], file: String) throws(TokenizerError) {
    var number = 0
    for line in lines.split(separator: 10, omittingEmptySubsequences: false) {
      number += 1
      let text = line.last == 13 ? line.dropLast() : line
      if text.isEmpty || text.starts(with: Array("#version".utf8)) { continue }
      let start = bytes.count
      bytes += text
      guard endPair(from: start) else { throw .malformed(file: file, line: number) }
    }
  }

  /// Pairs of pieces that are there already.
  init(_ list: [(left: [UInt8], right: [UInt8])]) {
    for (left, right) in list {
      let start = bytes.count
      bytes += left + right
      pairs.append((start, start + left.count, bytes.count))
    }
  }

  /// Reads pairs with a space between, which is not the first byte. Throws `badMerge` for one that has none.
  init(_ texts: PackedTexts, file: String) throws(TokenizerError) {
    bytes.reserveCapacity(texts.bytes.count)
    pairs.reserveCapacity(texts.count)
    for index in 0..<texts.count {
      let text = texts[index]
      guard let space = text.dropFirst().firstIndex(of: 32) else {
        throw .badMerge(file: file, number: index + 1, left: String(decoding: text, as: UTF8.self), right: "")
      }
      let start = bytes.count
      bytes += text[..<space]
      pairs.append((start, bytes.count, bytes.count + text.endIndex - space - 1))
      bytes += text[(space + 1)...]
    }
  }

  /// Takes what was added for a pair with a space between; false where there is not just one.
  private mutating func endPair(from start: Int) -> Bool {
    let spaces = bytes[start...].indices.filter { bytes[$0] == 32 }
    guard let middle = spaces.first, spaces.count == 1 else { return false }
    bytes.remove(at: middle)
    pairs.append((start, middle, bytes.count))
    return true
  }

  /// Looks the pieces up. Throws `badMerge` where one is not in the vocabulary.
  func table(
    _ vocabulary: Vocabulary, prefixLength: Int, file: String
  ) throws(TokenizerError) -> MergeTable {
    var table = MergeTable(capacity: pairs.count)
    for (rank, pair) in pairs.enumerated() {
      let (left, right) = (bytes[pair.start..<pair.middle], bytes[pair.middle..<pair.end])
      let merged = prefixLength == 0 ? bytes[pair.start..<pair.end] : left + right.dropFirst(prefixLength)
      guard let leftID = vocabulary.id(of: left), let rightID = vocabulary.id(of: right),
        let id = vocabulary.id(of: merged)
      else {
        throw .badMerge(
          file: file, number: rank + 1, left: String(decoding: left, as: UTF8.self),
          right: String(decoding: right, as: UTF8.self))
      }
      table.insert(leftID, rightID, .init(rank: UInt32(truncatingIfNeeded: rank), id: id))
    }
    return table
  }
}

extension Vocabulary {
  /// The id of a piece given as bytes.
  func id(of piece: ArraySlice<UInt8>) -> Int32? {
    piece.withUnsafeBufferPointer { find($0.reduce(Self.hashSeed, Self.hash), tail: $0) }
  }
}
