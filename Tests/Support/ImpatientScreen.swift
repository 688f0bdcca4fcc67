import Drawing
import Notebook

/// Asks for a stop once so many pictures of a training have been drawn, as Ctrl-C would.
package final class ImpatientScreen: Screen {
  package var style = TerminalStyle()
  private var patience: Int
  package private(set) var notices: [String] = []

  package init(patience: Int) { self.patience = patience }

  package func show(_ lines: [String]) {}
  package func notice(_ line: String) { notices.append(line) }
  package func endLive() {}

  package func live(_ drawing: Drawing, followsEnd: Bool) {
    guard case .stack = drawing else { return }
    patience -= 1
    if patience == 0 { Interrupt.request() }
  }
}
