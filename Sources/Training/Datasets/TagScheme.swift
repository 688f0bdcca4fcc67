/// How the words of a named thing are marked (Ramshaw and Marcus 1995, and what grew out of it).
package enum TagScheme: String, Sendable, Equatable, Codable {
  /// Types alone, without a prefix: `PER`.
  case types
  /// `I-PER` only: two things of a type side by side run together.
  case io = "IO"
  /// `B-PER` only where two things of a type touch.
  case iob1 = "IOB1"
  /// `B-PER` at the start of every thing.
  case iob2 = "IOB2"
  /// `E-PER` at the end, `S-PER` for a single word.
  case bioes = "BIOES"
  /// `L-PER` at the end, `U-PER` for a single word.
  case bilou = "BILOU"

  /// A tag taken apart; nil outside of any named thing.
  struct Tag {
    /// nil for a bare type.
    let prefix: UInt8?
    let type: Substring

    init?(_ written: String) {
      guard written != "O", !written.isEmpty else { return nil }
      var rest = written[...]
      let first = written.utf8.first ?? 0
      if Tag.starts.union(Tag.goesOn).contains(first), written.utf8.count > 2, written.utf8.dropFirst().first == 0x2d {
        prefix = first
        rest = written.dropFirst(2)
      } else {
        prefix = nil
      }
      type = rest
    }

    static let starts = Set("BSU".utf8)
    static let goesOn = Set("IEL".utf8)
    static let ends = Set("SUEL".utf8)
  }

  /// Whether a cell can be a tag with a prefix, or stands for none.
  static func isPrefixed(_ cell: String) -> Bool { cell == "O" || Tag(cell)?.prefix != nil }

  /// The tags of one sentence as IOB2: the first word of each thing has `B-`, the others `I-`.
  ///
  /// An `I-` that follows no word of its type begins a thing, as seqeval counts it.
  package static func iob2(_ written: [String]) -> [String] {
    var open: Substring?
    var last: Substring?
    return written.map { text in
      guard let tag = Tag(text) else {
        (open, last) = (nil, nil)
        return "O"
      }
      let continues = tag.prefix.map { Tag.goesOn.contains($0) && tag.type == open } ?? (tag.type == last)
      last = tag.prefix == nil ? tag.type : nil
      open = tag.prefix.map { Tag.ends.contains($0) } ?? true ? nil : tag.type
      return (continues ? "I-" : "B-") + tag.type
    }
  }

  /// Which scheme a file is written in, from what its sentences hold.
  struct Evidence {
    private var prefixes: Set<UInt8> = []
    private var hasBareTypes = false
    private var hasFreeStart = false

    mutating func add(_ written: [String]) {
      var before: Tag?
      for text in written {
        let tag = Tag(text)
        if let tag {
          if let prefix = tag.prefix { prefixes.insert(prefix) } else { hasBareTypes = true }
          if tag.prefix == UInt8(ascii: "B"), before?.type != tag.type { hasFreeStart = true }
        }
        before = tag
      }
    }

    /// nil where every word is outside.
    var scheme: TagScheme? {
      let has = { (letters: String) in !prefixes.isDisjoint(with: letters.utf8) }
      if has("ES") { return .bioes }
      if has("LU") { return .bilou }
      if hasFreeStart { return .iob2 }
      if has("B") { return .iob1 }
      if has("I") { return .io }
      return hasBareTypes ? .types : nil
    }
  }
}
