extension Drawing {
  /// Many small pictures on one scale, such as all heads of a layer.
  package struct HeatmapGrid: Sendable, Equatable {
    package struct Map: Sendable, Equatable {
      package var caption: String
      package var values: [[Float]]

      package init(_ caption: String, _ values: [[Float]]) {
        self.caption = caption
        self.values = values
      }
    }

    package var title: String
    package var maps: [Map]
    /// Names of the rows and columns of every map, for sentences; may be empty.
    package var rows: [String]
    package var columns: [String]
    package var scale: Scale
    /// What a value is.
    package var legend: String
    /// What rows and columns of each picture are, and in which order.
    package var note: String

    package init(
      title: String = "", maps: [Map], rows: [String] = [], columns: [String] = [],
      scale: Scale = .sequential(nil), legend: String = "", note: String = ""
    ) {
      self.title = title
      self.maps = maps
      self.rows = rows
      self.columns = columns
      self.scale = scale
      self.legend = legend
      self.note = note
    }
  }
}

extension Drawing.HeatmapGrid.Map {
  var columnCount: Int { values.map(\.count).max() ?? 0 }

  func value(_ row: Int, _ column: Int) -> Float {
    guard values.indices.contains(row), values[row].indices.contains(column) else { return .nan }
    return values[row][column]
  }

  /// The map with no side longer than a limit: each cell the strongest of its block.
  func pooled(to side: Int, _ scale: FixedScale) -> Self {
    let factor = factor(side)
    guard factor > 1 else { return self }
    return Self(caption, pooledValues(values, values.count, columnCount, (factor, factor), scale))
  }

  /// Rows and columns after `pooled(to:)`.
  func size(pooledTo side: Int) -> (rows: Int, columns: Int) {
    let factor = factor(side)
    return ((values.count + factor - 1) / factor, (columnCount + factor - 1) / factor)
  }

  private func factor(_ side: Int) -> Int { max((max(values.count, columnCount) + side - 1) / max(side, 1), 1) }

  /// Where the strongest value stands.
  func strongest(_ scale: FixedScale) -> (row: Int, column: Int, value: Float)? {
    var best: (row: Int, column: Int, value: Float)?
    var bestStrength = -1.0
    for (row, line) in values.enumerated() {
      for (column, value) in line.enumerated() {
        guard let strength = scale.strength(value), strength > bestStrength else { continue }
        (best, bestStrength) = ((row, column, value), strength)
      }
    }
    return best
  }
}

extension Drawing.HeatmapGrid {
  var fixedScale: FixedScale { FixedScale(scale, values: maps.lazy.flatMap { $0.values.joined() }) }
}
