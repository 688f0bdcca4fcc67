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
      if lowercases { Lowercase.apply(to: &text) }
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
    if lowercases { Lowercase.apply(to: &text) }
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
    let table = CharacterTable.shared
    UnicodeForm.canonicallyDecomposed.normalize(&text)
    text.keep { !table.flags(of: $0).contains(.mark) }
  }
}
