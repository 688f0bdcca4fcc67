import Drawing

extension VocabularyCommand.Answer {
  package var drawing: Drawing? {
    guard let found else {
      return .stack(
        [
          .plain("\(kind) with \(counted(size, "piece"))."),
          .bars(.init(title: "pieces by script", bars: Self.bars(scripts))),
          .bars(.init(title: "pieces by length, in characters", bars: Self.bars(lengths))),
          .table(Self.table(longest, title: "the longest")),
        ] + Self.marks(longest))
    }
    let rest = found > pieces.count ? "; the first \(pieces.count) are shown" : ""
    guard found > 0 else { return .plain("None of the \(counted(size, "piece")) matches.") }
    return .stack(
      [.table(Self.table(pieces, title: ""))] + Self.marks(pieces)
        + [.words(.init("\(counted(found, "piece")) of \(size)\(rest).", .faint))])
  }

  private static func marks(_ pieces: [VocabularyCommand.Piece]) -> [Drawing] {
    PieceMarks.drawing(pieces.flatMap { [$0.piece, $0.text] })
  }

  private static func bars(_ groups: [VocabularyCommand.Group]) -> [Drawing.Bars.Bar] {
    groups.prefix(16).map { .init($0.name, Double($0.count), text: String($0.count)) }
  }

  private static func table(_ pieces: [VocabularyCommand.Piece], title: String) -> Drawing.Table {
    .init(
      title: title, columns: [.number("id"), "piece", "text", .number("length"), "script"],
      rows: pieces.map { piece in
        [
          .init(String(piece.id), .faint), .init(visible(piece.piece), .code), .init(visible(piece.text)),
          .init(String(piece.length)), .init(piece.special ? "special" : piece.script, .faint),
        ]
      })
  }
}

extension CompareTokenizersCommand.Answer {
  package var drawing: Drawing? {
    var columns: [Drawing.Table.Column] = [
      "tokenizer", "kind", .number("vocabulary"), .number("tokens"), .number("characters a token"), .number("unknown"),
    ]
    let names = Self.shortNames(rows.map(\.tokenizer))
    let hasCost = rows.contains { $0.cost != nil }
    columns.append(.number(hasCost ? "cost" : "relative"))
    let table = Drawing.Table(
      columns: columns,
      rows: zip(rows, names).map { row, name in
        [
          .init(name), .init(row.kind, .faint), .init(String(row.vocabulary)),
          .init(String(row.tokens), .strong),
          .init(number(row.characters_per_token, digits: 2)),
          .init(String(row.unknown), row.unknown > 0 ? .bad : .plain),
          .init(row.cost.map { number($0, digits: 6) } ?? number(row.ratio, digits: 2)),
        ]
      })
    guard showsPieces else { return .table(table) }
    let pieces = Drawing.Table(
      columns: ["tokenizer", "pieces"],
      rows: zip(rows, names).map { [.init($1, .faint), .init($0.pieces.map(visible).joined(separator: " | "))] })
    return .stack([.table(table), .blank, .table(pieces)] + PieceMarks.drawing(rows.flatMap(\.pieces)))
  }

  /// Files without their folders and endings, where that still tells them apart.
  private static func shortNames(_ names: [String]) -> [String] {
    let short = names.map { name in
      let last = name.split(separator: "/").last.map(String.init) ?? name
      return last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
    }
    return Set(short).count == names.count ? short : names
  }
}

extension TrainTokenizerCommand.Answer {
  package var drawing: Drawing? {
    var parts: [Drawing] = []
    for (index, merge) in merges.enumerated() {
      let counts = merge.candidates.map { "\(visible($0.left))+\(visible($0.right)) \($0.count)" }
      let words = merge.words.map { $0.map(visible).joined(separator: " ") }
      parts.append(
        .table(
          .init(
            columns: ["", ""],
            rows: [
              [
                .init("merge \(index + 1)", .strong),
                .init("\(visible(merge.left)) + \(visible(merge.right)) → \(visible(merge.merged))"),
              ],
              [.init("counts", .faint), .init(counts.joined(separator: ", "))],
              [.init("words now", .faint), .init(words.joined(separator: " | "))],
            ])))
    }
    parts += PieceMarks.drawing(merges.flatMap { $0.words.joined() })
    if let guess { parts.append(Self.verdict(guess)) }
    let place = output.map { "; written to \($0)" } ?? ""
    parts.append(
      .plain(
        "\(kind): \(counted(size, "piece")) from \(counted(total_words, "word")), \(words) of them different; "
          + "\(number(tokens_per_word, digits: 2)) pieces a word\(place)."))
    return .stack(parts)
  }

  /// What a guess was worth; it does not tell what was right.
  private static func verdict(_ guess: TrainTokenizerCommand.Guess) -> Drawing {
    let pair = "\(visible(guess.left)) + \(visible(guess.right))"
    if guess.is_right {
      return .words(.init("Right: \(pair) occurs \(counted(guess.count, "time")), and no pair more often.", .good))
    }
    guard guess.count > 0 else { return .words(.init("\(pair) is no pair of neighbours in the words now.", .bad)) }
    return .words(.init("Not yet: \(pair) occurs \(counted(guess.count, "time")), and another pair more often.", .bad))
  }
}
