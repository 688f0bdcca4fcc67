extension Drawing {
  /// The pieces of a text side by side, each with its number and place.
  package struct TokenStrip: Sendable, Equatable {
    package struct Token: Sendable, Equatable {
      package var piece: String
      package var id: Int?
      /// Where the piece stands in the text, in Unicode scalars; nil for a special token.
      package var offsets: Range<Int>?
      /// Whether the tokenizer added it: it stands for no text.
      package var isSpecial: Bool
      /// A weight or probability that tints the piece.
      package var shade: Float?

      package init(
        _ piece: String, id: Int? = nil, offsets: Range<Int>? = nil, isSpecial: Bool = false,
        shade: Float? = nil
      ) {
        self.piece = piece
        self.id = id
        self.offsets = offsets
        self.isSpecial = isSpecial
        self.shade = shade
      }
    }

    package var title: String
    package var tokens: [Token]
    /// What a shade means: `attention`, `probability`.
    package var shadeName: String
    package var scale: Scale

    package init(
      title: String = "", tokens: [Token], shadeName: String = "weight", scale: Scale = .sequential(nil)
    ) {
      self.title = title
      self.tokens = tokens
      self.shadeName = shadeName
      self.scale = scale
    }
  }
}

extension Drawing.TokenStrip {
  var hasShades: Bool { tokens.contains { $0.shade != nil } }
  var hasPlaces: Bool { tokens.contains { $0.offsets != nil || $0.isSpecial } }
  var hasIdentifiers: Bool { tokens.contains { $0.id != nil } }
  var fixedScale: FixedScale { FixedScale(scale, values: tokens.compactMap(\.shade)) }

  func place(_ token: Token) -> String {
    if token.isSpecial { return "special" }
    return token.offsets.map { "\($0.lowerBound)-\($0.upperBound)" } ?? ""
  }

  func sentences() -> [String] {
    let scale = fixedScale
    let special = tokens.count { $0.isSpecial }
    let heading = title.isEmpty ? "" : sanitized(title) + ": "
    let count = "\(tokens.count) tokens" + (special > 0 ? ", \(special) of them special" : "")
    return [heading + count]
      + tokens.enumerated().map { index, token in
        var facts = [visiblePiece(token.piece, unicode: false)]
        if let id = token.id { facts.append("id \(id)") }
        if token.isSpecial {
          facts.append("special token")
        } else if let offsets = token.offsets {
          facts.append("characters \(offsets.lowerBound) to \(offsets.upperBound)")
        }
        if let shade = token.shade { facts.append("\(sanitized(shadeName)) \(scale.long(Double(shade)))") }
        return "\(index + 1). " + facts.joined(separator: ", ")
      }
  }

  func html() -> String {
    let scale = fixedScale
    let items = tokens.enumerated().map { index, token -> String in
      let background = token.shade.flatMap(scale.part).map { scale.colors.color($0) }
      let color = background ?? Palette.pastel[index % Palette.pastel.count]
      let look = "background:\(color.hex);color:\(color.readableForeground.hex)"
      let piece = escaped(visiblePiece(token.piece, unicode: true))
      var parts = ["<b style=\"\(look)\">\(piece)</b>"]
      if token.isSpecial && background == nil { parts = ["<b>\(piece)</b>"] }
      if let shade = token.shade { parts.append("<span>\(scale.long(Double(shade)))</span>") }
      if let id = token.id { parts.append("<span>\(id)</span>") }
      if hasPlaces { parts.append("<span>\(place(token))</span>") }
      return "<li\(token.isSpecial ? " class=\"special\"" : "")>\(parts.joined())</li>"
    }
    let rows = [
      hasShades ? sanitized(shadeName) : nil, hasIdentifiers ? "id" : nil, hasPlaces ? "offsets" : nil,
    ]
    let key = "below each piece: " + rows.compactMap { $0 }.joined(separator: ", ")
    let words = rows.contains { $0 != nil } ? "<span class=\"faint\">\(escaped(key))</span>" : ""
    let caption = [escaped(title), words].filter { !$0.isEmpty }
    return """
      <figure class="tokens"><figcaption>\(caption.joined(separator: " "))</figcaption>
      <ol>
      \(items.joined(separator: "\n"))
      </ol></figure>
      """
  }
}
