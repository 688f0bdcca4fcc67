extension Drawing {
  /// A matrix as shades, with its rows and columns named.
  package struct Heatmap: Sendable, Equatable {
    package var title: String
    /// Names of the rows, top to bottom.
    package var rows: [String]
    /// Names of the columns, left to right.
    package var columns: [String]
    /// Values by row; missing ones are drawn like what is not a number.
    package var values: [[Float]]
    package var scale: Scale
    /// What a value is: `attention weight`.
    package var legend: String
    /// What a row and a column are: `from`, `to`.
    package var rowTitle: String
    package var columnTitle: String
    /// What a row does to a column, for sentences: `attends to`.
    package var relation: String

    package init(
      title: String = "", rows: [String], columns: [String], values: [[Float]],
      scale: Scale = .sequential(nil), legend: String = "", rowTitle: String = "", columnTitle: String = "",
      relation: String = "to"
    ) {
      self.title = title
      self.rows = rows
      self.columns = columns
      self.values = values
      self.scale = scale
      self.legend = legend
      self.rowTitle = rowTitle
      self.columnTitle = columnTitle
      self.relation = relation
    }
  }
}

extension Drawing.Heatmap {
  func value(_ row: Int, _ column: Int) -> Float {
    guard values.indices.contains(row), values[row].indices.contains(column) else { return .nan }
    return values[row][column]
  }

  var fixedScale: FixedScale { FixedScale(scale, values: values.joined()) }

  /// Names of rows or columns made safe, a repeated one with its place: `the`, `the (7)`.
  static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.enumerated().map { index, name in
      let name = visiblePiece(name, unicode: true)
      return seen.insert(name).inserted ? name : "\(name) (\(index + 1))"
    }
  }

  /// The picture made small enough: each cell holds the strongest value of a block. The factors are 1 when it
  /// fits.
  func pooled(
    rows maximumRows: Int, columns maximumColumns: Int
  ) -> (
    map: Self, factor: (rows: Int, columns: Int)
  ) {
    let factor = (
      rows: max((rows.count + maximumRows - 1) / max(maximumRows, 1), 1),
      columns: max((columns.count + maximumColumns - 1) / max(maximumColumns, 1), 1)
    )
    guard factor.rows > 1 || factor.columns > 1 else { return (self, factor) }
    let scale = fixedScale
    var result = self
    result.scale =
      scale.isDiverging
      ? .diverging(limit: Float(scale.high)) : .sequential(Float(scale.low)...Float(scale.high))
    result.rows = Self.blockNames(rows, factor.rows)
    result.columns = Self.blockNames(columns, factor.columns)
    result.values = pooledValues(values, rows.count, columns.count, factor, scale)
    return (result, factor)
  }

  private static func blockNames(_ names: [String], _ factor: Int) -> [String] {
    guard factor > 1 else { return names }
    return stride(from: 0, to: names.count, by: factor).map { "\($0 + 1)-\(min($0 + factor, names.count))" }
  }
}

/// The strongest value of each block of a matrix.
func pooledValues(
  _ values: [[Float]], _ rows: Int, _ columns: Int, _ factor: (rows: Int, columns: Int), _ scale: FixedScale
) -> [[Float]] {
  stride(from: 0, to: rows, by: factor.rows).map { top in
    stride(from: 0, to: columns, by: factor.columns).map { left in
      var strongest = Float.nan
      for row in values.dropFirst(top).prefix(min(factor.rows, rows - top)) {
        for value in row.dropFirst(left).prefix(factor.columns) where !value.isNaN {
          if strongest.isNaN || (scale.strength(value) ?? 0) > (scale.strength(strongest) ?? 0) {
            strongest = value
          }
        }
      }
      return strongest
    }
  }
}
