import ArgumentParser
import Notebook

package struct NextCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "next", abstract: "Go on: run the cell that is shown, then show what follows.")
  package static let group = CommandGroup.lessons
  package static let example = "next"
  package static let needs = [LessonCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.next(in: session) }
  }
}

package struct BackCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "back", abstract: "Show the step before once more.")
  package static let group = CommandGroup.lessons
  package static let example = "back"
  package static let needs = [LessonCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.back(in: session) }
  }
}

package struct UndoCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "undo", abstract: "Take back the last step: an answer, a skip, a solution, going on.")
  package static let group = CommandGroup.lessons
  package static let example = "undo"
  package static let needs = [LessonCommand.example, NextCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.undo(in: session) }
  }
}

package struct SkipCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "skip", abstract: "Leave out the cell, question or exercise that is open.")
  package static let group = CommandGroup.lessons
  package static let example = "skip"
  package static let needs = [LessonCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.skip(in: session) }
  }
}

package struct PlayCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "play", abstract: "Try things freely; `next` comes back to the lesson.")
  package static let group = CommandGroup.lessons
  package static let example = "play"
  package static let needs = [LessonCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.play(in: session) }
  }
}

package struct HintCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "hint", abstract: "Show the next hint to what is open; a hint is not the solution.")
  package static let group = CommandGroup.lessons
  package static let example = "hint"
  package static let needs = [LessonCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.hint(in: session) }
  }
}

package struct SolutionCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "solution", abstract: "Show the answer to what is open, and run it.")
  package static let group = CommandGroup.lessons
  package static let example = "solution"
  package static let needs = [LessonCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.solution(in: session) }
  }
}

package struct RestartCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "restart", abstract: "Forget your progress in this lesson and begin anew.")
  package static let group = CommandGroup.lessons
  package static let example = "restart"
  package static let needs = [LessonCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.restart(in: session) }
  }
}

package struct MainCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "main", abstract: "Leave the lesson; its place is kept.")
  package static let group = CommandGroup.lessons
  package static let example = "main"
  package static let needs = [LessonCommand.example]

  @OptionGroup package var common: CommonOptions

  package init() {}

  package func answer(in session: Session) throws -> LessonStep {
    try LessonStep.of(session, common) { player in try player.leave(in: session) }
  }
}
