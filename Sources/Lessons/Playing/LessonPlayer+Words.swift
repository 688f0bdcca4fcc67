import Drawing
import Notebook

/// The words of an open lesson.
extension LessonPlayer {
  func next(in session: Session) throws {
    guard let lesson else { throw LessonError.noLessonOpen }
    remember(in: session)
    if isPlaying {
      isPlaying = false
      return showAgain(in: session)
    }
    switch wait {
    case .next(let item): go(from: item, in: session)
    case .cell(let item):
      guard case .cell(let cell) = lesson.items[item] else { return }
      guard cell.start != .manual else { return remind(in: session) }
      guard run(cell, in: session) else {
        let isStopped = session.cells.last?.status == .interrupted
        let what = isStopped ? "That was stopped; `next` starts it anew" : "That did not work; `next` tries again"
        return say("\(what), `skip` goes on.", .faint, in: session)
      }
      show(.blank, in: session)
      go(from: item + 1, hasShown: true, in: session)
    case .quiz(let item), .exercise(let item):
      guard let id = lesson.items[item].id, isSettled(id) else { return showAgain(in: session) }
      go(from: item + 1, in: session)
    case .end: try openNext(in: session)
    }
  }

  private func openNext(in session: Session) throws {
    let shelf = LessonShelf(session.resources)
    let own = lesson.flatMap { shelf.entry(of: $0)?.number } ?? shelf.entries.count
    guard let entry = shelf.entries.first(where: { $0.number > own }) else {
      return say("That was the last lesson; `lessons` lists them all.", in: session)
    }
    try open(try Lesson(file: entry.file), in: session)
  }

  /// Shows what the lesson waits for once more.
  func showAgain(in session: Session) {
    guard wait != .end else { return remind(in: session) }
    if case .next = wait { return remind(in: session) }
    go(from: place(of: wait), in: session)
  }

  func back(in session: Session) throws {
    guard lesson != nil else { throw LessonError.noLessonOpen }
    remember(in: session)
    isPlaying = false
    if starts.count > 1 {
      starts.removeLast()
    } else if let lesson, let first = starts.first, first > 0 {
      starts = [lesson.sections.last { $0.item < first }?.item ?? 0]
    } else {
      say("This is the beginning.", .faint, in: session)
    }
    go(from: starts.last ?? 0, in: session)
  }

  func skip(in session: Session) throws {
    guard let lesson else { throw LessonError.noLessonOpen }
    guard !isPlaying else { return try next(in: session) }
    remember(in: session)
    switch wait {
    case .next, .end: try next(in: session)
    case .cell(let item): go(from: item + 1, in: session)
    case .quiz(let item), .exercise(let item):
      if let id = lesson.items[item].id {
        settle(id, .skipped)
        log(.skip, id, in: session)
      }
      go(from: item + 1, in: session)
    }
  }

  func play(in session: Session) throws {
    guard lesson != nil else { throw LessonError.noLessonOpen }
    isPlaying = true
    say("Try whatever you like; nothing counts. `next` comes back.", in: session)
  }

  func hint(in session: Session) throws {
    guard lesson != nil else { throw LessonError.noLessonOpen }
    guard let (id, help) = openHelp else { return say("Nothing is asked right now. \(nextWord)", in: session) }
    let given = progress.items[id]?.hints ?? 0
    guard !help.hints.isEmpty else { return say("There is no hint here; `solution` shows the answer.", in: session) }
    log(.hint, id, in: session)
    guard given < help.hints.count else {
      present(Prose(help.hints[help.hints.count - 1]), in: session)
      return say("That was the last hint; `solution` shows the answer.", .faint, in: session)
    }
    progress.items[id, default: ItemProgress()].hints = given + 1
    present(Prose(help.hints[given]), in: session)
    let left = help.hints.count - given - 1
    let more =
      left == 0 ? "`solution` shows the answer." : "`hint` gives \(left == 1 ? "one more" : "\(left) more")."
    say(more, .faint, in: session)
    save(in: session)
  }

  private var nextWord: String { wait == .end ? "`next` opens the next lesson." : "`next` goes on." }

  private var openHelp: (id: String, help: Help)? {
    openQuiz.map { ($0.id, $0.help) } ?? openExercise.map { ($0.id, $0.help) }
  }

  func solution(in session: Session) throws {
    guard lesson != nil else { throw LessonError.noLessonOpen }
    guard let (id, help) = openHelp else { return say("Nothing is asked right now. \(nextWord)", in: session) }
    remember(in: session)
    if let quiz = openQuiz, let answer = quiz.answer {
      say("The answer is \(answer.shown(among: quiz.choices)).", in: session)
    } else if openQuiz != nil {
      return say("The answers of this lesson are kept apart; `skip` leaves this one out.", in: session)
    } else if help.solution == nil {
      return say("This one has no solution written down; `skip` leaves it out.", in: session)
    }
    settle(id, .shown)
    log(.solution, id, in: session)
    guard reveal(help, in: session) else {
      save(in: session)
      return say("That did not work; `solution` tries again.", .faint, in: session)
    }
    save(in: session)
    say("`next` goes on.", .faint, in: session)
  }

  func goTo(_ name: String, in session: Session) throws {
    guard let lesson else { throw LessonError.noLessonOpen }
    let sections = lesson.sections
    let wanted = name.lowercased()
    let byTitle =
      sections.first { $0.title.lowercased() == wanted }
      ?? sections.first { !wanted.isEmpty && $0.title.lowercased().hasPrefix(wanted) }
    let item: Int? =
      if let index = lesson.items.firstIndex(where: { $0.id == name }) {
        index
      } else if let number = Int(name), sections.indices.contains(number - 1) { sections[number - 1].item } else {
        byTitle?.item
      }
    if item != nil { remember(in: session) }
    guard let item else {
      throw LessonError.noPlace(name, known: sections.enumerated().map { "\($0 + 1) \($1.title)" })
    }
    begin(at: item, in: session)
  }

  func restart(in session: Session) throws {
    guard let lesson else { throw LessonError.noLessonOpen }
    remember(in: session)
    log(.restart, nil, in: session)
    progress = LessonProgress()
    session.trainedBefore = []
    update(in: session) { $0.lessons[lesson.header.id] = nil }
    starts = []
    prepared = []
    scope = CheckScope(variables: scope.variables)
    begin(at: 0, in: session)
  }

  func leave(in session: Session) throws {
    guard let lesson else { throw LessonError.noLessonOpen }
    let title = lesson.header.title
    let done = percent
    close(in: session)
    say("Left **\(title)** at \(done)%; `lesson` comes back to it, `lessons` lists them all.", in: session)
  }
}
