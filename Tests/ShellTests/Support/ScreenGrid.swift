/// What a window shows after these bytes, as far as a deck draws: places, erasing, and text.
struct ScreenGrid {
  private(set) var cells: [[Character]]
  private(set) var isAlternate = false
  private(set) var isCursorShown = true
  private var (row, column) = (0, 0)

  init(_ raw: String, columns: Int = 200, rows: Int = 100) {
    cells = Array(repeating: Array(repeating: " ", count: columns), count: rows)
    var rest = raw[...]
    while let character = rest.popFirst() {
      switch character {
      case "\u{1B}" where rest.first == "[":
        rest = rest.dropFirst()
        let parameters = rest.prefix { !$0.isLetter && $0 != "~" }
        rest = rest.dropFirst(parameters.count)
        if let final = rest.popFirst() { apply(final, String(parameters)) }
      case "\r\n":
        (row, column) = (min(row + 1, rows - 1), 0)
      case "\n": row = min(row + 1, rows - 1)
      case "\r": column = 0
      default:
        if cells.indices.contains(row), cells[row].indices.contains(column) { cells[row][column] = character }
        column += 1
      }
    }
  }

  /// As an OS shell expects it.
  var isUsable: Bool { !isAlternate && isCursorShown }

  /// Rows without the blanks at their ends.
  var rows: [String] {
    cells.map { row in
      var text = String(row)
      while text.last == " " { text.removeLast() }
      return text
    }
  }

  var text: String { rows.joined(separator: "\n") }

  private mutating func apply(_ final: Character, _ parameters: String) {
    let numbers = parameters.split(separator: ";", omittingEmptySubsequences: false).map { Int($0) ?? 1 }
    switch (final, parameters) {
    case ("H", _): (row, column) = ((numbers.first ?? 1) - 1, (numbers.count > 1 ? numbers[1] : 1) - 1)
    case ("K", _):
      if cells.indices.contains(row) { for place in column..<cells[row].count { cells[row][place] = " " } }
    case ("J", "2"):
      for row in cells.indices { for place in cells[row].indices { cells[row][place] = " " } }
    case ("h", "?1049"), ("l", "?1049"): isAlternate = final == "h"
    case ("h", "?25"), ("l", "?25"): isCursorShown = final == "h"
    default: break
    }
  }
}
