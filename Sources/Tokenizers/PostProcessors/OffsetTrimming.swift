/// Takes the white space at the ends of byte-level pieces out of their offsets.
package struct OffsetTrimming: Equatable, Sendable {
  /// Whether the space before a text was added, so that it is in no offset.
  let addsPrefixSpace: Bool

  init(addsPrefixSpace: Bool) { self.addsPrefixSpace = addsPrefixSpace }

  /// Reads the fields of a post-processor; nil where it leaves offsets alone.
  init?(_ json: JSONObject) throws(TokenizerError) {
    guard try json.boolean("trim_offsets", default: true) else { return nil }
    addsPrefixSpace = try json.boolean("add_prefix_space", default: true)
  }

  /// The scalars of white space at the two ends of a piece, written as a byte-level character or as such.
  struct Margins: Sendable {
    var leading: Int
    var trailing: Int

    init(_ piece: String) {
      let table = CharacterTable.shared
      let isSpace = { (scalar: Unicode.Scalar) in
        scalar == "Ġ" || table.flags(of: scalar.value).contains(.whitespace)
      }
      leading = piece.unicodeScalars.prefix(while: isSpace).count
      trailing = piece.unicodeScalars.reversed().prefix(while: isSpace).count
    }
  }

  /// The offsets of a token, `index` being its place in its part of the sequence.
  func trimmed(_ offsets: Range<Int>, _ margins: Margins, index: Int) -> Range<Int> {
    var (start, end) = (offsets.lowerBound, offsets.upperBound)
    if margins.leading > 0, !(addsPrefixSpace && margins.leading == 1 && (index == 0 || start == 0)) {
      start = min(start + margins.leading, end)
    }
    if margins.trailing > 0, end >= margins.trailing { end = max(end - margins.trailing, start) }
    return start..<end
  }
}
