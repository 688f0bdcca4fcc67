extension Drawing.Heatmap {
  private static let mostRows = 48
  private static let mostBlocks = 3
  private static let tallestName = 8

  func terminalLines(_ style: TerminalStyle) -> [Line] {
    let width = style.usableWidth
    var lines = title.isEmpty ? [] : [Line(style.fitted(title, to: width), .strong)]
    guard !rows.isEmpty, !columns.isEmpty else { return lines + [Line("no values", .faint)] }
    let narrow = style.color == .none ? (style.unicode ? 3 : 2) : 2
    let (map, factor) = pooled(rows: Self.mostRows, columns: max((width - 12) / narrow, 1) * Self.mostBlocks)
    if let note = axisNote(style) { lines.append(Line(style.fitted(note, to: width), .faint)) }
    let layout = map.layout(style, narrow: narrow)
    var start = 0
    while start < map.columns.count {
      let end = min(start + layout.columnsPerBlock, map.columns.count)
      if end - start < map.columns.count {
        if start > 0 { lines.append(Line()) }
        let note = "columns \(start + 1)-\(end) of \(map.columns.count)"
        lines.append(Line(style.fitted(note, to: width), .faint))
      }
      lines += map.block(start..<end, layout, style)
      start = end
    }
    lines += map.legendLines(layout, style)
    if factor.rows > 1 || factor.columns > 1 {
      let note =
        "\(rows.count) x \(columns.count) values: each cell shows the strongest of "
        + "\(factor.rows) x \(factor.columns)"
      lines += wrapped(note, to: width).map { Line($0, .faint) }
    }
    return lines
  }

  private func axisNote(_ style: TerminalStyle) -> String? {
    guard !rowTitle.isEmpty || !columnTitle.isEmpty else { return nil }
    let (down, across) = style.unicode ? ("↓", "→") : ("down:", "across:")
    let parts = [
      rowTitle.isEmpty ? nil : "\(down) \(rowTitle)", columnTitle.isEmpty ? nil : "\(across) \(columnTitle)",
    ]
    return parts.compactMap { $0 }.joined(separator: "   ")
  }

  private struct Layout {
    var gutter: Int
    var cell: Int
    var showsValues: Bool
    var columnsPerBlock: Int
    var scale: FixedScale
  }

  private func layout(_ style: TerminalStyle, narrow: Int) -> Layout {
    let width = style.usableWidth
    let longest = rows.map { displayWidth(visiblePiece($0, unicode: style.unicode)) }.max() ?? 0
    let gutter = min(longest, 14, max(width / 4, 3))
    let room = max(width - gutter - 1, narrow)
    let scale = fixedScale
    let valueWidth = values.joined().map { scale.short($0).count }.max() ?? 3
    let longestColumn = columns.map { displayWidth(visiblePiece($0, unicode: style.unicode)) }.max() ?? 0
    let wide = valueWidth + 2
    if columns.count * wide <= room {
      let cell = min(room / columns.count, max(longestColumn + 1, wide), 12)
      return Layout(
        gutter: gutter, cell: cell, showsValues: true, columnsPerBlock: columns.count, scale: scale)
    }
    let blocks = max((columns.count * narrow + room - 1) / room, 1)
    let perBlock = min((columns.count + blocks - 1) / blocks, max(room / narrow, 1))
    return Layout(gutter: gutter, cell: narrow, showsValues: false, columnsPerBlock: perBlock, scale: scale)
  }

  private func block(_ range: Range<Int>, _ layout: Layout, _ style: TerminalStyle) -> [Line] {
    var lines = header(range, layout, style)
    for (row, name) in rows.enumerated() {
      let name = truncated(
        visiblePiece(name, unicode: style.unicode), to: layout.gutter, ellipsis: style.ellipsis)
      var line = Line(padded(name, to: layout.gutter, alignment: .right))
      line.add(" ")
      for column in range { line.add(cell(value(row, column), layout, style)) }
      lines.append(line)
    }
    return lines
  }

  private func cell(_ value: Float, _ layout: Layout, _ style: TerminalStyle) -> Line {
    let scale = layout.scale
    let strength = scale.strength(value)
    let isEmpty = (strength ?? 1) < FixedScale.threshold
    if style.color == .none {
      let shade = scale.shade(value, unicode: style.unicode)
      if layout.showsValues {
        return Line(padded(isEmpty || strength == nil ? shade : shade + scale.short(value), to: layout.cell))
      }
      let sign = scale.isDiverging ? value < 0 ? "-" : "+" : style.unicode ? shade : ""
      let digit = isEmpty || strength == nil ? shade : sign + scale.digit(value)
      return Line(padded(digit, to: layout.cell))
    }
    guard let part = scale.part(value) else { return Line(padded("?", to: layout.cell), .faint) }
    let ink = scale.colors.ink(part, style.color)
    if layout.showsValues {
      let text = isEmpty ? "" : scale.short(value)
      return Line(padded(text, to: layout.cell, alignment: .center), ink)
    }
    let digit = style.color == .sixteen && !isEmpty ? scale.digit(value) : ""
    return Line(padded(digit, to: layout.cell), ink)
  }

  /// Column names: across when they fit, on two steps when twice the room is enough, else downwards.
  private func header(_ range: Range<Int>, _ layout: Layout, _ style: TerminalStyle) -> [Line] {
    let names = range.map { visiblePiece(columns[$0], unicode: style.unicode) }
    let longest = names.map { displayWidth($0) }.max() ?? 0
    let left = layout.gutter + 1
    if longest < layout.cell || (layout.showsValues && layout.cell >= 4) {
      let steps = longest < layout.cell ? 1 : 2
      return (0..<steps).map { step in
        var line = Line()
        for (index, name) in names.enumerated() where index % steps == step {
          let start = left + index * layout.cell
          line.fill(to: start)
          let room = min(layout.cell * steps - 1, style.usableWidth - start)
          line.add(truncated(name, to: room, ellipsis: style.ellipsis))
        }
        return line
      }
    }
    let letters = names.map { name -> [String] in
      let clusters = name.map(String.init).filter { displayWidth($0) > 0 }
      guard clusters.count > Self.tallestName else { return clusters }
      return clusters.prefix(Self.tallestName - 1) + [style.unicode ? "⋮" : ":"]
    }
    let height = letters.map(\.count).max() ?? 0
    return (0..<height).map { level in
      var line = Line()
      for (index, name) in letters.enumerated() {
        let position = level - (height - name.count)
        guard name.indices.contains(position) else { continue }
        line.fill(to: left + index * layout.cell)
        line.add(name[position])
      }
      return line
    }
  }

  private func legendLines(_ layout: Layout, _ style: TerminalStyle) -> [Line] {
    let hasDigits = !layout.showsValues && (style.color == .none || style.color == .sixteen)
    return scaleLegend(
      layout.scale, legend, style, showsEmpty: style.color == .none || layout.showsValues,
      hasDigits: hasDigits)
  }
}

