import Drawing
import Notebook

/// How a lesson went without a person.
package struct LessonReport: Sendable {
  package let lesson: Lesson
  package let parameters: [String: String]
  package let outcomes: [CellOutcome]
  package let failures: [LessonFailure]
  package let seconds: Double

  package init(
    lesson: Lesson, parameters: [String: String], outcomes: [CellOutcome], failures: [LessonFailure], seconds: Double
  ) {
    self.lesson = lesson
    self.parameters = parameters
    self.outcomes = outcomes
    self.failures = failures
    self.seconds = seconds
  }

  /// The gravest failure; 80 if there are cells and none of them ran.
  package var status: ExitStatus {
    if let worst = ExitStatus.gravest(failures.map(\.status)), worst != .passed { return worst }
    return !outcomes.isEmpty && outcomes.allSatisfy(\.isSkipped) ? .skipped : .passed
  }

  /// `14 cells, 3 quizzes, 2 exercises`.
  package var counts: String {
    let parts = [
      (lesson.cells.count, "cell", "cells"), (lesson.quizzes.count, "quiz", "quizzes"),
      (lesson.exercises.count, "exercise", "exercises"),
    ]
    let named = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
    return named.isEmpty ? "no cells" : named.joined(separator: ", ")
  }
}

extension ExitStatus {
  /// The first of the table's order among these; nil if there are none.
  package static func gravest(_ statuses: [ExitStatus]) -> ExitStatus? { gravestFirst.first(where: statuses.contains) }
}

extension LessonRun {
  /// Columns of a page: the screen that every lesson must fit.
  static let pageWidth = 80

  /// A sentence as lines of the page.
  static func page(_ text: String) -> [String] {
    text.split(separator: "\n").flatMap { wrapped(String($0), to: pageWidth) }
  }

  /// Lines that would not fit the page: output, expectations and fences in the prose.
  func widths() -> [LessonFailure] {
    func failure(_ place: Lesson.Place, _ text: String, _ what: String) -> LessonFailure? {
      let width = displayWidth(sanitized(text))
      guard width > LessonRun.pageWidth else { return nil }
      return LessonFailure(place: place, sentence: "\(what) is \(width) columns wide; \(LessonRun.pageWidth) fit.")
    }
    let outputs = outcomes.flatMap { outcome in
      outcome.output.compactMap { failure(outcome.cell.place, $0, "a line of the output") }.prefix(1)
    }
    let expected = lesson.cells.flatMap { cell in
      (cell.expectation?.lines ?? []).compactMap { line in
        line.text.hasSuffix(" (re)") || LinePattern.toleranceSuffix(line.text) != nil
          ? nil : failure(line.place, line.text, "this line")
      }
    }
    let prose = lesson.items.flatMap { item -> [Lesson.SourceLine] in
      switch item {
      case .prose(let lines): LessonRun.fenced(lines)
      case .quiz(let quiz): LessonRun.fenced(quiz.prose)
      case .exercise(let exercise): LessonRun.fenced(exercise.prose)
      default: []
      }
    }
    return outputs + expected + prose.compactMap { failure($0.place, $0.text, "this line") }
  }

  /// The lines inside code fences: those that are not wrapped.
  private static func fenced(_ lines: [Lesson.SourceLine]) -> [Lesson.SourceLine] {
    var fence: Fence?
    return lines.filter { line in
      if let open = fence {
        if open.isClosed(by: line.text) { fence = nil }
        return fence != nil
      }
      fence = Fence(line.text)
      return false
    }
  }
}
