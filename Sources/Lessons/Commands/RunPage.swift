import Drawing
import Notebook

/// Shows a run as it goes: the lesson as a learner sees it, its cells, what came out, what failed.
final class RunPage {
  private let session: Session
  private let isQuiet: Bool
  private let title: String
  private let count: Int

  init(_ lesson: Lesson, in session: Session, isQuiet: Bool) {
    self.session = session
    self.isQuiet = isQuiet
    title = lesson.header.title
    count = lesson.cells.count
  }

  func show(_ event: LessonRun.Event) {
    switch event {
    case .starts(let cell, let index): starts(cell, index)
    case .ran(let outcome): ran(outcome)
    case .reached(let item): if !isQuiet { reached(item) }
    case .failed(let failure):
      session.screen.endLive()
      failure.lines.forEach(session.screen.notice)
    }
  }

  private func show(_ drawing: Drawing) {
    session.screen.endLive()
    session.screen.show(drawing.lines(session.screen.style))
  }

  private func starts(_ cell: LessonCell, _ index: Int) {
    if !isQuiet, !cell.isHidden {
      show(.text(.init(lines: cell.source.map { [.init("> ", .faint), .init($0.text, .code)] })))
    }
    session.screen.live(.progress(.init(label: title, done: index, total: count, unit: .count("cells"))))
  }

  private func ran(_ outcome: CellOutcome) {
    session.screen.endLive()
    guard !isQuiet, !outcome.cell.isHidden else { return }
    if outcome.isSkipped {
      let first = outcome.cell.source.first?.text ?? ""
      return show(.text(.init("(skipped) \(first)", .faint)))
    }
    let style = session.screen.style
    if outcome.drawings.isEmpty {
      session.screen.show(outcome.output)
    } else {
      outcome.drawings.forEach { session.screen.show($0.lines(style)) }
      if let message = outcome.message, outcome.status != .passed { show(.text(.init(message))) }
    }
    show(.blank)
  }

  private func reached(_ item: Lesson.Item) {
    let style = session.screen.style
    switch item {
    case .heading(_, _, let line): show(.stack([Prose([line]).drawing(style), .blank]))
    case .prose(let lines): show(.stack([Prose(lines).drawing(style), .blank]))
    case .quiz(let quiz):
      show(.stack([Prose(quiz.prose).drawing(style), .blank]))
      show(
        .text(
          .init(
            lines: quiz.choices.map { choice in
              [.init("  \(choice.letter)) \(choice.text)", quiz.isRight(choice.letter) ? .good : .plain)]
            })))
      show(.stack([.text(.init(quiz.key.isEmpty ? "Answer: kept apart" : "Answer: \(quiz.key)", .faint)), .blank]))
    case .exercise(let exercise): show(.stack([Prose(exercise.prose).drawing(style), .blank]))
    case .cell, .pause, .note, .time: break
    }
  }
}
