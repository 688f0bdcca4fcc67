import Drawing
import Foundation
import Notebook

/// What the learner types: answers to a quiz, tries at an exercise.
extension LessonPlayer {
  package func rewrite(_ line: String, in session: Session) -> String? {
    guard !isRunning, !isPlaying else { return nil }
    let answer = line.trimmingCharacters(in: .whitespaces)
    guard !answer.isEmpty, !answer.contains("\n") else { return nil }
    if let exercise = openExercise, exercise.prediction != nil, !isSettled(exercise.id) {
      return isCommand(answer, in: session) ? nil : LessonPlayer.choosing(answer)
    }
    guard let quiz = openQuiz, !isSettled(quiz.id) else {
      return isLetter(answer, in: session) ? LessonPlayer.choosing(answer) : nil
    }
    guard !quiz.choices.isEmpty else {
      if case .number? = quiz.answer { return QuizAnswer.decimal(answer).map { _ in LessonPlayer.choosing(answer) } }
      return isCommand(answer, in: session) ? nil : LessonPlayer.choosing(answer)
    }
    if let letters = letters(answer, quiz) { return "choose " + letters.joined(separator: " ") }
    return isLetter(answer, in: session) ? LessonPlayer.choosing(answer) : nil
  }

  /// Whether a line can only be meant as a choice, though perhaps none is open.
  private func isLetter(_ line: String, in session: Session) -> Bool {
    line.count == 1 && line.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      && session.table.row(named: line) == nil && Reference(line).map(session.isKept) != true
  }

  private static func choosing(_ answer: String) -> String {
    "choose '" + answer.replacing("'", with: "'\\''") + "'"
  }

  /// The letters that a line names: `b`, `B)`, `2`, `a c`, `a, c`, `ac`; nil when it names anything else.
  private func letters(_ line: String, _ quiz: Quiz) -> [String]? {
    let known = quiz.choices.map(\.letter)
    var words = line.lowercased().split { $0.isWhitespace || $0 == "," || $0 == ")" }.map(String.init)
    if words.count == 1, words[0].count > 1, quiz.answer == nil || quiz.wantsSeveral {
      words = words[0].map(String.init)
    }
    let named = words.compactMap { word -> String? in
      if let number = Int(word) { return known.indices.contains(number - 1) ? known[number - 1] : nil }
      return known.contains(word) ? word : nil
    }
    return named.count == words.count && !named.isEmpty ? named : nil
  }

  /// Whether a line runs something where an answer in words is open: a word of lessons or of the session, or a command
  /// with arguments. A command's bare name can be an answer.
  private func isCommand(_ line: String, in session: Session) -> Bool {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let first = words.first else { return false }
    if first.hasPrefix("?") { return true }
    guard let row = session.table.row(named: first) else { return false }
    return row.group == .lessons || row.group == .session || words.count > 1
  }

  package func didRun(_ cell: Cell, in session: Session) {
    guard lesson != nil, !isRunning else { return }
    if cell.command == nil, cell.status == .usage, !isPlaying, let quiz = openQuiz, !isSettled(quiz.id) {
      // Perhaps an answer in another form.
      return remind(in: session)
    }
    guard let group = cell.command.flatMap(session.table.row)?.group, group != .lessons else { return }
    // A command of the session, such as `help`, is no try; `code` can be what an exercise asks for.
    let isWork = group != .session
    if isWork || openExercise != nil { note(cell, as: nil) }
    guard !isPlaying else { return }
    switch wait {
    case .cell(let index) where isWork: judgeTyped(cell, index, in: session)
    case .exercise(let index): judgeTry(cell, index, isWork: isWork, in: session)
    case .cell, .next, .quiz, .end: break
    }
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
    let (asked, typed) = (words(statement.text)?.map(\.text), words(ran.line)?.map(\.text))
    // A run that was stopped in the middle and then finished is the cell's, too.
    let isResumed = asked?.first == typed?.first && typed?.contains("--resume") == true
    if asked == typed || isResumed, ran.status == .passed || cell.expectsFailure {
      remember(in: session)
      note(ran, as: cell.id)
      show(.blank, in: session)
      go(from: index + 1, hasShown: true, in: session)
    } else if cell.start == .manual {
      say("The lesson goes on with `\(statement.text)`, or `skip`.", .faint, in: session)
    }
  }

