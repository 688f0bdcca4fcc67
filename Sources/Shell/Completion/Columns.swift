import Drawing

/// Names in columns, read downwards.
package enum Columns {
  /// Names beyond this many are counted, not shown.
  package static let limit = 200

  /// Names with what they are, one a line, where there are such and they fit; else in columns.
  package static func lines(_ names: [String], details: [String], width: Int) -> [String] {
    let isSparse = details.allSatisfy(\.isEmpty)
    guard !isSparse, names.count <= 48, width >= 40 else { return lines(names, width: width) }
    let shown = names.map { sanitized($0) }
    let widest = min(shown.map { displayWidth($0) }.max() ?? 0, width / 2)
    return zip(shown, details).map { name, detail in
      truncated(padded(truncated(name, to: widest), to: widest) + "  " + sanitized(detail), to: width - 1)
    }
  }

  package static func lines(_ names: [String], width: Int) -> [String] {
    let shown = names.prefix(limit).map { sanitized($0) }
    guard let widest = shown.map({ displayWidth($0) }).max() else { return [] }
    let columns = max(1, (width + 1) / (widest + 2))
    let rows = (shown.count + columns - 1) / columns
    let lines = (0..<rows).map { row in
      let cells = stride(from: row, to: shown.count, by: rows).map { shown[$0] }
      return cells.dropLast().map { padded($0, to: widest + 2) }.joined() + (cells.last ?? "")
    }
    return names.count > limit ? lines + ["and \(names.count - limit) more"] : lines
  }

  /// Rows between the first cell of a text and the cell after its last, in a window of this width.
  package static func rowsBefore(end text: String, width: Int) -> Int {
    var (row, column) = (0, 0)
    for character in text {
      let cells = displayWidth(character)
      if character == "\n" || column + cells > width { (row, column) = (row + 1, 0) }
      column += cells
      if column >= width { (row, column) = (row + 1, 0) }
    }
    return row
  }
}
