/// Splits as GPT-2 does and writes every byte of UTF-8 as a visible character.
package struct ByteLevel: PreTokenizer {
  let addsPrefixSpace: Bool
  let splits: Bool
  package var cutting: Cutting { splits ? .endsWord : .keeps }

  init(addsPrefixSpace: Bool, splits: Bool = true) {
    self.addsPrefixSpace = addsPrefixSpace
    self.splits = splits
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    self.init(
      addsPrefixSpace: try json.boolean("add_prefix_space", default: true),
      splits: try json.boolean("use_regex", default: true))
  }

  package func split(_ text: inout AlignedText) {
    if addsPrefixSpace {
      text.rewriteWords { text, word in
        if text.scalars[word.lowerBound] != 32 { text.emit(32, text.places[word.lowerBound]) }
        for index in word { text.emit(text.scalars[index], text.places[index]) }
      }
    }
    if splits {
      let scanner = WordScanner.gpt2
      text.splitWords { scalars, word, parts in
        let slice = UnsafeBufferPointer(rebasing: scalars[word])
        var start = 0
        while start < slice.count {
          let end = scanner.end(of: start, in: slice)
          parts.append((word.lowerBound + start)..<(word.lowerBound + end))
          start = end
        }
      }
    }
    text.rewriteWords { text, word in
      for index in word { ByteAlphabet.forEachCharacter(of: text.scalars[index]) { text.emit($0, text.places[index]) } }
    }
  }
}

/// The visible characters that stand for the 256 bytes: printable Latin-1 for itself, the rest from U+0100 on.
///
/// Source: GPT-2's `bytes_to_unicode` (Radford et al. 2019).
enum ByteAlphabet {
  /// The character of each byte.
  static let characters: [UInt32] = {
    var next: UInt32 = 256
    return (0..<256).map { (byte: UInt32) in
      if (33...126).contains(byte) || (161...172).contains(byte) || byte >= 174 { return byte }
      defer { next += 1 }
      return next
    }
  }()

  /// The byte of each character below U+0180; -1 where it stands for none.
  private static let bytes: [Int16] = {
    var bytes = [Int16](repeating: -1, count: 0x180)
    for (byte, character) in characters.enumerated() { bytes[Int(character)] = Int16(byte) }
    return bytes
  }()

  static func byte(of character: UInt32) -> UInt8? {
    character < 0x180 && bytes[Int(character)] >= 0 ? UInt8(bytes[Int(character)]) : nil
  }

  @inline(__always)
  static func forEachCharacter(of scalar: UInt32, _ visit: (UInt32) -> Void) {
    if scalar < 0x80 { return visit(characters[Int(scalar)]) }
    if scalar < 0x800 {
      visit(characters[Int(0xC0 | scalar >> 6)])
    } else {
      if scalar < 0x10000 {
        visit(characters[Int(0xE0 | scalar >> 12)])
      } else {
        visit(characters[Int(0xF0 | scalar >> 18)])
        visit(characters[Int(0x80 | scalar >> 12 & 0x3F)])
      }
      visit(characters[Int(0x80 | scalar >> 6 & 0x3F)])
    }
    visit(characters[Int(0x80 | scalar & 0x3F)])
  }
}