/// The key of a scale: its ends, its shades between them, and what it measures.
func scaleLegend(
  _ scale: FixedScale, _ legend: String, _ style: TerminalStyle, showsEmpty: Bool, hasDigits: Bool
) -> [Line] {
  var line = Line(scale.long(scale.low) + " ", .faint)
  if style.color == .none {
    if hasDigits, !style.unicode {
      line.add(scale.isDiverging ? "-9 ... -0 . +0 ... +9" : ".0123456789")
    } else {
      let ramp = style.unicode ? "·░▒▓█" : ".:+%#"
      line.add(scale.isDiverging ? String(ramp.dropFirst().reversed()) + ramp : ramp)
    }
  } else {
    let cells = min(20, max(style.usableWidth / 3, 4))
    for cell in 0..<cells {
      let part = (Double(cell) + 0.5) / Double(cells)
      line.add(" ", Ink(background: scale.colors.tint(part, style.color)))
    }
  }
  line.add(" " + scale.long(scale.high), .faint)
  let empty = scale.long(
    FixedScale.threshold * (scale.high - (scale.isDiverging ? 0 : scale.low)) + max(scale.low, 0))
  let sign = style.color == .none ? (style.unicode ? "·" : ".") : "empty"
  let facts = [
    legend.isEmpty ? nil : sanitized(legend), showsEmpty ? "\(sign) is under \(empty)" : nil,
    hasDigits ? "9 is the top tenth" : nil,
  ]
  let words = facts.compactMap { $0 }.joined(separator: ", ")
  guard !words.isEmpty else { return [line] }
  if line.width + 2 + displayWidth(words) <= style.usableWidth {
    line.add("  " + words, .faint)
    return [line]
  }
  return [line] + wrapped(words, to: style.usableWidth).map { Line($0, .faint) }
}
