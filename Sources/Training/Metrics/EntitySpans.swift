/// An entity in a row of tags: its type and the places of its first and last tag.
package struct EntitySpan: Hashable, Sendable {
  package let type: String
  package let range: ClosedRange<Int>
}

/// The entities of a row of tags in any of the common schemes (IO, IOB1, IOB2, IOE, BIOES), as seqeval's default mode
/// and conlleval find them: a span begins where a `B` or `S`, or a change of type, says so, whether or not the scheme
/// allows it.
package func entitySpans(_ tags: [String]) -> [EntitySpan] {
  var spans: [EntitySpan] = []
  var start = 0
  var last = Tag(prefix: "O", type: "")
  for (place, name) in (tags + ["O"]).enumerated() {
    let tag = Tag(name)
    if tag.ends(last) { spans.append(EntitySpan(type: last.type, range: start...(place - 1))) }
    if tag.begins(after: last) { start = place }
    last = tag
  }
  return spans
}

/// `B-PER` as `B` and `PER`; without a type it is `_`.
private struct Tag {
  let prefix: Character
  let type: String

  init(prefix: Character, type: String) {
    self.prefix = prefix
    self.type = type
  }

  init(_ name: String) {
    prefix = name.first ?? "O"
    let rest = name.dropFirst()
    let type = rest.firstIndex(of: "-").map { rest[rest.index(after: $0)...] } ?? rest
    self.type = type.isEmpty ? "_" : String(type)
  }

  private var isInside: Bool { prefix != "O" && prefix != "." }

  /// Whether a span that the tag before belongs to is over here.
  func ends(_ last: Tag) -> Bool {
    switch last.prefix {
    case "E", "S": true
    case "B", "I": ["B", "S", "O"].contains(prefix) || last.type != type
    default: last.isInside && last.type != type
    }
  }

  /// Whether a span begins with this tag.
  func begins(after last: Tag) -> Bool {
    if prefix == "B" || prefix == "S" { return true }
    if ["E", "S", "O"].contains(last.prefix), prefix == "E" || prefix == "I" { return true }
    return isInside && last.type != type
  }
}
