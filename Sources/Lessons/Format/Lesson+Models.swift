import Notebook

/// A lesson is written for the first of its models; what others do differently stands in the same file, marked with their
/// names.
extension Lesson {
  /// Whether another of the lesson's models takes the place of the one that it was written for.
  package func isStandIn(_ model: String?) -> Bool {
    guard let model else { return false }
    return header.models.dropFirst().contains(model)
  }

  /// The lesson as it goes with a model: without the cells that are marked for others, and with the expectations and
  /// checks that hold for this one.
  ///
  /// Of a stand-in only the marked expectations and checks of cells are compared. Exercises ask the same of it, save where
  /// a check is marked for another model; one whose checks or whose solution is all for others is left out.
  package func adapted(to model: String?) -> Lesson {
    // One that the lesson does not name is held against what it says of the first.
    let name = model.flatMap { header.models.contains($0) ? $0 : nil } ?? header.models.first
    let hasStandIn = isStandIn(model)
    func holds(_ models: [String]) -> Bool { models.isEmpty || name.map(models.contains) ?? true }
    func adapted(_ cell: LessonCell) -> LessonCell? {
      guard holds(cell.models) else { return nil }
      // A cell of the stand-in's own has expectations of its own.
      let isOwn = !hasStandIn || !cell.models.isEmpty
      var cell = cell
      cell.expectation =
        cell.expectations.first { expectation in name.map(expectation.models.contains) ?? false }
        ?? cell.expectations.first { isOwn && $0.models.isEmpty }
      cell.checks = cell.checks.filter { isOwn ? holds($0.models) : !$0.models.isEmpty && holds($0.models) }
      return cell
    }
    func adapted(_ help: Help) -> Help {
      var help = help
      help.solution = help.solution?.compactMap { part in
        if case .cell(let cell) = part { adapted(cell).map(Help.Part.cell) } else { part }
      }
      return help
    }
    var lesson = self
    lesson.model = model
    lesson.items = items.compactMap { item in
      switch item {
      case .cell(let cell): return adapted(cell).map(Item.cell)
      case .quiz(var quiz):
        quiz.help = adapted(quiz.help)
        return .quiz(quiz)
      case .exercise(var exercise):
        let (checks, cells) = (exercise.checks, exercise.help.solutionCells)
        exercise.help = adapted(exercise.help)
        exercise.checks = checks.filter { holds($0.models) }
        let isForOthers =
          exercise.checks.isEmpty && !checks.isEmpty || exercise.help.solutionCells.isEmpty && !cells.isEmpty
        return isForOthers ? nil : .exercise(exercise)
      case .heading, .prose, .pause, .note, .time: return item
      }
    }
    return lesson
  }

  /// The lesson for the model that was asked for, else for the first of its own that is found, and what its cells start
  /// from.
  /// - Throws: status 69 when none of its models can be had
  package func opened(with model: String? = nil, in session: Session) throws -> (lesson: Lesson, settings: Settings) {
    let settings = try settings(model: model, in: session)
    return (adapted(to: settings.model), settings)
  }

  /// What to tell a reader where a model stands in; nil where none does.
  package func standInNotice(_ model: String?) -> String? {
    guard isStandIn(model), let model, let first = header.models.first else { return nil }
    return "\(model) stands in for \(first), which is not here: outputs differ from what the text says. "
      + "`pull \(first)` fetches it."
  }
}
