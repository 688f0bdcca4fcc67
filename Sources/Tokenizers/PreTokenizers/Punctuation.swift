/// Splits at every punctuation mark, each a match of its own.
package struct Punctuation: PreTokenizer {
  let behavior: SplitBehavior
  package var cutting: Cutting { .keeps }

  init(_ json: JSONObject) throws(TokenizerError) {
    behavior = try json.behavior(default: .isolated)
  }

  package func split(_ text: inout AlignedText) {
    let table = CharacterTable.shared
    text.split(behavior) { table.flags(of: $0).contains(.punctuation) }
  }
}

/// Splits at digits of every script, each alone or in runs.
package struct Digits: PreTokenizer {
  let behavior: SplitBehavior
  package var cutting: Cutting { .keeps }

  init(_ json: JSONObject) throws(TokenizerError) {
    behavior = try json.boolean("individual_digits", default: false) ? .isolated : .contiguous
  }

  package func split(_ text: inout AlignedText) {
    let table = CategoryTable.shared
    text.split(behavior) { table.isNumeric($0) }
  }
}

/// Splits at white space, which is dropped.
package struct WhitespaceSplit: PreTokenizer {
  package var cutting: Cutting { .endsWord }

  package func split(_ text: inout AlignedText) {
    let table = CharacterTable.shared
    text.split(.removed) { table.flags(of: $0).contains(.whitespace) }
  }
}

/// Splits at one character, which is dropped.
package struct CharDelimiterSplit: PreTokenizer {
  let delimiter: UInt32
  package var cutting: Cutting { delimiter == 32 ? .endsWord : .keeps }

  init(_ json: JSONObject) throws(TokenizerError) {
    let text = try json.required("delimiter").string().unicodeScalars
    guard let first = text.first, text.count == 1 else { throw json.wrong(.character) }
    delimiter = first.value
  }

  package func split(_ text: inout AlignedText) { text.split(.removed) { $0 == delimiter } }
}

extension AlignedText {
  /// Splits every word at the scalars that satisfy a predicate, each a match of its own.
  @inline(__always)
  mutating func split(_ behavior: SplitBehavior, at isMatch: (UInt32) -> Bool) {
    var spans: [Span] = []
    splitWords { scalars, word, parts in
      var start = word.lowerBound
      if behavior == .removed {
        for index in word where isMatch(scalars[index]) {
          if start < index { parts.append(start..<index) }
          start = index + 1
        }
        if start < word.upperBound { parts.append(start..<word.upperBound) }
        return
      }
      spans.removeAll(keepingCapacity: true)
      for index in word where isMatch(scalars[index]) {
        if start < index { spans.append(Span(range: start..<index, isMatch: false)) }
        spans.append(Span(range: index..<(index + 1), isMatch: true))
        start = index + 1
      }
      if start < word.upperBound { spans.append(Span(range: start..<word.upperBound, isMatch: false)) }
      behavior.apply(spans, to: &parts)
    }
  }
}
