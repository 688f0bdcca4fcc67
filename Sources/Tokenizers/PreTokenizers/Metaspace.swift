/// Makes spaces visible marks and starts a word at each, as SentencePiece does.
package struct Metaspace: PreTokenizer {
  /// When a mark goes before a text that does not start with one.
  package enum Prepending: String, CaseIterable, Sendable {
    case always, first, never
  }

  let replacement: UInt32
  let prepending: Prepending
  let splits: Bool
  package var cutting: Cutting { splits ? .endsWord : .keeps }

  init(replacement: UInt32 = 0x2581, prepending: Prepending = .always, splits: Bool = true) {
    self.replacement = replacement
    self.prepending = prepending
    self.splits = splits
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    self.init(
      replacement: try Self.replacement(json), prepending: try Self.prepending(json),
      splits: try json.boolean("split", default: true))
  }

  static func replacement(_ json: JSONObject) throws(TokenizerError) -> UInt32 {
    let text = try json.string("replacement", default: "▁").unicodeScalars
    guard let first = text.first, text.count == 1 else { throw json.wrong(.character) }
    return first.value
  }

  /// Older files say `add_prefix_space` instead.
  static func prepending(_ json: JSONObject) throws(TokenizerError) -> Prepending {
    let isAdded = try json.boolean("add_prefix_space", default: true)
    guard let name = try json.optional("prepend_scheme")?.string() else { return isAdded ? .always : .never }
    guard let prepending = Prepending(rawValue: name) else { throw json.wrong(.prependScheme) }
    return prepending
  }

  package func split(_ text: inout AlignedText) {
    text.rewriteWords { text, word in
      let first = text.scalars[word.lowerBound]
      let prepends =
        switch prepending {
        case .always: true
        case .first: text.places[word.lowerBound].start == 0
        case .never: false
        }
      if prepends, first != 32, first != replacement { text.emit(replacement, text.places[word.lowerBound]) }
      for index in word {
        let scalar = text.scalars[index]
        text.emit(scalar == 32 ? replacement : scalar, text.places[index])
      }
    }
    guard splits else { return }
    text.splitWords { scalars, word, parts in
      var start = word.lowerBound
      for index in word where scalars[index] == replacement && index > start {
        parts.append(start..<index)
        start = index
      }
      parts.append(start..<word.upperBound)
    }
  }
}
