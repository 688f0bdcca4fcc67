import Notebook

/// What a class has handed in, item by item.
struct GradeBook {
  /// How far one learner came with one question or exercise.
  struct Mark: Encodable, Equatable {
    var attempts = 0
    var hints = 0
    var solved = false
    /// The solution was asked for before it was solved.
    var shown = false
    var skipped = false
    /// Answers that nobody could judge, since their keys are kept apart.
    var unjudged = 0
    /// The last answer.
    var answer: String?
    /// What a guess was worth.
    var score: Double?

    /// 0 to 1: full for solving it, however often it took.
    var points: Double { score ?? (solved && !shown ? 1 : 0) }
  }

  /// Of one lesson.
  struct Key: Hashable {
    let lesson: String
    let item: String
  }

  private(set) var marks: [String: [Key: Mark]] = [:]
  private(set) var last: [String: String] = [:]
  /// In the order in which they were first met.
  private(set) var keys: [Key] = []
  private var seen: Set<[String]> = []
  private let quizzes: [Key: Quiz]

  /// - Parameter lessons: those whose keys are known; their quizzes are judged anew, whatever a log claims
  init(_ lessons: [Lesson]) {
    var quizzes: [Key: Quiz] = [:]
    for lesson in lessons {
      for item in lesson.items {
        if case .quiz(let quiz) = item { quizzes[Key(lesson: lesson.header.id, item: quiz.id)] = quiz }
        guard let id = item.id else { continue }
        if case .cell = item { continue }
        keys.append(Key(lesson: lesson.header.id, item: id))
      }
    }
    self.quizzes = quizzes
  }

  /// - Parameter name: of the file, for logs that name no learner
  mutating func add(_ attempt: Attempt, from name: String) {
    let learner = attempt.learner ?? name
    let identity = [
      learner, attempt.time, attempt.lesson, attempt.item ?? "", attempt.event.rawValue, attempt.answer ?? "",
      attempt.attempt.map(String.init) ?? "",
    ]
    // The same log, or a longer copy of it, may be handed in twice.
    guard seen.insert(identity).inserted else { return }
    last[learner] = max(last[learner] ?? "", attempt.time)
    marks[learner, default: [:]].merge([:]) { own, _ in own }
    if attempt.event == .restart {
      marks[learner] = marks[learner]?.filter { $0.key.lesson != attempt.lesson }
    }
    guard let item = attempt.item else { return }
    let key = Key(lesson: attempt.lesson, item: item)
    if !keys.contains(key) { keys.append(key) }
    update(&marks[learner, default: [:]][key, default: Mark()], attempt, quizzes[key]?.answer)
  }

  private func update(_ mark: inout Mark, _ attempt: Attempt, _ answer: QuizAnswer?) {
    switch attempt.event {
    case .hint: mark.hints += 1
    case .skip: mark.skipped = true
    case .solution: if !mark.solved { mark.shown = true }
    case .answer:
      mark.attempts += 1
      mark.answer = attempt.answer
      if let score = attempt.score { mark.score = max(0, min(1, score)) }
      let right = answer.flatMap { key in attempt.answer.map { key.verdict(on: $0).isRight } } ?? attempt.right
      switch right {
      case true?: mark.solved = true
      case false?: break
      case nil: mark.unjudged += 1
      }
    case .undo, .restart, .finish: break
    }
  }
}
