extension Drawing.HeatmapGrid {
  /// How small multiples are drawn on a screen, and how many of them.
  ///
  /// What fits a window's height is tried in this order: large cells, half-blocks, maps reduced more and more; at last
  /// maps are left out.
  struct Layout {
    /// What a value is drawn with.
    enum Cells {
      /// One character, the value's shade or digit.
      case letter
      /// Two coloured cells, nearly a square.
      case pair
      /// Half a coloured cell: two rows to a line.
      case half
    }

    /// The longest side of a map, in values.
    private(set) var side = 1
    private(set) var cells = Cells.letter
    /// Whether a map is smaller than its values.
    private(set) var isPooled = false
    /// Columns of the screen that a map takes.
    private(set) var cell = 1
    /// Maps side by side.
    private(set) var perRow = 1
    /// Columns before the first map of a line of maps, for the names of its rows; 0 where they would cost another line of
    /// maps. Where two rows share a line, so do their names.
    private(set) var gutter = 0
    /// Maps that are drawn; all, where there is room.
    private(set) var shown: Int
    /// Lines of one row of maps, its captions included.
    private var rowHeight = 1

    /// Columns between maps.
    static let gap = 2
    private static let widestName = 13
    private static let largestSide = 24
    private static let smallestSide = 4

    /// - Parameters:
    ///   - room: lines for the maps and the note that they are reduced; nil for any number
    ///   - noteOfPooling: lines of that note
    init(_ grid: Drawing.HeatmapGrid, _ style: TerminalStyle, room: Int?, noteOfPooling: Int) {
      shown = grid.maps.count
      let longest = max(grid.maps.map { max($0.values.count, $0.columnCount) }.max() ?? 1, 1)
      let largest = min(Self.largestSide, style.usableWidth, longest)
      for side in stride(from: largest, through: min(Self.smallestSide, largest), by: -1) {
        for cells in Self.kinds(style, side) where cells != .pair || 2 * side <= style.usableWidth {
          arrange(grid, style, side, cells)
          guard let room else { return }
          if height + (isPooled ? noteOfPooling : 0) <= room { return }
        }
      }
      guard let room else { return }
      // A line says how many are missing.
      let left = room - (isPooled ? noteOfPooling : 0) - 1
      shown = min(shown, max((left + 1) / (rowHeight + 1), 1) * perRow)
    }

    private static func kinds(_ style: TerminalStyle, _ side: Int) -> [Cells] {
      guard style.color != .none else { return [.letter] }
      guard style.unicode else { return [.pair] }
      return side <= 8 ? [.pair, .half] : [.half]
    }

    private mutating func arrange(_ grid: Drawing.HeatmapGrid, _ style: TerminalStyle, _ side: Int, _ cells: Cells) {
      let width = style.usableWidth
      let sizes = grid.maps.map { $0.size(pooledTo: side) }
      let (rows, columns) = (sizes.map(\.rows).max() ?? 0, sizes.map(\.columns).max() ?? 0)
      let captions = grid.maps.map { displayWidth(sanitized($0.caption)) }.max() ?? 0
      (self.side, self.cells) = (side, cells)
      isPooled = zip(grid.maps, sizes).contains { $0.values.count != $1.rows || $0.columnCount != $1.columns }
      cell = min(max(cells == .pair ? 2 * columns : columns, min(captions, 16), 1), width)
      func fitting(_ width: Int) -> Int {
        min(max((width + Self.gap) / (cell + Self.gap), 1), max(grid.maps.count, 1))
      }
      func rowsOfMaps(_ perRow: Int) -> Int { (grid.maps.count + perRow - 1) / perRow }
      perRow = fitting(width)
      rowHeight = 1 + (cells == .half ? (rows + 1) / 2 : rows)
      let widths = grid.rows.map { displayWidth(sanitized($0)) }
      let lines =
        cells == .half
        ? stride(from: 0, to: widths.count, by: 2).map { widths[$0] + 1 + (widths.dropFirst($0 + 1).first ?? 0) }
        : widths
      let names = min(lines.max() ?? 0, Self.widestName)
      gutter = 0
      guard names > 0, !isPooled, names + 1 + cell <= width else { return }
      let beside = fitting(width - names - 1)
      if rowsOfMaps(beside) == rowsOfMaps(perRow) { (gutter, perRow) = (names + 1, beside) }
    }

    /// Lines of all maps.
    private var height: Int { (shown + perRow - 1) / perRow * (rowHeight + 1) - 1 }
  }
}
