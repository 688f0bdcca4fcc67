import Drawing
import Notebook

/// The lessons at a glance, with how far a learner has come in each.
struct CourseMap {
  private let entries: [LessonShelf.Entry]
  private let progress: Progress
  /// The lesson to go on with.
  private let current: String?

  init(_ shelf: LessonShelf, _ progress: Progress, current: String?) {
    entries = shelf.entries
    self.progress = progress
    self.current = current
  }

  func drawing(_ style: TerminalStyle) -> Drawing {
    if style.accessible {
      return .text(.init(lines: [[.init(headline)]] + entries.map { [.init("\(name($0)): \(standing($0))")] }))
    }
    let cells = entries.map { cell($0, style) }
    let widest = cells.map { cell in cell.reduce(0) { $0 + displayWidth($1.text) } }.max() ?? 0
    let columns = max(1, min(3, (min(style.width, Prose.widest) + 2) / (widest + 3)))
    let rows = (cells.count + columns - 1) / columns
    let lines = (0..<rows).map { row -> [Drawing.Span] in
      var spans: [Drawing.Span] = []
      for index in stride(from: row, to: cells.count, by: rows) {
        let width = cells[index].reduce(0) { $0 + displayWidth($1.text) }
        let isLast = index + rows >= cells.count
        spans += cells[index] + (isLast ? [] : [.init(String(repeating: " ", count: widest - width + 3))])
      }
      return spans
    }
    return .text(.init(lines: [[.init(headline, .faint)]] + lines))
  }

  private var headline: String {
    let done = entries.filter { progress.lessons[$0.id]?.isFinished == true }.count
    let minutes = entries.filter { progress.lessons[$0.id]?.isFinished != true }.reduce(0.0) { sum, entry in
      sum + Double(entry.header?.minutes ?? 0) * (1 - (progress.lessons[entry.id]?.fraction ?? 0))
    }
    let left = minutes < 1 ? "" : ", about \(CourseMap.time(minutes)) to go"
    return "The course: \(done) of \(entries.count) lessons done\(left)."
  }

  private static func time(_ minutes: Double) -> String {
    let rounded = Int((minutes / 5).rounded(.up)) * 5
    return rounded < 60 ? "\(rounded) minutes" : "\(rounded / 60) h" + (rounded % 60 == 0 ? "" : " \(rounded % 60) min")
  }

  private func name(_ entry: LessonShelf.Entry) -> String {
    let bare = entry.stem.drop { $0.isNumber }.drop { $0 == "-" }
    return "\(entry.number) \(bare)"
  }

  private func standing(_ entry: LessonShelf.Entry) -> String {
    guard let own = progress.lessons[entry.id] else { return entry.problem == nil ? "not begun" : "unreadable" }
    return own.isFinished ? "done" : "\(Int((own.fraction * 100).rounded()))%"
  }

  private func cell(_ entry: LessonShelf.Entry, _ style: TerminalStyle) -> [Drawing.Span] {
    let own = progress.lessons[entry.id]
    let isDone = own?.isFinished == true
    let isHere = entry.id == current
    let mark = isDone ? (style.unicode ? "✓" : "x") : isHere ? (style.unicode ? "▸" : ">") : (style.unicode ? "·" : ".")
    let number = entry.number < 10 ? " \(name(entry))" : name(entry)
    let percent = own.map { isDone || $0.fraction == 0 ? "" : " \(Int(($0.fraction * 100).rounded()))%" } ?? ""
    return [
      .init(mark, isDone ? .good : isHere ? .accent : .faint),
      .init(" " + number, isHere ? .strong : .plain), .init(percent, .faint),
    ]
  }
}

extension LessonPlayer {
  /// Shows the map, then goes on where the learner was.
  package func greet(in session: Session) {
    let shelf = LessonShelf(session.resources)
    guard lesson == nil, let file = nextFile(shelf, in: session) else { return }
    let current = shelf.entries.first { $0.file == file }?.id
    let map = CourseMap(shelf, savedProgress(in: session), current: current)
    show(.stack([map.drawing(session.screen.style), .blank]), in: session)
    resume(in: session)
  }
}
