extension Drawing.Table {
  private static let gap = 2
  private static let narrowest = 6

  func terminalLines(_ style: TerminalStyle) -> [Line] {
    var lines: [Line] = []
    if !title.isEmpty { lines.append(Line(style.fitted(title, to: style.usableWidth), .strong)) }
    let natural = naturalWidths()
    let shown = columnsThatFit(natural, style.usableWidth)
    let widths = fitted(Array(natural.prefix(shown)), style.usableWidth)
    if columns.contains(where: { !$0.title.isEmpty }) {
      let titles = columns.prefix(shown).map { Drawing.Span($0.title, .strong) }
      lines += rowLines(titles, widths, style)
      var rule = Line()
      for (index, width) in widths.enumerated() {
        if index > 0 { rule.add(spaces(Self.gap)) }
        rule.add(String(repeating: style.unicode ? "─" : "-", count: width), .faint)
      }
      lines.append(rule)
    }
    for row in rows { lines += rowLines(row, widths, style) }
    if rows.isEmpty { lines.append(Line(style.fitted("no rows", to: style.usableWidth), .faint)) }
    if shown < columns.count {
      let hidden = columns.dropFirst(shown).map { sanitized($0.title) }.joined(separator: ", ")
      let note = "not enough room for \(columns.count - shown) more: \(hidden)"
      lines.append(Line(style.fitted(note, to: style.usableWidth), .faint))
    }
    return lines
  }

  private func naturalWidths() -> [Int] {
    columns.indices.map { column in
      rows.reduce(displayWidth(sanitized(columns[column].title))) {
        max($0, displayWidth(cell($1, column).text))
      }
    }
  }

  private func columnsThatFit(_ natural: [Int], _ width: Int) -> Int {
    var used = -Self.gap
    for (index, column) in natural.enumerated() {
      used += Self.gap + leastWidth(index, column)
      if used > width { return max(index, 1) }
    }
    return natural.count
  }

  private func leastWidth(_ column: Int, _ natural: Int) -> Int {
    columns[column].alignment == .right ? natural : min(natural, Self.narrowest)
  }

  /// Narrows the widest column until the row fits.
  private func fitted(_ natural: [Int], _ width: Int) -> [Int] {
    var widths = natural
    var excess = widths.reduce(0, +) + Self.gap * max(widths.count - 1, 0) - width
    while excess > 0 {
      let candidates = widths.indices.filter { widths[$0] > leastWidth($0, natural[$0]) }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths.map { min($0, width) }
  }

  private func rowLines(_ row: [Drawing.Span], _ widths: [Int], _ style: TerminalStyle) -> [Line] {
    let cells = widths.indices.map { column -> [String] in
      let text = cell(row, column).text
      if columns[column].wraps { return wrapped(text, to: widths[column]).map(trimmedEnd) }
      return [truncated(text, to: widths[column], ellipsis: style.ellipsis)]
    }
    return (0..<(cells.map(\.count).max() ?? 0)).map { index in
      var line = Line()
      for (column, parts) in cells.enumerated() {
        if column > 0 { line.add(spaces(Self.gap)) }
        let text = parts.indices.contains(index) ? parts[index] : ""
        let field = padded(text, to: widths[column], alignment: columns[column].alignment)
        line.add(field, Ink(cell(row, column).role))
      }
      return line
    }
  }
}
