/// Lower case scalar by scalar, without regard to neighbours: a final sigma is an ordinary one.
package struct Lowercase: Normalizer {
  package var asciiOutcome: ASCIIOutcome? { ASCIIOutcome { normalize(&$0) } }

  package func normalize(_ text: inout AlignedText) { Self.apply(to: &text) }

  static func apply(to text: inout AlignedText) {
    let table = CharacterTable.shared
    let dottedI: UInt32 = 0x130
    guard text.scalars.contains(dottedI) else {
      return text.mapInPlace { scalar in
        if scalar < 0x80 { return scalar &- 65 < 26 ? scalar + 32 : scalar }
        return table.flags(of: scalar).contains(.lowercases) ? table.lowercase(of: scalar) : scalar
      }
    }
    for index in 0..<text.count {
      let (scalar, place) = (text.scalars[index], text.places[index])
      text.emit(table.lowercase(of: scalar), place)
      if scalar == dottedI { text.emit(0x307, place) }
    }
    text.commit()
  }
}

/// Drops combining marks of every kind; it takes nothing apart, so a decomposition goes before it.
package struct StripAccents: Normalizer {
  package func normalize(_ text: inout AlignedText) {
    let table = CompositionTable.shared
    text.keep { !table.isMark($0) }
  }
}

/// Drops white space at the ends.
package struct Strip: Normalizer {
  let left: Bool
  let right: Bool
  package var allowsCutting: Bool { false }

  init(_ json: JSONObject) throws(TokenizerError) {
    left = try json.boolean("strip_left", default: true)
    right = try json.boolean("strip_right", default: true)
  }

  package func normalize(_ text: inout AlignedText) {
    let table = CharacterTable.shared
    let isSpace = { (scalar: UInt32) in table.flags(of: scalar).contains(.whitespace) }
    let leading = left ? text.scalars.prefix(while: isSpace).count : 0
    let trailing = right ? text.scalars.reversed().prefix(while: isSpace).count : 0
    guard leading + trailing > 0 else { return }
    for index in 0..<text.count where index >= leading && index < text.count - trailing {
      text.emit(text.scalars[index], text.places[index])
    }
    text.commit()
  }
}

/// Puts a text before every text that is not empty.
package struct Prepend: Normalizer {
  let text: [UInt32]
  package var allowsCutting: Bool { text.isEmpty }

  init(_ text: String) { self.text = text.unicodeScalars.map(\.value) }

  init(_ json: JSONObject) throws(TokenizerError) { self.init(try json.required("prepend").string()) }

  package func normalize(_ text: inout AlignedText) {
    guard let first = text.places.first else { return }
    for scalar in self.text { text.emit(scalar, first) }
    for index in 0..<text.count { text.emit(text.scalars[index], text.places[index]) }
    text.commit()
  }
}

/// Drops control characters and makes spaces of what should be one, as SentencePiece's `nmt` rules do.
package struct Nmt: Normalizer {
  package func normalize(_ text: inout AlignedText) {
    text.keep { scalar in
      switch scalar {
      case 0x1...0x8, 0xB, 0xE...0x1F, 0x7F, 0x8F, 0x9F: false
      default: true
      }
    }
    text.mapInPlace { scalar in
      switch scalar {
      case 0x9, 0xA, 0xC, 0xD, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: 32
      default: scalar
      }
    }
  }
}

/// Writes every byte of UTF-8 as a visible character.
package struct ByteLevelNormalizer: Normalizer {
  package func normalize(_ text: inout AlignedText) {
    for index in 0..<text.count {
      ByteAlphabet.forEachCharacter(of: text.scalars[index]) { text.emit($0, text.places[index]) }
    }
    text.commit()
  }
}

extension AlignedText {
  /// Drops the scalars that fail a predicate.
  mutating func keep(_ passes: (UInt32) -> Bool) {
    guard !scalars.allSatisfy(passes) else { return }
    for index in 0..<count where passes(scalars[index]) { emit(scalars[index], places[index]) }
    commit()
  }
}
