import ArgumentParser
import Drawing
import Notebook

/// The author's proof of lessons.
package struct CheckCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Prove lessons: expectations, checks, solutions, empty answers, width.",
    discussion: """
      Without files, all lessons of this installation. Everything that is wrong is told, not only the first; what can \
      be read of a lesson with mistakes in it is run all the same.
      """)
  package static let group = CommandGroup.lessons
  package static let example = "check 1"

  @Argument(help: ArgumentHelp("Lesson files, numbers or ids.", valueName: "file"))
  package var files: [String] = []

  @Option(help: ArgumentHelp("Seconds for a whole lesson.", valueName: "seconds"))
  package var timeout: Double?

  @OptionGroup package var common: CommonOptions

  package init() {}

  package mutating func validate() throws {
    if let timeout, !(timeout > 0) { throw ValidationError("--timeout counts seconds above 0, not \(timeout).") }
  }

  package func answer(in session: Session) throws -> RunAnswer {
    let shelf = LessonShelf(session.resources)
    let all = files.isEmpty ? shelf.entries.map(\.file) : try files.map { try shelf.file(named: $0) }
    guard !all.isEmpty else { throw LessonError.noLessons }
    var answer = RunAnswer(lessons: [])
    for file in all {
      let outcome = prove(file, in: session)
      session.screen.endLive()
      answer.lessons.append(outcome)
      if !common.json { show(outcome, in: session) }
      if outcome.exit == .interrupted { break }
    }
    answer.isShown = true
    return answer
  }

  private func prove(_ file: String, in session: Session) -> LessonOutcome {
    do {
      let reading = try LessonReading(file: file)
      let lesson = reading.lesson
      guard reading.canRun else {
        return LessonOutcome(file: file, LessonError(reading.flaws) ?? .unreadable(file: file))
      }
      var options = LessonRun.Options()
      options.proves = true
      options.flaws = reading.flaws
      options.keepsGoing = true
      options.timeout = timeout
      options.model = common.model
      let count = lesson.cells.count
      return try session.withPrivateHome { session in
        var run = try LessonRun(lesson, options, in: session) { event in
          guard case .starts(_, let index) = event else { return }
          session.screen.live(
            .progress(.init(label: lesson.header.title, done: index, total: count, unit: .count("cells"))))
        }
        return LessonOutcome(run.run()).inOrder
      }
    } catch {
      return LessonOutcome(file: file, error)
    }
  }

  private func show(_ outcome: LessonOutcome, in session: Session) {
    session.screen.show(outcome.summary.lines(session.screen.style))
    for failure in outcome.failures {
      let place = failure.file.map { "\($0):\(failure.line ?? 1): " } ?? ""
      session.screen.show(["  \(sanitized(place))\(failure.message)"] + failure.detail.map { "    " + $0 })
    }
  }
}
