import Drawing

/// Where a session shows things. A terminal, a pipe, or a lesson's recording: the session does not know which.
package protocol Screen: AnyObject {
  /// Width, colours and glyphs of this screen.
  var style: TerminalStyle { get set }

  /// One finished line or more, for standard output.
  func show(_ lines: [String])

  /// Something the learner should know that is no part of the answer: standard error.
  func notice(_ line: String)

  /// Draws in place of what the last call drew. A screen that cannot redraw stays silent.
  /// - Parameter followsEnd: of one that is taller than the screen, the end is seen: a text that is being written
  func live(_ drawing: Drawing, followsEnd: Bool)

  /// Asks a question with the answers yes and no. Where nobody is there to ask, the answer is yes.
  func confirms(_ question: String) -> Bool

  /// Whether somebody is there to type a line.
  var canAsk: Bool { get }

  /// Lets them type a line behind a prompt.
  func ask(_ prompt: String) -> AskedLine

  /// Ends the live drawing: erases it, so that the final drawing stands in its place.
  func endLive()
}

extension Screen {
  package func live(_ drawing: Drawing) { live(drawing, followsEnd: false) }
  package func confirms(_ question: String) -> Bool { true }
  package var canAsk: Bool { false }
  package func ask(_ prompt: String) -> AskedLine { .ended }
}

/// What came of asking for a line.
package enum AskedLine: Sendable, Equatable {
  case text(String)
  /// Ctrl-C: what was typed is gone.
  case interrupted
  /// Ctrl-D, or nobody is there any more.
  case ended
}

/// Keeps what would have been shown: for lessons, transcripts and tests.
package final class RecordingScreen: Screen {
  package var style: TerminalStyle
  package private(set) var lines: [String] = []
  package private(set) var notices: [String] = []
  /// Live drawings that were asked for; a recording shows none of them.
  package private(set) var liveCount = 0

  package init(style: TerminalStyle = TerminalStyle(width: 80, color: .none, accessible: false, unicode: true)) {
    self.style = style
  }

  package func show(_ lines: [String]) { self.lines += lines }
  package func notice(_ line: String) { notices.append(line) }
  package func live(_ drawing: Drawing, followsEnd: Bool) { liveCount += 1 }
  package func endLive() {}

  /// Hands out what was recorded and starts again.
  package func take() -> (lines: [String], notices: [String]) {
    defer { (lines, notices) = ([], []) }
    return (lines, notices)
  }
}
