/// BERT's normaliser: cleaning, spaces around ideographs, accents, lower case, in this order.
package struct BertNormalizer: Normalizer {
  let cleansText: Bool
  let separatesIdeographs: Bool
  let stripsAccents: Bool
  let lowercases: Bool
  package let asciiOutcome: ASCIIOutcome?

  init(cleansText: Bool, separatesIdeographs: Bool, stripsAccents: Bool?, lowercases: Bool) {
    self.cleansText = cleansText
    self.separatesIdeographs = separatesIdeographs
    self.stripsAccents = stripsAccents ?? lowercases
    self.lowercases = lowercases
    asciiOutcome = ASCIIOutcome { text in
      if cleansText { Self.clean(&text) }
      if lowercases { Self.lowercase(&text) }
    }
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    self.init(
      cleansText: try json.boolean("clean_text", default: true),
      separatesIdeographs: try json.boolean("handle_chinese_chars", default: true),
      stripsAccents: try json.optional("strip_accents")?.boolean(),
      lowercases: try json.boolean("lowercase", default: true))
  }

  package func normalize(_ text: inout AlignedText) {
    if cleansText { Self.clean(&text) }
    if separatesIdeographs { Self.separateIdeographs(&text) }
    if stripsAccents { Self.stripAccents(&text) }
    if lowercases { Self.lowercase(&text) }
  }

  /// Drops control characters and makes every white space a space.
  private static func clean(_ text: inout AlignedText) {
    let table = CharacterTable.shared
    for index in 0..<text.count {
      let flags = table.flags(of: text.scalars[index])
      let isSpace = flags.contains(.whitespace)
      guard !flags.contains(.removed) else { continue }
      text.emit(isSpace ? 32 : text.scalars[index], text.places[index])
    }
    text.commit()
  }

  private static func separateIdeographs(_ text: inout AlignedText) {
    let table = CharacterTable.shared
    guard text.scalars.contains(where: { table.flags(of: $0).contains(.ideograph) }) else { return }
    for index in 0..<text.count {
      let (scalar, place) = (text.scalars[index], text.places[index])
      let stands = table.flags(of: scalar).contains(.ideograph)
      if stands { text.emit(32, place) }
      text.emit(scalar, place)
      if stands { text.emit(32, place) }
    }
    text.commit()
  }

  private static func stripAccents(_ text: inout AlignedText) {
    CanonicalDecomposition.apply(to: &text) { !$0.contains(.mark) }
  }

  /// Lower case scalar by scalar, without regard to neighbours: a final sigma is an ordinary one.
  private static func lowercase(_ text: inout AlignedText) {
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
