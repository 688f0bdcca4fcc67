import Drawing
import Foundation

/// Lines at the bottom of the terminal that are drawn again in place, on standard error.
struct LiveRegion {
  /// Whether there is a terminal that can move its cursor.
  let isAble: Bool
  /// Widths in cells of the lines that stand there now.
  private var drawn: [Int] = []
  private var isOpen = false
  private var lastDrawn: ContinuousClock.Instant?
  /// About twelve pictures a second.
  private static let pause = Duration.milliseconds(80)

  init(isAble: Bool) { self.isAble = isAble }

  /// Draws, unless the last picture is too recent. Never more lines than the window has: what scrolled away could not be
  /// drawn again, and would stand there twice.
  mutating func draw(_ drawing: Drawing, _ style: TerminalStyle, followsEnd: Bool = false) {
    guard isAble else { return }
    let now = ContinuousClock.now
    if let lastDrawn, now - lastDrawn < LiveRegion.pause { return }
    if let way = Signals.takeOwedWay() {
      erase()
      _ = Output.put(String(way.dropFirst()), to: STDERR_FILENO)
    }
    var style = style
    let size = TerminalSize.of(STDERR_FILENO)
    lastDrawn = now
    if let columns = size?.columns { style.width = columns }
    let (all, room) = (drawing.lines(style), max(1, (size?.rows ?? 24) - 1))
    let lines = Array(followsEnd ? all.suffix(room) : all.prefix(room))
    if !isOpen { TerminalModes.setDrawing(true) }
    isOpen = true
    // Erased before it is written: after the last column the cursor still stands on it.
    let text = back(width: style.width) + lines.map { "\u{1B}[K" + $0 + "\n" }.joined() + "\u{1B}[J"
    drawn = lines.map { displayWidth(withoutColors($0)) }
    _ = Output.put(text, to: STDERR_FILENO)
  }

  /// Takes the picture away; the next one starts where the cursor then is.
  mutating func erase() {
    guard isOpen, !drawn.isEmpty else { return }
    _ = Output.put(back(width: TerminalSize.of(STDERR_FILENO)?.columns ?? 80) + "\u{1B}[J", to: STDERR_FILENO)
    drawn = []
    lastDrawn = nil
  }

  mutating func end() {
    guard isOpen else { return }
    erase()
    isOpen = false
    lastDrawn = nil
    TerminalModes.setDrawing(false)
  }

  /// To the first cell of the picture. A window that became narrower has wrapped its lines.
  private func back(width: Int) -> String {
    let rows = drawn.reduce(0) { $0 + max(1, ($1 + width - 1) / max(1, width)) }
    return rows == 0 ? "\r" : "\r\u{1B}[\(rows)A"
  }
}
