import Notebook

/// A lesson file, read and checked: what it says about itself, its lines, and what they mean.
package struct Lesson: Sendable {
  /// The path that it was read from, as messages name it.
  package let file: String
  package let header: LessonHeader
  /// The lines of the front matter, both rulers included.
  package let frontMatter: [String]
  /// Every line after the front matter, included files in their place.
  package let lines: [SourceLine]
  package internal(set) var items: [Item]
  /// The model that it has been adapted to.
  var model: String?

  /// A line of a lesson and where it stands in its file.
  package struct SourceLine: Sendable, Equatable {
    package var text: String
    package var place: Place
  }

  /// Where something stands: lines count from 1.
  package struct Place: Sendable, Equatable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var description: String { "\(file):\(line)" }

    package init(_ file: String, _ line: Int) {
      self.file = file
      self.line = line
    }
  }

  /// What a stretch of lines is. Items stand in the order of the file.
  package enum Item: Sendable {
    case heading(level: Int, text: String, SourceLine)
    /// Markdown between the other items, as its lines.
    case prose([SourceLine])
    case cell(LessonCell)
    case pause(Place)
    /// For the teacher; a learner never sees it.
    case note(String, Place)
    /// How long the section should take, in seconds.
    case time(Double, Place)
    case quiz(Quiz)
    case exercise(Exercise)
  }
}

/// A fence of attune commands.
package struct LessonCell: Sendable {
  package enum Uncertainty: String, Sendable, CaseIterable {
    /// The output differs from run to run and is not compared.
    case output
    /// The command cannot run without a person: it is skipped.
    case command
  }

  package enum Start: String, Sendable {
    /// Runs at `next`.
    case asked
    /// Runs by itself when it is reached.
    case automatic
    /// Waits until the learner types it.
    case manual
  }

  package var id: String?
  /// Seconds that its lines have together.
  package var timeout: Double?
  package var expectsFailure = false
  package var uncertainty: Uncertainty?
  /// Neither its lines nor its output are shown.
  package var isHidden = false
  package var start = Start.asked
  package var tags: [String] = []
  /// The lesson's models that it runs with; none: all.
  package var models: [String] = []
  /// The opening fence.
  package var place: Lesson.Place
  /// Whole statements, each with the line it starts on.
  package var statements: [Lesson.SourceLine] = []
  /// The lines between the fences, as written.
  package var source: [Lesson.SourceLine] = []
  /// Both fences and what is between them, in `Lesson.lines`.
  package var range: Range<Int> = 0..<0
  /// All that are written for it, each for other models.
  package var expectations: [Expectation] = []
  /// The one that is compared.
  package var expectation: Expectation?
  package var checks: [LessonCheck] = []

  init(place: Lesson.Place) { self.place = place }

  package var text: String { source.map(\.text).joined(separator: "\n") }

  /// Takes up an expectation; false where one stands for a model of it already.
  mutating func add(_ new: Expectation) -> Bool {
    let isTaken = expectations.contains { old in
      old.models.isEmpty ? new.models.isEmpty : !Set(old.models).isDisjoint(with: new.models)
    }
    guard !isTaken else { return false }
    expectations.append(new)
    if new.models.isEmpty { expectation = new }
    return true
  }

  /// The line in `Lesson.lines` after it and its expectations.
  var end: Int { expectations.reduce(range.upperBound) { max($0, $1.range.upperBound) } }
}

/// The `expect` fence of a cell.
package struct Expectation: Sendable {
  package var lines: [Lesson.SourceLine]
  /// Both fences and what is between them, in `Lesson.lines`.
  package var range: Range<Int>
  package var place: Lesson.Place
  /// The models that it was written for; none: the lesson's first.
  package var models: [String] = []
}

/// A `check:` as written and as understood.
package struct LessonCheck: Sendable {
  package let text: String
  package let expression: Check
  package let place: Lesson.Place
  /// The models that it holds for; none: the lesson's first, of an exercise all.
  package var models: [String] = []
  /// Of an exercise, what to say to a try that this check refuses.
  package var feedback: String?
}

/// A question: by choices of which one or several are right, for a number, or for a text.
package struct Quiz: Sendable {
  package struct Choice: Sendable {
    package var letter: String
    package var text: String
    package var place: Lesson.Place
  }

  package var id: String
  package var place: Lesson.Place
  package var prose: [Lesson.SourceLine] = []
  /// None where a number or a text is asked for.
  package var choices: [Choice] = []
  /// As written in the lesson, or in its file of answers; empty where that file is not here.
  package var key = ""
  /// nil: the key is kept apart, and its file is not here.
  package var answer: QuizAnswer?
  /// What to say to a wrong choice, by its letter, or to a wrong value, the first time, the second and so on; what is
  /// under `anyOther` goes for whatever else is wrong.
  package var feedback: [String: [String]] = [:]
  package var help = Help()

  package static let anyOther = ""
}

extension Quiz {
  /// Whether this choice is among the right ones.
  package func isRight(_ letter: String) -> Bool {
    if case .choices(let right)? = answer { right.contains(letter) } else { false }
  }

  /// More than one choice is right.
  package var wantsSeveral: Bool { if case .choices(let right)? = answer { right.count > 1 } else { false } }
}

/// Something to do; its checks look at the typed result, so any right way is right. One with a prediction asks for a guess
/// before its solution reveals what is the case.
package struct Exercise: Sendable {
  package var id: String
  package var place: Lesson.Place
  package var prose: [Lesson.SourceLine] = []
  package var checks: [LessonCheck] = []
  package var prediction: Prediction?
  package var help = Help()
}

/// Hints in the order they are given, and what `solution` shows and runs.
package struct Help: Sendable {
  package enum Part: Sendable {
    case prose([Lesson.SourceLine])
    case cell(LessonCell)
  }

  package var hints: [[Lesson.SourceLine]] = []
  /// nil: none is written.
  package var solution: [Part]?

  package var solutionCells: [LessonCell] {
    (solution ?? []).compactMap { if case .cell(let cell) = $0 { cell } else { nil } }
  }
}

extension Lesson {
  /// All cells that `run` meets, solutions included, in the order of the file.
  package var cells: [LessonCell] {
    items.flatMap { item -> [LessonCell] in
      switch item {
      case .cell(let cell): [cell]
      case .quiz(let quiz): quiz.help.solutionCells
      case .exercise(let exercise): exercise.help.solutionCells
      default: []
      }
    }
  }

  package var quizzes: [Quiz] { items.compactMap { if case .quiz(let quiz) = $0 { quiz } else { nil } } }

  package var exercises: [Exercise] {
    items.compactMap { if case .exercise(let exercise) = $0 { exercise } else { nil } }
  }
}

extension Lesson.Item {
  /// The id that the author gave it.
  package var id: String? {
    switch self {
    case .cell(let cell): cell.id
    case .quiz(let quiz): quiz.id
    case .exercise(let exercise): exercise.id
    default: nil
    }
  }
}