  // MARK: Questions

  /// Takes an answer to the question that is open, or a guess.
  func answer(_ text: String, in session: Session) throws {
    guard lesson != nil else { throw LessonError.noLessonOpen }
    if let exercise = openExercise, let prediction = exercise.prediction, case .exercise(let index) = wait {
      return try take(guess: text, exercise, prediction, index, in: session)
    }
    if openExercise != nil { return remind(in: session) }
    guard let quiz = openQuiz, case .quiz(let index) = wait else { throw LessonError.nothingToAnswer }
    guard !isSettled(quiz.id) || progress.items[quiz.id]?.state == .skipped else { return remind(in: session) }
    let given = try readable(text, quiz)
    remember(in: session)
    let attempts = attempt(quiz.id)
    guard let verdict = quiz.answer?.verdict(on: given) else {
      log(.answer, quiz.id, given, in: session)
      settle(quiz.id, .answered)
      say("Noted. The answers of this lesson are kept apart.", in: session)
      show(.blank, in: session)
      return go(from: index + 1, hasShown: true, in: session)
    }
    log(.answer, quiz.id, given, right: verdict.isRight, in: session)
    guard !verdict.isRight else {
      settle(quiz.id, .passed)
      say("\(mark(true, in: session))\(praise(index))", .good, in: session)
      show(.blank, in: session)
      return go(from: index + 1, hasShown: true, in: session)
    }
    say("\(mark(false, in: session))\(feedback(verdict, given, attempts, quiz))", in: session)
    encourage(attempts, quiz.help, quiz.id, in: session)
    save(in: session)
  }

  /// What a guess has to be worth to count as solved.
  private static let goodGuess = 0.9

  /// An answer in the form that is judged and logged.
  private func readable(_ text: String, _ quiz: Quiz) throws(LessonError) -> String {
    guard quiz.choices.isEmpty else {
      guard let letters = letters(text, quiz) else {
        throw .noChoice(text, letters: quiz.choices.map(\.letter))
      }
      return Set(letters).sorted().joined(separator: " ")
    }
    if case .number? = quiz.answer, QuizAnswer.decimal(text) == nil { throw .noNumber(text) }
    guard !text.allSatisfy(\.isWhitespace) else { throw .nothingToAnswer }
    return text
  }

  /// What is said to a wrong answer. The author's words for this one come first, others each time it is given again; where
  /// there are none it says more with every attempt.
  private func feedback(_ verdict: QuizAnswer.Verdict, _ given: String, _ attempts: Int, _ quiz: Quiz) -> String {
    var said = verdict.wrong.compactMap { wrong -> String? in
      let picks = pick(wrong, quiz.id)
      guard let texts = quiz.feedback[wrong] ?? quiz.feedback[Quiz.anyOther], !texts.isEmpty else { return nil }
      return texts[min(picks, texts.count) - 1]
    }
    if said.isEmpty, !verdict.wrong.isEmpty { said = [verdict.wrong.joined(separator: " and ") + " is not it."] }
    said = Array(said.prefix(1))
    if verdict.missing > 0, quiz.wantsSeveral {
      said.append(
        verdict.missing == 1 ? "One that is right is missing." : "\(verdict.missing) that are right are missing.")
    }
    if attempts > 1, case .number(let right, _)? = quiz.answer, let own = QuizAnswer.decimal(given) {
      said.append(own < right ? "It is larger." : "It is smaller.")
    }
    return said.joined(separator: " ")
  }

  /// Counts that a wrong answer was given.
  private func pick(_ wrong: String, _ id: String) -> Int {
    var picks = progress.items[id, default: ItemProgress()].picks ?? [:]
    let count = (picks[wrong] ?? 0) + 1
    if picks.count < 50 { picks[wrong] = count }
    progress.items[id, default: ItemProgress()].picks = picks
    return count
  }

