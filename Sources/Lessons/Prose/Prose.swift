import Drawing

/// Markdown laid out for a screen.
struct Prose {
  static let widest = 80

  let blocks: [Markdown.Block]

  init(_ lines: [Lesson.SourceLine]) { blocks = Markdown(lines.map(\.text)).blocks }

  init(_ text: String) { blocks = Markdown([text]).blocks }

  /// Wrapped to a width, a blank line between blocks; list items stand close.
  func drawing(_ style: TerminalStyle) -> Drawing {
    let width = max(20, min(style.width, Prose.widest))
    var parts: [Drawing] = []
    var previous: Markdown.Block?
    for block in blocks {
      if let previous, !Prose.areOneList(previous, block) { parts.append(.blank) }
      parts.append(Prose.drawing(block, width, style))
      previous = block
    }
    return .stack(parts)
  }

  private static func areOneList(_ a: Markdown.Block, _ b: Markdown.Block) -> Bool {
    guard case .item(let mark, let depth, _) = a, case .item(let next, let deep, _) = b else { return false }
    return depth != deep || (mark == "-") == (next == "-")
  }

  private static func drawing(_ block: Markdown.Block, _ width: Int, _ style: TerminalStyle) -> Drawing {
    switch block {
    case .heading(let level, let runs): heading(level, runs, width, style)
    case .paragraph(let runs): .text(.init(lines: lines(spans(runs), width)))
    case .item(let mark, let depth, let runs):
      item(mark == "-" ? (style.unicode && !style.accessible ? "•" : "-") : mark, depth, runs, width)
    case .quote(let runs):
      .text(.init(lines: lines(spans(runs), width - 2).map { [.init(style.unicode ? "▏ " : "| ", .faint)] + $0 }))
    case .code(_, let code): .text(.init(lines: code.map { [.init("    " + $0, .code)] }))
    case .table(let header, let rows):
      .table(
        .init(
          columns: header.map { .init(text($0)) }, rows: rows.map { $0.map { Drawing.Span(text($0)) } }))
    case .ruler: .text(.init(style.accessible ? "" : String(repeating: style.unicode ? "─" : "-", count: 20), .faint))
    }
  }

  private static func heading(
    _ level: Int, _ runs: [Markdown.Run], _ width: Int, _ style: TerminalStyle
  ) -> Drawing {
    let title = spans(runs).map { Drawing.Span($0.text, .strong) }
    let all = lines(title, width)
    guard level <= 2, !style.accessible else { return .text(.init(lines: all)) }
    let length = all.map { $0.reduce(0) { $0 + displayWidth($1.text) } }.max() ?? 0
    let mark = style.unicode ? (level == 1 ? "═" : "─") : (level == 1 ? "=" : "-")
    return .text(.init(lines: all + [[.init(String(repeating: mark, count: length), .faint)]]))
  }

  private static func item(_ mark: String, _ depth: Int, _ runs: [Markdown.Run], _ width: Int) -> Drawing {
    let indent = String(repeating: "  ", count: depth)
    let hanging = indent + String(repeating: " ", count: mark.count + 1)
    let wrapped = lines(spans(runs), width - hanging.count)
    return .text(
      .init(lines: wrapped.enumerated().map { [.init($0 == 0 ? indent + mark + " " : hanging)] + $1 }))
  }

  /// Code keeps its backticks: without colours they are all that sets it apart.
  static func spans(_ runs: [Markdown.Run]) -> [Drawing.Span] {
    runs.map { run in
      switch run.style {
      case .plain: .init(run.target.map { "\(run.text) (\($0))" } ?? run.text)
      case .strong: .init(run.text, .strong)
      case .emphasis: .init(run.text, .accent)
      case .code: .init("`\(run.text)`", .code)
      }
    }
  }

  private static func text(_ runs: [Markdown.Run]) -> String { spans(runs).map(\.text).joined() }

  /// A line with one more word; runs of one role stay one span, their blanks included.
  private static func joined(_ line: [Drawing.Span], _ word: [Drawing.Span], hasBlank: Bool) -> [Drawing.Span] {
    guard let last = line.last, let first = word.first else { return line + word }
    let blank = hasBlank ? " " : ""
    guard last.role != first.role else {
      return line.dropLast() + [.init(last.text + blank + first.text, last.role)] + word.dropFirst()
    }
    return line + (hasBlank ? [.init(blank)] : []) + word
  }

  /// Spans broken at blanks; a word may change its role midway.
  static func lines(_ spans: [Drawing.Span], _ width: Int) -> [[Drawing.Span]] {
    var lines: [[Drawing.Span]] = [[]]
    var used = 0
    var word: [Drawing.Span] = []
    func flush() {
      let length = word.reduce(0) { $0 + displayWidth(sanitized($1.text)) }
      guard length > 0 else { return }
      if used > 0, used + 1 + length > width {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1] = joined(lines[lines.count - 1], word, hasBlank: used > 0)
      used += length + (used > 0 ? 1 : 0)
      word = []
    }
    for span in spans {
      for (index, part) in span.text.split(separator: " ", omittingEmptySubsequences: false).enumerated() {
        if index > 0 { flush() }
        if !part.isEmpty { word.append(.init(String(part), span.role)) }
      }
    }
    flush()
    return lines
  }
}
