/// Keeps runs of word characters and runs of other visible characters, `\w+|[^\w\s]+`.
package struct Whitespace: PreTokenizer {
  package var cutting: Cutting { .endsWord }

  package func split(_ text: inout AlignedText) {
    let table = CharacterTable.shared
    text.splitWords { scalars, word, parts in
      var start = word.lowerBound
      var kind: CharacterFlags = .whitespace
      for index in word {
        let flags = table.flags(of: scalars[index])
        let next: CharacterFlags =
          flags.contains(.word) ? .word : flags.contains(.whitespace) ? .whitespace : .punctuation
        guard next != kind else { continue }
        if kind != .whitespace { parts.append(start..<index) }
        (start, kind) = (index, next)
      }
      if kind != .whitespace { parts.append(start..<word.upperBound) }
    }
  }
}

/// Splits where the script changes; Hiragana, Katakana and Han count as one, and spaces go with any.
package struct UnicodeScripts: PreTokenizer {
  package var cutting: Cutting { .changes }

  package func split(_ text: inout AlignedText) {
    let table = ScriptTable.shared
    text.splitWords { scalars, word, parts in
      var start: Int?
      var last: UInt8 = 0
      for index in word {
        let script = table.separateClass(of: scalars[index])
        guard script != 0, script != last else { continue }
        if let start { parts.append(start..<index) }
        (start, last) = (index, script)
      }
      if let start { parts.append(start..<word.upperBound) }
    }
  }
}

/// Splits into parts of a fixed number of characters.
package struct FixedLength: PreTokenizer {
  let length: Int
  package var cutting: Cutting { .changes }

  init(_ json: JSONObject) throws(TokenizerError) {
    length = try json.integer("length", default: 5)
    guard length > 0 else { throw json.wrong(.number) }
  }

  package func split(_ text: inout AlignedText) {
    text.splitWords { _, word, parts in
      for start in stride(from: word.lowerBound, to: word.upperBound, by: length) {
        parts.append(start..<min(start + length, word.upperBound))
      }
    }
  }
}
