import Drawing
import Foundation

/// The whole window, drawn row by row; only rows that changed are sent.
final class Canvas {
  private(set) var size: TerminalSize
  private var shown: [String]?
  private let cast: CastFile?
  /// The terminal takes no more.
  private(set) var hasFailed = false

  init(cast: CastFile?) {
    self.cast = cast
    size = Canvas.measured()
  }

  static func measured() -> TerminalSize {
    let size = TerminalSize.of(STDOUT_FILENO)
    return TerminalSize(columns: max(20, size?.columns ?? 80), rows: max(5, size?.rows ?? 24))
  }

  /// Takes the terminal over, also after a stop.
  func begin() {
    TerminalModes.setFullScreen(true)
    measure()
  }

  func end() { TerminalModes.setFullScreen(false) }

  /// The window may have changed; everything is drawn anew.
  func measure() {
    let old = size
    size = Canvas.measured()
    shown = nil
    if size != old { cast?.add("r", "\(size.columns)x\(size.rows)") }
  }

  /// - Parameter cursor: where it blinks; nil hides it. Both count from 0.
  func draw(_ rows: [String], cursor: (row: Int, column: Int)? = nil) {
    // A program that was sent to the background has no window.
    guard TerminalModes.hasFullScreen else { return }
    var text = shown == nil ? "\u{1B}[?25l\u{1B}[H\u{1B}[2J" : "\u{1B}[?25l"
    let isBare = text.utf8.count
    for row in 0..<size.rows {
      let line = rows.indices.contains(row) ? rows[row] : ""
      if let shown, shown.indices.contains(row), shown[row] == line { continue }
      if shown == nil, line.isEmpty { continue }
      // Erased before it is written: after the last column the cursor still stands on it.
      text += "\u{1B}[\(row + 1);1H\u{1B}[K\(line)"
    }
    shown = (0..<size.rows).map { rows.indices.contains($0) ? rows[$0] : "" }
    if let cursor {
      text += "\u{1B}[\(min(cursor.row, size.rows - 1) + 1);\(min(cursor.column, size.columns - 1) + 1)H\u{1B}[?25h"
    } else if text.utf8.count == isBare {
      return
    }
    cast?.add("o", text)
    if case .failure = Output.put(text, to: STDOUT_FILENO) { hasFailed = true }
  }
}
