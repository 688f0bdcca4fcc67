extension Drawing.HeatmapGrid {
  private static let largestSide = 24
  private static let gap = 2

  func terminalLines(_ style: TerminalStyle) -> [Line] {
    let width = style.usableWidth
    let scale = fixedScale
    var lines = title.isEmpty ? [] : [Line(style.fitted(title, to: width), .strong)]
    if !note.isEmpty { lines += wrapped(sanitized(note), to: width).map { Line($0, .faint) } }
    guard !maps.isEmpty else { return lines + [Line("no values", .faint)] }
    let small = maps.map { $0.pooled(to: min(Self.largestSide, width), scale) }
    let isPooled = zip(small, maps).contains { $0.values.count != $1.values.count }
    let pictures = small.map { picture($0, scale, style) }
    let columns = pictures.flatMap { $0.map(\.width) }.max() ?? 1
    let captions = maps.map { displayWidth(sanitized($0.caption)) }.max() ?? 0
    let cell = min(max(columns, min(captions, 16)), width)
    let perRow = min(max((width + Self.gap) / (cell + Self.gap), 1), maps.count)
    for start in stride(from: 0, to: maps.count, by: perRow) {
      if start > 0 { lines.append(Line()) }
      lines += row(start..<min(start + perRow, maps.count), pictures, cell, style)
    }
    lines.append(Line())
    lines += scaleLegend(
      scale, legend, style, showsEmpty: false, hasDigits: style.color == .none && !style.unicode)
    if isPooled {
      let text = "large maps are reduced: each cell shows the strongest of its block"
      lines += wrapped(text, to: width).map { Line($0, .faint) }
    }
    return lines
  }

  private func row(_ range: Range<Int>, _ pictures: [[Line]], _ cell: Int, _ style: TerminalStyle) -> [Line] {
    var caption = Line()
    for (place, index) in range.enumerated() {
      caption.fill(to: place * (cell + Self.gap))
      caption.add(style.fitted(maps[index].caption, to: cell))
    }
    let height = range.map { pictures[$0].count }.max() ?? 0
    return [caption]
      + (0..<height).map { level in
        var line = Line()
        for (place, index) in range.enumerated() where pictures[index].indices.contains(level) {
          line.fill(to: place * (cell + Self.gap))
          line.add(pictures[index][level])
        }
        return line
      }
  }

  /// Shade characters without colour; two cells a value when the map is tiny; else half-blocks, two rows to a
  /// line.
  private func picture(_ map: Map, _ scale: FixedScale, _ style: TerminalStyle) -> [Line] {
    let columns = 0..<map.columnCount
    guard style.color != .none else {
      return map.values.indices.map { row in
        Line(
          columns.map { column in
            let value = map.value(row, column)
            return style.unicode ? scale.shade(value, unicode: true) : scale.digit(value)
          }.joined())
      }
    }
    func tint(_ row: Int, _ column: Int) -> Tint? {
      scale.part(map.value(row, column)).map { scale.colors.tint($0, style.color) }
    }
    if !style.unicode || max(map.values.count, map.columnCount) <= 8 {
      return map.values.indices.map { row in
        Line(columns.map { Line.Run("  ", Ink(background: tint(row, $0))) })
      }
    }
    return stride(from: 0, to: map.values.count, by: 2).map { row in
      Line(columns.map { column in halfBlock(tint(row, column), tint(row + 1, column)) })
    }
  }

  private func halfBlock(_ upper: Tint?, _ lower: Tint?) -> Line.Run {
    if let upper { return Line.Run("▀", Ink(foreground: upper, background: lower)) }
    return lower.map { Line.Run("▄", Ink(foreground: $0)) } ?? Line.Run(" ")
  }
}
