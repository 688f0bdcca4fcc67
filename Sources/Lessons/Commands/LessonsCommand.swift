import ArgumentParser
import Drawing
import Notebook

/// Lists the lessons of this installation.
package struct LessonsCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "lessons", abstract: "List the lessons and how far you have come in each.")
  package static let group = CommandGroup.lessons
  package static let example = "lessons"

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonList {
    let player = LessonPlayer.of(session)
    let progress = player.savedProgress(in: session)
    let entries = LessonShelf(session.resources).entries
    guard !entries.isEmpty else { throw LessonError.noLessons }
    return LessonList(
      lessons: entries.map { entry in
        let own = progress.lessons[entry.id]
        return LessonList.Row(
          number: entry.number, id: entry.id, title: entry.title, level: entry.header?.level,
          minutes: entry.header?.minutes, file: entry.file, progress: own?.fraction ?? 0,
          finished: own?.isFinished ?? false, problem: entry.problem)
      })
  }
}

/// The answer of `lessons`.
package struct LessonList: CommandAnswer {
  struct Row: Encodable {
    var number: Int
    var id: String
    var title: String
    var level: String?
    var minutes: Int?
    var file: String
    var progress: Double
    var finished: Bool
    var problem: String?

    var come: Drawing.Span {
      if problem != nil { return .init("unreadable", .bad) }
      if finished { return .init("done", .good) }
      return progress > 0 ? .init("\(Int((progress * 100).rounded()))%") : .init("-", .faint)
    }
  }

  let lessons: [Row]

  package var drawing: Drawing? {
    let table = Drawing.Table(
      columns: [.number("#"), "lesson", "title", "level", .number("minutes"), .number("done")],
      rows: lessons.map { row in
        [
          .init("\(row.number)"), .init(row.id, .code), .init(row.title), .init(row.level ?? ""),
          .init(row.minutes.map(String.init) ?? ""), row.come,
        ]
      })
    let problems = lessons.compactMap(\.problem)
    let hint = Drawing.text(.init("`lesson 1` opens the first, `lesson` alone goes on where you were.", .faint))
    return .stack([.table(table), .blank] + problems.map { .text(.init($0, .bad)) } + [hint])
  }
}
