extension Drawing.TokenStrip {
  private static let gutter = 9

  func terminalLines(_ style: TerminalStyle) -> [Line] {
    let width = style.usableWidth
    var lines = title.isEmpty ? [] : [Line(style.fitted(title, to: width), .strong)]
    guard !tokens.isEmpty else { return lines + [Line(style.fitted("no tokens", to: width), .faint)] }
    let gutter = width >= 40 ? Self.gutter : 0
    let scale = fixedScale
    let cells = tokens.map { cell($0, width - gutter - 4, scale, style) }
    var start = 0
    while start < cells.count {
      var end = start
      var used = gutter + 1
      while end < cells.count, end == start || used + cells[end].width + 3 <= width {
        used += cells[end].width + 3
        end += 1
      }
      if start > 0 { lines.append(Line()) }
      lines += stripLines(cells, start..<end, gutter, scale, style)
      start = end
    }
    return lines
  }

  private struct Cell {
    var texts: [String]
    var width: Int
  }

  private var rowNames: [String] {
    ["piece"] + (hasShades ? [shadeName] : []) + (hasIdentifiers ? ["id"] : [])
      + (hasPlaces ? ["offsets"] : [])
  }

  private func cell(_ token: Token, _ room: Int, _ scale: FixedScale, _ style: TerminalStyle) -> Cell {
    var texts = [visiblePiece(token.piece, unicode: style.unicode)]
    if hasShades {
      let isShaded = style.color == .none
      texts.append(
        token.shade.map { (isShaded ? scale.shade($0, unicode: style.unicode) : "") + scale.short($0) } ?? "")
    }
    if hasIdentifiers { texts.append(token.id.map(String.init) ?? "") }
    if hasPlaces { texts.append(place(token)) }
    texts = texts.map { style.fitted($0, to: max(room, 1)) }
    return Cell(texts: texts, width: texts.map { displayWidth($0) }.max() ?? 0)
  }

  private func stripLines(
    _ cells: [Cell], _ range: Range<Int>, _ gutter: Int, _ scale: FixedScale, _ style: TerminalStyle
  ) -> [Line] {
    rowNames.enumerated().map { row, name in
      var line = Line(padded(style.fitted(name, to: max(gutter - 1, 0)), to: gutter), .faint)
      if gutter == 0 { line = Line() }
      let bar = style.unicode ? "│" : "|"
      if style.color == .none { line.add(bar) }
      for index in range {
        let text = cells[index].texts.indices.contains(row) ? cells[index].texts[row] : ""
        let ink = row == 0 ? pieceInk(index, scale, style) : tokens[index].isSpecial ? .faint : .plain
        if style.color != .none { line.add(" ") }
        line.add(" " + padded(text, to: cells[index].width) + " ", ink)
        if style.color == .none { line.add(bar) }
      }
      return line
    }
  }

  private func pieceInk(_ index: Int, _ scale: FixedScale, _ style: TerminalStyle) -> Ink {
    if let part = tokens[index].shade.flatMap(scale.part) { return scale.colors.ink(part, style.color) }
    if tokens[index].isSpecial { return Ink(isStrong: true, isFaint: true) }
    return Palette.pastelInk(index, style.color)
  }
}
