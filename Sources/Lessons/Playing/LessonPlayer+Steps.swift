import Drawing
import Notebook

/// Going forward: what is shown, what runs, where it stops.
extension LessonPlayer {
  /// Shows items until the lesson has to wait.
  /// - Parameter hasShown: something of this step is on the screen already, so that a pause or a section ends it
  func go(from start: Int, hasShown: Bool = false, in session: Session) {
    guard let lesson else { return }
    if starts.last != start { starts.append(start) }
    var hasShown = hasShown
    for index in lesson.items.indices.dropFirst(start) {
      let item = lesson.items[index]
      if hasShown, LessonPlayer.ends(item) {
        if case .pause = item { return stop(.next(index + 1), in: session) }
        return stop(.next(index), in: session)
      }
      switch item {
      case .note, .time, .pause: continue
      case .heading(_, _, let line): present(Prose([line]), in: session)
      case .prose(let lines): present(Prose(lines), in: session)
      case .cell(let cell) where cell.isHidden:
        prepare(before: index + 1, in: session)
        continue
      case .cell(let cell):
        present(cell, in: session)
        guard cell.start == .automatic else { return stop(.cell(index), in: session) }
        guard run(cell, in: session) else { return stop(.cell(index), in: session) }
        show(.blank, in: session)
      case .quiz(let quiz):
        present(quiz, in: session)
        return stop(.quiz(index), in: session)
      case .exercise(let exercise):
        present(Prose(exercise.prose), in: session)
        return stop(.exercise(index), in: session)
      }
      hasShown = true
    }
    finish(in: session)
  }

  /// Whether a step ends before this item.
  private static func ends(_ item: Lesson.Item) -> Bool {
    switch item {
    case .pause: true
    case .heading(let level, _, _): level <= 2
    default: false
    }
  }

  private func stop(_ wait: Wait, in session: Session) {
    guard let lesson else { return }
    self.wait = wait
    asked = .now
    let item = place(of: wait)
    progress.place = lesson.anchor(of: item)
    progress.fraction = lesson.fraction(before: item)
    save(in: session)
    remind(in: session)
  }

  func place(of wait: Wait) -> Int {
    switch wait {
    case .next(let item), .cell(let item), .quiz(let item), .exercise(let item): item
    case .end: lesson?.items.count ?? 0
    }
  }

  /// What the lesson waits for, in one line.
  func remind(in session: Session) {
    say(request, .faint, in: session)
  }

  private var request: String {
    guard let lesson else { return "" }
    switch wait {
    case .next: return "`next` goes on."
    case .cell(let index):
      guard case .cell(let cell) = lesson.items[index] else { return "" }
      return cell.start == .manual ? "Type it yourself, or `skip` it." : "`next` runs it."
    case .quiz(let index):
      guard case .quiz(let quiz) = lesson.items[index] else { return "" }
      if isSettled(quiz.id) { return "You have done this one; `next` goes on." }
      return LessonPlayer.request(quiz)
    case .exercise(let index):
      guard case .exercise(let exercise) = lesson.items[index] else { return "" }
      if isSettled(exercise.id) { return "You have done this one; `next` goes on." }
      let hint = exercise.help.hints.isEmpty ? "" : "`hint` helps, "
      if exercise.prediction != nil { return "Type your guess; then you will see. \(hint)`skip` leaves it out." }
      return "Your turn: type a command. \(hint)`solution` shows one way, `skip` leaves it out."
    case .end: return "The lesson is over; `next` opens the next one, `main` leaves."
    }
  }

  /// What to type under a question.
  private static func request(_ quiz: Quiz) -> String {
    let letters = quiz.choices.map(\.letter)
    switch quiz.answer {
    case .choices(let right)? where right.count > 1:
      return "Several are right: type their letters, as in \(letters.prefix(2).joined(separator: " "))."
    case .choices?: return "Type \(choice(letters))."
    case .number?: return "Type a number."
    case .texts?: return "Type your answer."
    case nil: return letters.isEmpty ? "Type your answer." : "Type the letters of what is right."
    }
  }

  func isSettled(_ id: String) -> Bool { progress.items[id]?.isSettled == true }

  private func finish(in session: Session) {
    guard let lesson else { return }
    wait = .end
    if !progress.isFinished { log(.finish, nil, in: session) }
    progress.isFinished = true
    progress.fraction = 1
    progress.place = "end"
    save(in: session)
    let asked = lesson.quizzes.map(\.id) + lesson.exercises.map(\.id)
    let solved = asked.filter { progress.items[$0]?.state == .passed }.count
    say("That was **\(lesson.header.title)**.", .good, in: session)
    let waiting = asked.filter { progress.items[$0]?.state == .answered }.count
    if waiting > 0 {
      say("You answered \(waiting) whose keys are kept apart; hand in `\(session.home.attempts.path)`.", in: session)
    }
    if !asked.isEmpty { say("You solved \(solved) of \(asked.count) questions and exercises yourself.", in: session) }
    remind(in: session)
  }

  // MARK: Showing

  func present(_ prose: Prose, in session: Session) {
    show(.stack([prose.drawing(session.screen.style), .blank]), in: session)
  }

  func present(_ cell: LessonCell, in session: Session) {
    show(.text(.init(lines: cell.source.map { [.init("    " + $0.text, .code)] })), in: session)
  }

  private func present(_ quiz: Quiz, in session: Session) {
    show(.stack([quiz.drawing(session.screen.style), .blank]), in: session)
  }

  // MARK: Running

  /// Runs a cell of the lesson on the learner's screen. False when it did not end as it should.
  func run(_ cell: LessonCell, in session: Session) -> Bool {
    isRunning = true
    defer { isRunning = false }
    for statement in cell.statements {
      guard let ran = session.execute(statement.text, id: cell.id, timeout: cell.timeout) else { continue }
      note(ran, as: cell.id)
      guard ran.status == .passed || (cell.expectsFailure && ran.status != .interrupted) else { return false }
    }
    return true
  }

  func note(_ cell: Cell, as id: String?) {
    scope.last = cell.checked
    if let folder = cell.trained { progress.trained = ((progress.trained ?? []) + [folder]).suffix(8) }
    if let id { scope.cells[id] = cell.checked }
  }

  /// Runs the hidden cells before an item that did not run in this sitting, where nobody sees them.
  func prepare(before item: Int, in session: Session) {
    guard let lesson else { return }
    let screen = session.screen
    let unseen = RecordingScreen(style: screen.style)
    for (index, item) in lesson.items.enumerated().prefix(item) {
      guard case .cell(let cell) = item, cell.isHidden, prepared.insert(index).inserted else { continue }
      session.screen = unseen
      let isFine = run(cell, in: session)
      session.screen = screen
      if !isFine { unseen.notices.forEach(screen.notice) }
    }
  }

  /// Results of an earlier sitting that a check speaks of: their cells run again, unseen.
  func provide(_ references: Set<String>, in session: Session) {
    guard let lesson else { return }
    for cell in lesson.cells {
      guard let id = cell.id, references.contains(id), scope.cells[id] == nil else { continue }
      session.screen.notice("Running `\(cell.statements.first?.text ?? id)` once more, for this exercise.")
      guard let settings = try? lesson.settings(model: session.settings.model, in: session) else { return }
      let runner = CellRunner(settings, parameters: scope.variables, in: session)
      scope.cells[id] = runner.run(cell, index: 0, limit: cell.timeout).value
    }
  }
}
