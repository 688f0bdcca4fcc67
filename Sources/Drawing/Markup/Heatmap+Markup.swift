extension Drawing.Heatmap {
  private static let mostCells = 96
  private static let mostTabled = 1600

  /// Squares with their names at the left and, slanted, above; values inside when there is room.
  var picture: Picture {
    let (map, factor) = pooled(rows: Self.mostCells, columns: Self.mostCells)
    let isReduced = factor.rows > 1 || factor.columns > 1
    let scale = map.fixedScale
    let rowNames = map.rows.map { truncated(visiblePiece($0, unicode: true), to: 16) }
    let columnNames = map.columns.map { truncated(visiblePiece($0, unicode: true), to: 16) }
    // A long map scrolls: its cells stay large enough to be named.
    let side = min(max(600 / Double(max(map.columns.count, 1)), 14), 38)
    let left = (rowNames.map(Picture.measure).max() ?? 0) + 12
    let rise = (columnNames.map(Picture.measure).max() ?? 0) * 0.72 + 14
    var top = title.isEmpty ? 4.0 : 26.0
    var body = title.isEmpty ? "" : Picture.text(title, 4, 16, weight: "600")
    let axis = [rowTitle.isEmpty ? nil : "↓ \(rowTitle)", columnTitle.isEmpty ? nil : "→ \(columnTitle)"]
      .compactMap { $0 }.joined(separator: "   ")
    if !axis.isEmpty {
      body += Picture.text(axis, 4, top + 12, opacity: 0.7)
      top += 20
    }
    top += rise
    for (row, name) in rowNames.enumerated() {
      let y = top + Double(row) * side
      body += Picture.text(name, left - 6, y + side / 2 + 4.5, anchor: "end")
      let squares = columnNames.indices.map { map.square(row, $0, left + Double($0) * side, y, side, scale) }
      body += isReduced ? squares.joined() : Picture.group("row", row, squares.joined())
    }
    for (column, name) in columnNames.enumerated() {
      body += Picture.text(name, left + (Double(column) + 0.5) * side, top - 6, turn: -45)
    }
    let bottom = top + Double(map.rows.count) * side + 14
    body += Picture.key(scale, legend, left, bottom)
    var height = bottom + 24
    if isReduced {
      let note = "each cell shows the strongest of \(factor.rows) x \(factor.columns)"
      body += Picture.text(note, left, bottom + 32, opacity: 0.7)
      height += 20
    }
    let lastName = columnNames.last.map(Picture.measure) ?? 0
    let right = left + Double(map.columns.count) * side + lastName * 0.72
    let width = max(right, left + Picture.keyWidth(scale, legend), Picture.measure(title) * 1.1) + 8
    return Picture(width: width, height: height, alternative: alternative, body: body)
  }

  private func square(
    _ row: Int, _ column: Int, _ x: Double, _ y: Double, _ side: Double, _ scale: FixedScale
  ) -> String {
    let value = value(row, column)
    guard let part = scale.part(value) else { return "" }
    let color = scale.colors.color(part)
    let isTitled = rows.count * columns.count <= Self.mostTabled
    let words =
      "\(sanitized(rows[row])) \(relation) \(sanitized(columns[column])) \(scale.long(Double(value)))"
    let box = Picture.rectangle(
      x, y, side - 0.7, side - 0.7, fill: color.hex, title: isTitled ? words : "")
    let short = scale.short(value)
    guard side >= 30, short.count <= 5, (scale.strength(value) ?? 0) >= FixedScale.threshold else {
      return box
    }
    let foreground = color.readableForeground.hex
    return box
      + Picture.text(short, x + side / 2, y + side / 2 + 4, anchor: "middle", fill: foreground, fontSize: 11)
  }

  func html() -> String {
    """
    <figure class="heatmap">\(picture.inline)
    \(valuesTable)\(viewer.html)</figure>
    """
  }

  /// The same values as a table, folded away.
  private var valuesTable: String {
    guard rows.count * columns.count <= Self.mostTabled, !rows.isEmpty else { return "" }
    let scale = fixedScale
    let head = columns.map { "<th scope=\"col\">\(escaped(visiblePiece($0, unicode: true)))</th>" }.joined()
    let body = rows.indices.map { row in
      let cells = columns.indices.map { column in
        let value = value(row, column)
        return "<td class=\"right\">\(value.isNaN ? "" : scale.long(Double(value)))</td>"
      }
      let name = escaped(visiblePiece(rows[row], unicode: true))
      return "<tr><th scope=\"row\">\(name)</th>\(cells.joined())</tr>"
    }
    return """
      <details><summary>as a table</summary><div class="scroll"><table>\
      <thead><tr><td></td>\(head)</tr></thead><tbody>
      \(body.joined(separator: "\n"))
      </tbody></table></div></details>
      """
  }
}
