import Drawing
import Notebook

/// What the learner types: answers to a quiz, tries at an exercise.
extension LessonPlayer {
  package func rewrite(_ line: String, in session: Session) -> String? {
    guard !isRunning, !isPlaying, let quiz = openQuiz, !isSettled(quiz.id) else { return nil }
    var answer = line.lowercased().filter { !$0.isWhitespace }
    if answer.hasSuffix(")") { answer.removeLast() }
    guard answer.count == 1 else { return nil }
    let letters = quiz.choices.map(\.letter)
    if let number = Int(answer), letters.indices.contains(number - 1) { return "choose \(letters[number - 1])" }
    return letters.contains(answer) ? "choose \(answer)" : nil
  }

  package func didRun(_ cell: Cell, in session: Session) {
    guard lesson != nil, !isRunning, isWork(cell, in: session) else { return }
    note(cell, as: nil)
    guard !isPlaying else { return }
    switch wait {
    case .cell(let index): judgeTyped(cell, index, in: session)
    case .exercise(let index): judgeTry(cell, index, in: session)
    case .next, .quiz, .end: break
    }
  }

  /// Whether a cell can be an answer: words of lessons and of the session, such as `help`, are none.
  private func isWork(_ cell: Cell, in session: Session) -> Bool {
    guard let name = cell.command, let row = session.table.row(named: name) else { return false }
    return row.group != .lessons && row.group != .session
  }

  var openQuiz: Quiz? {
    guard case .quiz(let index) = wait, let lesson, case .quiz(let quiz) = lesson.items[index] else { return nil }
    return quiz
  }

  var openExercise: Exercise? {
    guard case .exercise(let index) = wait, let lesson, case .exercise(let exercise) = lesson.items[index] else {
      return nil
    }
    return exercise
  }

  // MARK: Cells

  /// The learner typed what the cell holds: it has run.
  private func judgeTyped(_ ran: Cell, _ index: Int, in session: Session) {
    guard let lesson, case .cell(let cell) = lesson.items[index] else { return }
    func words(_ line: String) -> [Words.Word]? { (try? Words(line, variables: session.variables))?.words }
    guard let statement = cell.statements.last else { return }
    let isSame = words(statement.text).map { $0.map(\.text) } == words(ran.line).map { $0.map(\.text) }
    if isSame, ran.status == .passed || cell.expectsFailure {
      note(ran, as: cell.id)
      show(.blank, in: session)
      go(from: index + 1, hasShown: true, in: session)
    } else if cell.start == .manual {
      say("The lesson goes on with `\(statement.text)`, or `skip`.", .faint, in: session)
    }
  }

  // MARK: Quizzes

  /// Takes a choice by its letter.
  func choose(_ text: String, in session: Session) throws {
    guard let quiz = openQuiz, case .quiz(let index) = wait else { throw LessonError.nothingToAnswer }
    let letters = quiz.choices.map(\.letter)
    let letter = text.lowercased()
    guard letters.contains(letter) else { throw LessonError.noChoice(text, letters: letters) }
    guard letter != quiz.key else {
      settle(quiz.id, .passed)
      say("\(mark(true, in: session))\(praise(index))", .good, in: session)
      show(.blank, in: session)
      return go(from: index + 1, hasShown: true, in: session)
    }
    let attempts = attempt(quiz.id)
    let feedback = quiz.feedback[letter] ?? "\(letter) is not it."
    say("\(mark(false, in: session))\(feedback)", in: session)
    encourage(attempts, quiz.help, quiz.id, in: session)
    save(in: session)
  }

  // MARK: Exercises

  private func judgeTry(_ cell: Cell, _ index: Int, in session: Session) {
    guard let exercise = openExercise, !isSettled(exercise.id) || progress.items[exercise.id]?.state == .skipped else {
      return
    }
    let references = exercise.checks.reduce(into: Set<String>()) { $0.formUnion($1.expression.references) }
    provide(references, in: session)
    if exercise.checks.allSatisfy({ $0.expression.result(in: scope).passed }) {
      settle(exercise.id, .passed)
      say("\(mark(true, in: session))\(praise(index))", .good, in: session)
      show(.blank, in: session)
      return go(from: index + 1, hasShown: true, in: session)
    }
    guard cell.status == .passed else { return }
    let attempts = attempt(exercise.id)
    say("\(mark(false, in: session))Not yet.", in: session)
    encourage(attempts, exercise.help, exercise.id, in: session)
    save(in: session)
  }

  func settle(_ id: String, _ state: ItemProgress.State) {
    progress.items[id, default: ItemProgress()].settle(state)
  }

  private func attempt(_ id: String) -> Int {
    progress.items[id, default: ItemProgress()].attempts += 1
    return progress.items[id]?.attempts ?? 1
  }

  /// First only the feedback, then a hint, after three tries the solution.
  private func encourage(_ attempts: Int, _ help: Help, _ id: String, in session: Session) {
    let hasHint = (progress.items[id]?.hints ?? 0) < help.hints.count
    if attempts >= 3 {
      say(
        hasHint ? "`hint` helps, and `solution` shows the answer." : "`solution` shows the answer.", .faint, in: session
      )
    } else if attempts == 2, hasHint {
      say("`hint` helps.", .faint, in: session)
    }
  }

  private static let praises = ["Right.", "That is it.", "Exactly.", "Well done.", "Yes."]

  private func praise(_ index: Int) -> String { LessonPlayer.praises[index % LessonPlayer.praises.count] }

  private func mark(_ isRight: Bool, in session: Session) -> String {
    let style = session.screen.style
    guard style.unicode, !style.accessible else { return "" }
    return isRight ? "✓ " : "✗ "
  }
}
