/// BERT's pre-tokenizer: white space separates, and each punctuation mark is a word by itself.
package struct BertPreTokenizer: PreTokenizer {
  package let asciiRoles: [ASCIIRole]?

  init() { asciiRoles = (0..<128).map { Self.role(of: $0) } }

  @inline(__always)
  private static func role(of scalar: UInt32) -> ASCIIRole {
    let flags = CharacterTable.shared.flags(of: scalar)
    if flags.contains(.whitespace) { return .separator }
    return flags.contains(.punctuation) ? .alone : .word
  }

  package func split(_ text: inout AlignedText, into words: inout [Range<Int>]) {
    var start = 0
    for index in 0..<text.count {
      let role = Self.role(of: text.scalars[index])
      if role == .word { continue }
      if start < index { words.append(start..<index) }
      if role == .alone { words.append(index..<(index + 1)) }
      start = index + 1
    }
    if start < text.count { words.append(start..<text.count) }
  }
}
