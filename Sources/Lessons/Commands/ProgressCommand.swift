import ArgumentParser
import Drawing
import Notebook

package struct ProgressCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "progress", abstract: "Show how far you have come in each lesson.")
  package static let group = CommandGroup.lessons
  package static let example = "progress"

  @OptionGroup package var common: CommonOptions

  package init() {}

  package struct Answer: CommandAnswer {
    struct Row: Encodable {
      /// nil for a file of one's own.
      var number: Int?
      var id: String
      var title: String
      var progress: Double
      var finished: Bool
      /// Quizzes and exercises solved without the solution.
      var solved: Int
      /// Those that were touched at all.
      var tried: Int
    }

    let lessons: [Row]

    package var drawing: Drawing? {
      .bars(
        .init(
          title: "Your progress",
          bars: lessons.map { row in
            let percent = row.finished ? "done" : "\(Int((row.progress * 100).rounded()))%"
            let text = row.tried > 0 ? "\(percent), \(row.solved) of \(row.tried) solved" : percent
            let title = row.number.map { "\($0)  \(row.title)" } ?? row.title
            return .init(title, row.finished ? 1 : row.progress, text: text, role: row.finished ? .good : .plain)
          }, range: 0...1))
    }
  }

  package func answer(in session: Session) throws -> Answer {
    let player = LessonPlayer.of(session)
    let saved = player.savedProgress(in: session)
    let shelf = LessonShelf(session.resources).entries.map { (number: Int?($0.number), id: $0.id, title: $0.title) }
    let open = player.lesson.map { [(number: Int?.none, id: $0.header.id, title: $0.header.title)] } ?? []
    let all = shelf + open.filter { own in !shelf.contains { $0.id == own.id } }
    guard !all.isEmpty else { throw LessonError.noLessons }
    return Answer(
      lessons: all.map { lesson in
        let own = saved.lessons[lesson.id] ?? LessonProgress()
        return .init(
          number: lesson.number, id: lesson.id, title: lesson.title, progress: own.fraction, finished: own.isFinished,
          solved: own.items.values.count { $0.state == .passed }, tried: own.items.count)
      })
  }
}
