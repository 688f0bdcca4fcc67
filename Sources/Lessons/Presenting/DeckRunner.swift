import Drawing
import Foundation
import Notebook

/// What a cell of a deck gave, ready to be drawn at any width.
package struct CellShow: Sendable {
  package enum Piece: Sendable {
    case drawing(Drawing)
    /// Lines that a command wrote as they are.
    case lines([String])
  }

  package let pieces: [Piece]
  package let status: ExitStatus
  /// What ran.
  package let text: String

  init(_ text: String, pieces: [Piece], status: ExitStatus) {
    (self.text, self.pieces, self.status) = (text, pieces, status)
  }

  /// In place of an output that cannot be had.
  package init(_ text: String, _ failure: Failure) {
    self.init(text, pieces: [.drawing(.text(.init(failure.sentence, .bad)))], status: failure.status)
  }
}

/// Runs the cells of a deck in a sitting of their own. It belongs to one thread at a time, with the engine.
package struct DeckRunner {
  private let session: Session
  private let screen: DeckScreen

  /// - Parameter live: told what a running command draws; whether its end is what should be seen
  /// - Throws: `LessonError` for a parameter; status 69 when no model can be had
  package init(
    _ lesson: Lesson, parameters: [String: String], model: String?, in session: Session,
    live: @escaping (Drawing, Bool) -> Void
  ) throws {
    screen = DeckScreen(live)
    self.session = session.child(screen: screen)
    self.session.settings = try lesson.settings(model: model, in: session)
    self.session.variables = parameters
  }

  package func run(_ cell: LessonCell, _ style: TerminalStyle) -> CellShow {
    screen.style = style
    var pieces: [CellShow.Piece] = []
    var status = ExitStatus.passed
    let start = ContinuousClock.now
    for statement in cell.statements {
      let left = cell.timeout.map { max(0.001, $0 - (ContinuousClock.now - start).seconds) }
      guard let ran = session.execute(statement.text, id: cell.id, timeout: left) else { continue }
      status = ran.status
      let (lines, notices) = screen.take()
      let drawn = ran.drawing?.lines(style) ?? []
      let isDrawn = !drawn.isEmpty && lines.suffix(drawn.count).elementsEqual(drawn)
      let written = isDrawn ? Array(lines.dropLast(drawn.count)) : lines
      if !written.isEmpty { pieces.append(.lines(written)) }
      if isDrawn, let drawing = ran.drawing { pieces.append(.drawing(drawing)) }
      pieces += notices.map { .drawing(.text(.init($0, ran.message == nil ? .faint : .bad))) }
      if status != .passed { break }
    }
    return CellShow(cell.text, pieces: pieces, status: status)
  }
}

/// Keeps what a cell shows, and hands on what it draws while it runs.
private final class DeckScreen: Screen {
  private let recording = RecordingScreen()
  private let draw: (Drawing, Bool) -> Void

  init(_ draw: @escaping (Drawing, Bool) -> Void) { self.draw = draw }

  var style: TerminalStyle {
    get { recording.style }
    set { recording.style = newValue }
  }

  func show(_ lines: [String]) { recording.show(lines) }
  func notice(_ line: String) { recording.notice(line) }
  func live(_ drawing: Drawing, followsEnd: Bool) { draw(drawing, followsEnd) }
  func endLive() {}

  func take() -> (lines: [String], notices: [String]) { recording.take() }
}

extension Recording {
  /// What was recorded for a cell of a deck, or why there is nothing to show.
  package func show(_ index: Int, of deck: Deck, parameters: [String: String]) -> CellShow {
    let cell = deck.cells[index]
    do throws(LessonError) {
      let outcome = try outcome(of: cell, index: index, parameters: parameters, header: deck.lesson.header)
      let pieces: [CellShow.Piece] =
        outcome.drawings.isEmpty ? [.lines(outcome.output)] : outcome.drawings.map { .drawing($0) }
      return CellShow(cell.text, pieces: pieces, status: outcome.status)
    } catch {
      return CellShow(cell.text, Failure(error))
    }
  }
}

extension LessonCell {
  /// The cell with other lines, which a teacher typed.
  package func edited(_ text: String) throws(LessonError) -> LessonCell {
    var cell = self
    cell.source = text.split(separator: "\n", omittingEmptySubsequences: false).map {
      Lesson.SourceLine(text: String($0), place: place)
    }
    cell.statements = []
    try cell.readStatements()
    return cell
  }

  /// Whether it may run before it is asked for. Not what needs a person, and not what is tagged `live`, which the room
  /// is to see from its beginning.
  package var runsAhead: Bool { start != .manual && uncertainty != .command && !tags.contains("live") }
}
