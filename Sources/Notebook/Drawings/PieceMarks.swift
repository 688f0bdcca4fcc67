import Drawing

/// What the marks in pieces mean, for somebody who sees them for the first time.
enum PieceMarks {
  private static let table: [(mark: String, meaning: String)] = [
    ("Ġ", "Ġ stands for a space: byte-level pieces write every byte as a visible character."),
    ("Ċ", "Ċ stands for a line break."), ("ĉ", "ĉ stands for a tab."),
    ("▁", "▁ stands for a space and starts a word."),
    ("##", "## goes on with the word before it."), ("</w>", "</w> ends a word."),
    ("<0x", "<0x…> is one byte of a character that has no piece."),
    (" ", "· is a space, made visible."), ("\t", "→ is a tab, made visible."),
    ("\n", "↵ is a line break, made visible."),
  ]

  /// The meanings of the marks that occur in these pieces or texts.
  static func meanings(in texts: [String]) -> [String] {
    table.filter { mark, _ in texts.contains { $0.contains(mark) } }.map(\.meaning)
  }

  static func drawing(_ texts: [String]) -> [Drawing] {
    meanings(in: texts).map { .words(.init($0, .faint)) }
  }
}
