import ArgumentParser
import Drawing
import Notebook

/// Opens a lesson.
package struct LessonCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "lesson", abstract: "Open a lesson, or go on with the one that was left.")
  package static let group = CommandGroup.lessons
  package static let example = "lesson 1"

  @Argument(help: ArgumentHelp("Its number, id or file; without one, the lesson that was left.", valueName: "lesson"))
  package var name: String?

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in
      let shelf = LessonShelf(session.resources)
      guard let file = try name.map({ try shelf.file(named: $0) }) ?? player.nextFile(shelf, in: session) else {
        throw LessonError.noLessons
      }
      try player.open(try Lesson(file: file), in: session)
    }
  }
}

/// Where a lesson stands after one of its words. On the screen everything is shown already.
package struct LessonStep: CommandAnswer {
  let lesson: String?
  let section: String?
  /// What it waits for: `next`, `cell`, `quiz`, `exercise`, `end`.
  let waits: String?
  let id: String?
  let percent: Int
  /// The lines that would have been shown; only with `--json`.
  let shown: [String]

  package var drawing: Drawing? { nil }

  static func of(
    _ session: Session, _ common: CommonOptions, _ step: (LessonPlayer) throws -> Void
  ) throws -> LessonStep {
    let player = LessonPlayer.of(session)
    guard common.json else {
      try step(player)
      return LessonStep(player, shown: [])
    }
    let screen = session.screen
    let unseen = RecordingScreen(style: screen.style)
    session.screen = unseen
    defer {
      session.screen = screen
      unseen.notices.forEach(screen.notice)
    }
    try step(player)
    return LessonStep(player, shown: unseen.lines)
  }

  private init(_ player: LessonPlayer, shown: [String]) {
    let place = player.place(of: player.wait)
    lesson = player.lesson?.header.id
    section = player.lesson?.section(of: place)?.title
    id = player.lesson.flatMap { $0.items.indices.contains(place) ? $0.items[place].id : nil }
    percent = player.percent
    self.shown = shown
    waits =
      switch (player.lesson, player.wait) {
      case (nil, _): nil
      case (_, .next): "next"
      case (_, .cell): "cell"
      case (_, .quiz): "quiz"
      case (_, .exercise): "exercise"
      case (_, .end): "end"
      }
  }
}
