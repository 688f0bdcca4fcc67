extension Drawing.Curves {
  /// A title when there is one, a line for each series, its height in lines, the axis and its ticks: the
  /// same count of lines whatever the points are.
  func terminalLines(_ style: TerminalStyle) -> [Line] {
    let width = style.usableWidth
    let axes = axes(xTicks: max(width / 14, 2), yTicks: 4)
    let labels = axes.y.ticks.map { axes.y.label($0) }
    let gutter = min(labels.map(\.count).max() ?? 0, max(width / 3, 1)) + 1
    let name = style.fitted(xTitle, to: max(width / 5, 1))
    let columns = max(min(width - gutter - 2 - displayWidth(name), 100), 2)
    var lines = headingLine(style).map { [$0] } ?? []
    lines += series.indices.map { keyLine($0, style) }
    lines += plot(axes, columns, gutter, style)
    lines += axisLines(axes.x, columns, gutter, name, style)
    return lines
  }

  private func headingLine(_ style: TerminalStyle) -> Line? {
    let words = [title, title.contains(yTitle) ? "" : yTitle].filter { !$0.isEmpty }
    guard let first = words.first else { return nil }
    var line = Line(style.fitted(first, to: style.usableWidth), .strong)
    for word in words.dropFirst() { line.add("  " + sanitized(word), .faint) }
    return line
  }

  private func isMarked(_ style: TerminalStyle) -> Bool {
    !style.unicode || (style.color == .none && series.count > 1)
  }

  private func mark(_ index: Int, _ style: TerminalStyle) -> String {
    let marks = style.unicode ? ["•", "×", "o", "+", "#", "%"] : ["*", "x", "o", "+", "#", "%"]
    return marks[index % marks.count]
  }

  private func ink(_ index: Int, _ style: TerminalStyle) -> Ink {
    style.color == .none ? .plain : Palette.seriesInk(index, style.color)
  }

  private func keyLine(_ index: Int, _ style: TerminalStyle) -> Line {
    let sign = isMarked(style) ? mark(index, style) : "━"
    var line = Line("  " + String(repeating: sign, count: 2) + " ", ink(index, style))
    line.add(style.fitted(series[index].name, to: max(style.usableWidth - 6, 1)))
    let room = style.usableWidth - line.width - 2
    if room > 12 { line.add("  " + style.fitted(summary(series[index]), to: room), .faint) }
    return line
  }

  private func plot(
    _ axes: (x: Axis, y: Axis), _ columns: Int, _ gutter: Int, _ style: TerminalStyle
  )
    -> [Line]
  {
    var canvas = PlotCanvas(columns: columns, rows: height, braille: !isMarked(style))
    for (index, series) in series.enumerated() {
      for piece in series.pieces {
        let places = piece.map { (x: axes.x.part($0.x), y: axes.y.part($0.y)) }
        canvas.draw(places, series: index)
      }
    }
    var labels: [Int: String] = [:]
    for tick in axes.y.ticks { labels[canvas.row(axes.y.part(tick))] = axes.y.label(tick) }
    return (0..<height).map { row in
      let label = truncated(labels[row] ?? "", to: gutter - 1, ellipsis: style.ellipsis)
      var line = Line(padded(label, to: gutter - 1, alignment: .right) + " ")
      let edge = style.unicode ? (labels[row] == nil ? "│" : "┤") : (labels[row] == nil ? "|" : "+")
      line.add(edge, .faint)
      for column in 0..<columns {
        let (owner, dots, isSingle) = canvas.cell(column, row)
        guard let owner else {
          line.add(" ")
          continue
        }
        let text = isMarked(style) || isSingle ? mark(owner, style) : dots
        line.add(text, ink(owner, style))
      }
      return line
    }
  }

  private func axisLines(
    _ axis: Axis, _ columns: Int, _ gutter: Int, _ name: String, _ style: TerminalStyle
  ) -> [Line] {
    let ticks = axis.ticks.map { tick in
      (column: min(max(Int((axis.part(tick) * Double(columns - 1)).rounded()), 0), columns - 1), tick: tick)
    }
    let marked = Set(ticks.map(\.column))
    let (corner, tee, dash) = style.unicode ? ("└", "┬", "─") : ("+", "+", "-")
    var rule = Line(spaces(gutter))
    rule.add(corner + (0..<columns).map { marked.contains($0) ? tee : dash }.joined(), .faint)
    rule.add(" " + name, .faint)
    var labels = Line()
    for (column, tick) in ticks {
      let text = axis.label(tick)
      let start = max(gutter + 1 + column - text.count / 2, 0)
      guard start > labels.width || labels.width == 0, start + text.count <= style.usableWidth else {
        continue
      }
      labels.fill(to: start)
      labels.add(text)
    }
    return [rule, labels]
  }
}
