/// Splits at the matches of a pattern.
package struct Split: PreTokenizer {
  let pattern: Pattern
  let behavior: SplitBehavior
  /// Takes what lies between matches for the matches, and the other way round.
  let inverts: Bool

  init(pattern: Pattern, behavior: SplitBehavior) {
    self.pattern = pattern
    self.behavior = behavior
    inverts = false
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    pattern = try Pattern(try json.required("pattern"))
    behavior = try json.behavior(default: .removed)
    inverts = try json.boolean("invert", default: false)
  }

  package var cutting: Cutting {
    switch pattern.kind {
    case .scanner: .endsWord
    case .literal([32]): behavior == .mergedWithPrevious || inverts ? .changes : .endsWord
    case .literal(let text): Pattern.spansCut(text) ? .changes : .keeps
    case .expression(let expression): expression.isPublished && !inverts ? .endsWord : .changes
    }
  }

  package func split(_ text: inout AlignedText) {
    var spans: [Span] = []
    var slowPattern = text.slowPattern
    defer { text.slowPattern = slowPattern }
    text.splitWords { scalars, word, parts in
      spans.removeAll(keepingCapacity: true)
      var last = word.lowerBound
      let given = pattern.forEachMatch(in: UnsafeBufferPointer(rebasing: scalars[word])) { match in
        let range = (word.lowerBound + match.lowerBound)..<(word.lowerBound + match.upperBound)
        if last < range.lowerBound { spans.append(Span(range: last..<range.lowerBound, isMatch: inverts)) }
        spans.append(Span(range: range, isMatch: !inverts))
        last = range.upperBound
      }
      slowPattern = slowPattern ?? given
      if last < word.upperBound { spans.append(Span(range: last..<word.upperBound, isMatch: inverts)) }
      behavior.apply(spans, to: &parts)
    }
  }
}
