import Drawing

extension TokensCommand.Answer {
  package var drawing: Drawing? {
    var parts: [Drawing] = []
    for step in steps ?? [] {
      parts.append(
        .table(
          .init(
            columns: ["", ""],
            rows: [
              [.init("text", .faint), .init(step.original)], [.init("normalised", .faint), .init(step.normalized)],
              [.init("words", .faint), .init(step.words.joined(separator: " | "))],
            ])))
    }
    parts.append(.tokens(strip(pieces)))
    for part in overflow { parts.append(.tokens(strip(part, title: "cut off"))) }
    let words = Set(pieces.compactMap { piece in piece.word.map { "\(piece.type_id) \($0)" } }).count
    let special = pieces.count { $0.special }
    parts.append(
      .words(
        .init(
          "\(pieces.count) tokens: \(counted(pieces.count - special, "piece")) of \(counted(words, "word")), "
            + "\(special) special.", .faint)))
    return .stack(parts)
  }

  private func strip(_ pieces: [TokensCommand.Token], title: String = "") -> Drawing.TokenStrip {
    .init(
      title: title,
      tokens: pieces.map { piece in
        .init(
          piece.token, id: piece.id, offsets: piece.special ? nil : piece.start..<piece.end, isSpecial: piece.special)
      })
  }
}

/// `1 word`, `2 words`
private func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
