/// What a machine needed for something: times, speeds, free and used memory. It differs from run to run, so a
/// transcript that should be the same everywhere leaves it out.
package enum Measured {
  /// Whether `placeholder` stands for everything measured in drawings that are made meanwhile.
  @TaskLocal package static var isHidden = false

  /// Any text, as lessons write it in an expectation.
  package static let placeholder = "[..]"
}

extension Drawing {
  /// The drawing with a text put in place of another one in its words and tables, where paths stand.
  package func replacing(_ old: String, with new: String) -> Drawing {
    func changed(_ spans: [Span]) -> [Span] {
      spans.map { Span($0.text.replacing(old, with: new), $0.role) }
    }
    switch self {
    case .text(let paragraph): return .text(Paragraph(lines: paragraph.lines.map(changed)))
    case .table(var table):
      table.rows = table.rows.map(changed)
      return .table(table)
    case .stack(let drawings): return .stack(drawings.map { $0.replacing(old, with: new) })
    case .bars, .heatmap, .grid, .tokens, .highlights, .curves, .progress: return self
    }
  }
}

/// A measured value as words, unless they are hidden.
package func measured(_ words: @autoclosure () -> String) -> String {
  Measured.isHidden ? Measured.placeholder : words()
}
