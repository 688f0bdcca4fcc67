import Drawing

extension TokensCommand.Answer {
  package var drawing: Drawing? {
    var parts: [Drawing] = []
    for line in chat?.split(separator: "\n", omittingEmptySubsequences: false) ?? [] {
      parts.append(.words(.init(String(line), .faint)))
    }
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
    for sequence in stages ?? [] { parts.append(.table(Self.walk(sequence))) }
    parts.append(.tokens(strip(pieces)))
    for mark in marks ?? [] { parts.append(.words(.init(mark, .faint))) }
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

  private static let kinds = [
    "normalizer": "normalise", "pre_tokenizer": "split", "model": "cut", "post_processor": "add",
  ]

  /// The stages of one text, what each gave on, and blanks made visible.
  private static func walk(_ stages: [TokensCommand.Stage]) -> Drawing.Table {
    .init(
      columns: ["stage", "", "gives"],
      rows: stages.map { stage in
        let parts = stage.parts.map { visible($0) }
        return [
          .init(kinds[stage.stage] ?? stage.stage, .faint), .init(stage.name),
          .init(parts.joined(separator: stage.stage == "normalizer" ? "" : " | ")),
        ]
      })
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

/// A text whose blanks can be seen: `·` a space, `→` a tab, `↵` a line break. A mark alone stands on a dotted circle.
func visible(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case " ": result.append("·")
    case "\t": result.append("→")
    case "\n": result.append("↵")
    default: result.append(scalar)
    }
  }
  return sanitized(String(result))
}

/// `1 word`, `2 words`
func counted(_ count: Int, _ thing: String) -> String { "\(count) \(thing)\(count == 1 ? "" : "s")" }
