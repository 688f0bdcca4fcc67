/// BERT's pre-tokenizer: white space separates, and each punctuation mark is a word by itself.
package struct BertPreTokenizer: PreTokenizer {
  package let asciiRoles: [ASCIIRole]?
  package var cutting: Cutting { .endsWord }

  init() { asciiRoles = (0..<128).map { Self.role(of: $0) } }

  @inline(__always)
  private static func role(of scalar: UInt32) -> ASCIIRole {
    let flags = CharacterTable.shared.flags(of: scalar)
    if flags.contains(.whitespace) { return .separator }
    return flags.contains(.punctuation) ? .alone : .word
  }

  package func split(_ text: inout AlignedText) {
    text.splitWords { scalars, word, parts in
      var start = word.lowerBound
      for index in word {
        let role = Self.role(of: scalars[index])
        if role == .word { continue }
        if start < index { parts.append(start..<index) }
        if role == .alone { parts.append(index..<(index + 1)) }
        start = index + 1
      }
      if start < word.upperBound { parts.append(start..<word.upperBound) }
    }
  }
}
