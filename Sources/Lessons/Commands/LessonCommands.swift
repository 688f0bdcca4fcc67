import Notebook

/// The commands that this room brings to the table.
package enum LessonCommands {
  package static let rows: [any Command.Type] = [
    LessonsCommand.self, LessonCommand.self, RunCommand.self, CheckCommand.self, PromoteCommand.self, GradeCommand.self,
    NewLessonCommand.self, SaveCommand.self, CodeCommand.self, OpenCommand.self, FindCommand.self,
    NextCommand.self, BackCommand.self, UndoCommand.self, SkipCommand.self, PlayCommand.self, HintCommand.self,
    SolutionCommand.self,
    GotoCommand.self, ProgressCommand.self, RestartCommand.self, WordsCommand.self, MainCommand.self,
    ByeCommand.self, ChooseCommand.self,
  ]

  /// The words of an open lesson, in the order that `words` lists them.
  static let words: [any Command.Type] = [
    NextCommand.self, BackCommand.self, UndoCommand.self, SkipCommand.self, PlayCommand.self, HintCommand.self,
    SolutionCommand.self,
    GotoCommand.self, ProgressCommand.self, RestartCommand.self, WordsCommand.self, MainCommand.self,
    ByeCommand.self,
  ]
}
