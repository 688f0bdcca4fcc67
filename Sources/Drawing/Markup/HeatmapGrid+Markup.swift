extension Drawing.HeatmapGrid {
  private static let side = 144.0
  private static let gap = 16.0
  private static let perRow = 4
  private static let mostCells = 48

  var picture: Picture {
    let scale = fixedScale
    var top = title.isEmpty ? 4.0 : 28.0
    var body = title.isEmpty ? "" : Picture.text(title, 4, 16, weight: "600")
    if !note.isEmpty {
      body += Picture.text(note, 4, top + 10, opacity: 0.7)
      top += 24
    }
    let step = Self.side + Self.gap
    for (index, map) in maps.enumerated() {
      let x = 4 + Double(index % Self.perRow) * step
      let y = top + Double(index / Self.perRow) * (step + 20)
      let caption = Picture.text(truncated(sanitized(map.caption), to: 18), x, y + 13)
      body += Picture.group("map", index, caption + cells(map.pooled(to: Self.mostCells, scale), x, y + 20, scale))
    }
    let rowsOfMaps = (maps.count + Self.perRow - 1) / Self.perRow
    let bottom = top + Double(rowsOfMaps) * (step + 20)
    body += Picture.key(scale, legend, 4, bottom)
    let words = max(Picture.keyWidth(scale, legend), Picture.measure(title) * 1.1, Picture.measure(note))
    let width = max(Double(min(maps.count, Self.perRow)) * step - Self.gap, words) + 8
    let alternative = sentences().prefix(17).joined(separator: ". ")
    return Picture(width: width, height: bottom + 24, alternative: alternative, body: body)
  }

  private func cells(_ map: Map, _ x: Double, _ y: Double, _ scale: FixedScale) -> String {
    let size = Self.side / Double(max(map.values.count, map.columnCount, 1))
    var result = ""
    for row in map.values.indices {
      for column in 0..<map.columnCount {
        guard let part = scale.part(map.value(row, column)) else { continue }
        let fill = scale.colors.color(part).hex
        result += Picture.rectangle(
          x + Double(column) * size, y + Double(row) * size, size + 0.3, size + 0.3, fill: fill)
      }
    }
    return result
  }

  func html() -> String {
    "<figure class=\"grid\">\(picture.inline)\(viewer.html)</figure>"
  }
}
