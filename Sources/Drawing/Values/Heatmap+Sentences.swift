extension Drawing.Heatmap {
  private static let mostRanked = 5
  private static let mostRows = 40

  /// What is measured and between which bounds, the strongest cells in order, then the strongest of each row.
  func sentences() -> [String] {
    let scale = fixedScale
    let names = (rows: Self.distinct(rows), columns: Self.distinct(columns))
    var result = [summary(scale)]
    let ranked = ranked(scale)
    for (place, cell) in ranked.prefix(Self.mostRanked).enumerated() {
      let rank = place == 0 ? "strongest" : "number \(place + 1)"
      result.append("\(rank): " + sentence(cell, names, scale))
    }
    guard rows.count > 1, rows.count <= Self.mostRows else { return result }
    for row in rows.indices {
      guard let best = ranked.first(where: { $0.row == row }) else { continue }
      result.append("row \(row + 1): " + sentence(best, names, scale))
    }
    return result
  }

  /// One sentence that stands for the picture.
  var alternative: String {
    let scale = fixedScale
    let names = (rows: Self.distinct(rows), columns: Self.distinct(columns))
    let top = ranked(scale).prefix(3).map { sentence($0, names, scale) }
    return ([summary(scale)] + (top.isEmpty ? [] : ["strongest: " + top.joined(separator: "; ")]))
      .joined(separator: ". ")
  }

  private func summary(_ scale: FixedScale) -> String {
    let finite = values.joined().filter(\.isFinite).map(Double.init)
    let heading = title.isEmpty ? "heat map" : sanitized(title)
    let size = "\(rows.count) rows by \(columns.count) columns"
    guard let low = finite.min(), let high = finite.max() else { return "\(heading): \(size), no values" }
    let measure = legend.isEmpty ? "values" : sanitized(legend)
    return "\(heading): \(size), \(measure) from \(scale.long(low)) to \(scale.long(high))"
  }

  private func sentence(
    _ cell: (row: Int, column: Int, value: Float), _ names: (rows: [String], columns: [String]),
    _ scale: FixedScale
  ) -> String {
    let (row, column) = (names.rows[cell.row], names.columns[cell.column])
    return "\(row) \(sanitized(relation)) \(column) \(scale.long(Double(cell.value)))"
  }

  /// All cells that hold a number, strongest first; equal ones in reading order.
  private func ranked(_ scale: FixedScale) -> [(row: Int, column: Int, value: Float)] {
    let cells = rows.indices.flatMap { row in
      columns.indices.compactMap { column -> (row: Int, column: Int, value: Float, strength: Float)? in
        let value = value(row, column)
        guard !value.isNaN else { return nil }
        return (row, column, value, scale.isDiverging ? value.magnitude : value)
      }
    }
    return cells.sorted { ($1.strength, $0.row, $0.column) < ($0.strength, $1.row, $1.column) }
      .map { ($0.row, $0.column, $0.value) }
  }
}

extension Drawing.HeatmapGrid {
  private func name(_ index: Int, _ names: [String], _ kind: String) -> String {
    names.indices.contains(index) ? visiblePiece(names[index], unicode: true) : "\(kind) \(index + 1)"
  }

  func sentences() -> [String] {
    let scale = fixedScale
    let heading = title.isEmpty ? "maps" : sanitized(title)
    let measure = legend.isEmpty ? "" : ", " + sanitized(legend)
    return [
      "\(heading): \(maps.count) maps\(measure), from \(scale.long(scale.low)) to \(scale.long(scale.high))"
    ]
      + maps.map { map in
        let size = "\(map.values.count) by \(map.columnCount)"
        guard let best = map.strongest(scale) else { return "\(sanitized(map.caption)): \(size), no values" }
        return "\(sanitized(map.caption)): \(size), strongest \(scale.long(Double(best.value))) "
          + "from \(name(best.row, rows, "row")) to \(name(best.column, columns, "column"))"
      }
  }
}