  // MARK: Predictions

  /// Takes a guess, reveals what is the case, and says what the guess was worth.
  private func take(
    guess: String, _ exercise: Exercise, _ prediction: Prediction, _ index: Int, in session: Session
  ) throws {
    guard !guess.allSatisfy(\.isWhitespace) else { throw LessonError.nothingToAnswer }
    remember(in: session)
    _ = attempt(exercise.id)
    say("Your guess: **\(guess)**", in: session)
    show(.blank, in: session)
    guard reveal(exercise.help, in: session) else {
      return say("That did not work; guess again, or `skip`.", .faint, in: session)
    }
    provide(prediction.expression.references, in: session)
    guard let score = prediction.score(guess, in: scope) else {
      settle(exercise.id, .shown)
      say("There is nothing to compare your guess with.", in: session)
      return go(from: index + 1, hasShown: true, in: session)
    }
    let isGood = score.points >= LessonPlayer.goodGuess
    log(.answer, exercise.id, guess, right: isGood, score: score.points, in: session)
    if !isSettled(exercise.id) { progress.items[exercise.id, default: ItemProgress()].score = score.points }
    settle(exercise.id, isGood ? .passed : .guessed)
    say("\(isGood ? mark(true, in: session) : "")\(score.sentence)", isGood ? .good : .plain, in: session)
    show(.blank, in: session)
    go(from: index + 1, hasShown: true, in: session)
  }

  /// Shows and runs a solution. False when a cell of it failed.
  func reveal(_ help: Help, in session: Session) -> Bool {
    for part in help.solution ?? [] {
      switch part {
      case .prose(let lines): present(Prose(lines), in: session)
      case .cell(let cell):
        present(cell, in: session)
        guard run(cell, in: session) else { return false }
        show(.blank, in: session)
      }
    }
    return true
  }

  // MARK: Exercises

  private func judgeTry(_ cell: Cell, _ index: Int, isWork: Bool, in session: Session) {
    guard let exercise = openExercise, exercise.prediction == nil,
      !isSettled(exercise.id) || progress.items[exercise.id]?.state == .skipped
    else { return }
    let references = exercise.checks.reduce(into: Set<String>()) { $0.formUnion($1.expression.references) }
    provide(references, in: session)
    let results = exercise.checks.map { (check: $0, result: $0.expression.result(in: scope)) }
    let failed = results.first { !$0.result.passed }
    let isRight = failed == nil
    guard isRight || (isWork && cell.status == .passed) else { return }
    // Another command than the one that is asked about is no try.
    guard failed?.result.sides.contains(where: { $0.path == "last.command" }) != true else {
      return remind(in: session)
    }
    remember(in: session)
    let attempts = attempt(exercise.id)
    log(.answer, exercise.id, cell.line, right: isRight, in: session)
    if isRight {
      settle(exercise.id, .passed)
      say("\(mark(true, in: session))\(praise(index))", .good, in: session)
      show(.blank, in: session)
      return go(from: index + 1, hasShown: true, in: session)
    }
    say("\(mark(false, in: session))\(failed?.check.feedback ?? "Not yet.")", in: session)
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

  /// First that one may try again, then a hint, after three tries the solution.
  private func encourage(_ attempts: Int, _ help: Help, _ id: String, in session: Session) {
    let hasHint = (progress.items[id]?.hints ?? 0) < help.hints.count
    if attempts >= 3, help.hints.first != nil, progress.items[id]?.hints ?? 0 == 0 {
      // Who does not ask is shown the first one.
      try? hint(in: session)
    } else if attempts >= 3 {
      say(
        hasHint ? "`hint` helps, and `solution` shows the answer." : "`solution` shows the answer.", .faint, in: session
      )
    } else {
      say(hasHint ? "Try again; `hint` helps." : "Try again.", .faint, in: session)
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
