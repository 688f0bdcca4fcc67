/// Replaces every match of a pattern.
package struct Replace: Normalizer {
  let pattern: Pattern
  let content: [UInt32]

  /// The longest that a text grows: replacements in a row can double it again and again.
  private static let longest = 1 << 27

  init(pattern: Pattern, content: String) {
    self.pattern = pattern
    self.content = content.unicodeScalars.map(\.value)
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    self.init(
      pattern: try Pattern(try json.required("pattern")), content: try json.required("content").string())
  }

  package var allowsCutting: Bool {
    if case .literal(let text) = pattern.kind { !Pattern.spansCut(text) } else { false }
  }

  package func normalize(_ text: inout AlignedText) {
    var matches: [Range<Int>] = []
    let slow = text.scalars.withUnsafeBufferPointer { scalars in
      pattern.forEachMatch(in: scalars) { matches.append($0) }
    }
    text.slowPattern = text.slowPattern ?? slow
    guard !matches.isEmpty else { return }
    let length = Pattern.length(of: text.count, matches, replacedBy: content.count)
    guard length <= max(Self.longest, text.count) else {
      return text.slowPattern = text.slowPattern ?? pattern.source
    }
    var last = 0
    for match in matches {
      for index in last..<match.lowerBound { text.emit(text.scalars[index], text.places[index]) }
      let place =
        match.upperBound > 0 ? text.places[match.upperBound - 1] : Place(start: text.base, end: text.base)
      for scalar in content { text.emit(scalar, place) }
      last = match.upperBound
    }
    for index in last..<text.count { text.emit(text.scalars[index], text.places[index]) }
    text.commit()
  }
}
