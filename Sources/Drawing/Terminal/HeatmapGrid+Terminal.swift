extension Drawing.HeatmapGrid {
  private static let pooledNote = "large maps are reduced: each cell shows the strongest of its block"

  /// Title, note, the maps side by side, and the key; the key also says what a window's height left no room for.
  func terminalLines(_ style: TerminalStyle) -> [Line] {
    let width = style.usableWidth
    let scale = fixedScale
    var lines = title.isEmpty ? [] : [Line(style.fitted(title, to: width), .strong)]
    if !note.isEmpty { lines += wrapped(sanitized(note), to: width).map { Line($0, .faint) } }
    guard !maps.isEmpty else { return lines + [Line("no values", .faint)] }
    func faint(_ text: String) -> [Line] { wrapped(text, to: width).map { Line($0, .faint) } }
    let key = scaleLegend(
      scale, legend, style, showsEmpty: false, hasDigits: style.color == .none && !style.unicode)
    let pooled = faint(Self.pooledNote)
    let taken = lines.count + 1 + key.count
    let layout = Layout(self, style, room: style.height.map { $0 - taken }, noteOfPooling: pooled.count)
    for start in stride(from: 0, to: layout.shown, by: layout.perRow) {
      if start > 0 { lines.append(Line()) }
      lines += row(start..<min(start + layout.perRow, layout.shown), layout, scale, style)
    }
    lines.append(Line())
    lines += key
    if layout.isPooled { lines += pooled }
    if layout.shown < maps.count {
      lines += faint("\(layout.shown) of \(maps.count) maps; a higher window shows more")
    }
    return lines
  }

  private func row(_ range: Range<Int>, _ layout: Layout, _ scale: FixedScale, _ style: TerminalStyle) -> [Line] {
    var caption = Line()
    for (place, index) in range.enumerated() {
      caption.fill(to: layout.gutter + place * (layout.cell + Layout.gap))
      caption.add(style.fitted(maps[index].caption, to: layout.cell))
    }
    let pictures = maps[range].map { drawn($0.pooled(to: layout.side, scale), layout.cells, scale, style) }
    let height = pictures.map(\.count).max() ?? 0
    return [caption]
      + (0..<height).map { level in
        var line = Line()
        if layout.gutter > 0 {
          let named = layout.cells == .half ? rows.dropFirst(2 * level).prefix(2) : rows.dropFirst(level).prefix(1)
          let name = style.fitted(named.joined(separator: " "), to: layout.gutter - 1)
          line.add(padded(name, to: layout.gutter - 1, alignment: .right), Ink(.faint))
        }
        for (place, picture) in pictures.enumerated() where picture.indices.contains(level) {
          line.fill(to: layout.gutter + place * (layout.cell + Layout.gap))
          line.add(picture[level])
        }
        return line
      }
  }

  private func drawn(_ map: Map, _ cells: Layout.Cells, _ scale: FixedScale, _ style: TerminalStyle) -> [Line] {
    let columns = 0..<map.columnCount
    if cells == .letter {
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
    if cells == .pair {
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
