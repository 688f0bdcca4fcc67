import Drawing
import Foundation
import Notebook

/// The lesson that a learner has open: shows it piece by piece, asks, judges, and keeps the place.
package final class LessonPlayer: SessionObserver {
  /// What the lesson waits for.
  enum Wait: Equatable {
    /// `next`, which goes on with this item.
    case next(Int)
    /// `next`, or the learner's own typing of this cell.
    case cell(Int)
    case quiz(Int)
    case exercise(Int)
    case end
  }

  var lesson: Lesson?
  var wait = Wait.end
  var isPlaying = false
  /// The lesson runs a cell itself: what the session reports is no answer of the learner's.
  var isRunning = false
  var scope = CheckScope()
  var progress = LessonProgress()
  /// Where each step began, for `back`.
  var starts: [Int] = []
  /// How it was before each step, for `undo`.
  var past: [Moment] = []
  /// When the question that is open was shown.
  var asked: ContinuousClock.Instant?
  /// Hidden cells that ran in this sitting.
  var prepared: Set<Int> = []
  var number: (own: Int, all: Int)?
  static func now() -> String { Date.now.formatted(.iso8601) }
  private var before: (settings: Settings, variables: [String: String])?
  private var hasToldOfProgress = false

  init() {}

  /// The player of a session.
  package static func of(_ session: Session) -> LessonPlayer { session.attachment { LessonPlayer() } }

  /// `lesson 2/5 · 40%`; nil when no lesson is open.
  package var promptHint: String? {
    guard lesson != nil else { return nil }
    let place = number.map { " \($0.own)/\($0.all)" } ?? ""
    return "lesson\(place) · \(percent)%" + (isPlaying ? " · playing; `next` comes back" : "")
  }

  /// Whether nothing is asked, shown as a cell, or being tried out: the reader has only to go on.
  package var wantsNext: Bool {
    guard lesson != nil, !isPlaying, case .next = wait else { return false }
    return true
  }

  /// How far the open lesson has come, 0 to 100.
  package var percent: Int { Int((progress.fraction * 100).rounded()) }

  // MARK: Opening and closing

  /// Greets and opens the lesson that was left, else the first that is not finished. What goes wrong is a notice.
  package func resume(in session: Session) {
    let shelf = LessonShelf(session.resources)
    guard let file = nextFile(shelf, in: session) else { return }
    do {
      try open(try Lesson(file: file), in: session)
    } catch {
      session.screen.notice(Failure(error).sentence)
    }
  }

  /// The lesson to go on with: the last one if it is not finished, else the first that is not, else the first.
  func nextFile(_ shelf: LessonShelf, in session: Session) -> String? {
    let saved = savedProgress(in: session)
    let open = shelf.entries.filter { saved.lessons[$0.id]?.isFinished != true }
    return (open.first { $0.id == saved.last } ?? open.first ?? shelf.entries.first)?.file
  }

  /// Opens a lesson where it was left.
  /// - Throws: status 69 when none of its models can be had
  package func open(_ lesson: Lesson, in session: Session) throws {
    let (lesson, settings) = try lesson.opened(in: session)
    let values = try lesson.values(given: [:])
    close(in: session)
    before = (session.settings, session.variables)
    session.settings.model = settings.model ?? session.settings.model
    session.settings.seed = settings.seed
    session.variables.merge(values) { _, new in new }
    session.observer = self
    let shelf = LessonShelf(session.resources)
    number = shelf.entry(of: lesson).map { ($0.number, shelf.entries.count) }
    self.lesson = lesson
    scope = CheckScope(variables: values)
    progress = savedProgress(in: session).lessons[lesson.header.id] ?? LessonProgress()
    session.trainedBefore = progress.trained ?? []
    let (place, isGone) = progress.isFinished ? (0, false) : lesson.item(after: progress)
    greet(lesson, place, in: session)
    if isGone { say("The lesson has changed since; this is the nearest place.", .faint, in: session) }
    begin(at: place >= lesson.items.count ? 0 : place, in: session)
  }

  private func greet(_ lesson: Lesson, _ place: Int, in session: Session) {
    let header = lesson.header
    let facts = [header.level, header.minutes.map { "about \($0) minutes" }].compactMap { $0 }
    let name = number.map { "Lesson \($0.own) of \($0.all): " } ?? "Lesson: "
    var spans = [Drawing.Span(name + header.title, .strong)]
    if !facts.isEmpty { spans.append(.init("  (\(facts.joined(separator: ", ")))", .faint)) }
    var lines = [spans]
    if place > 0 {
      lines.append([
        .init("You were \(percent)% through; `back` shows what stood before, `restart` begins anew.", .faint)
      ])
    } else {
      lines.append([.init("`next` goes on, `hint` helps, `play` lets you try things, `words` lists all.", .faint)])
    }
    show(.text(.init(lines: lines)), in: session)
    if let notice = lesson.standInNotice(session.settings.model) { say(notice, .faint, in: session) }
    show(.blank, in: session)
  }

  /// Goes to an item: what prepares it runs, its section's title is shown.
  func begin(at item: Int, in session: Session) {
    guard let lesson else { return }
    isPlaying = false
    prepare(before: item, in: session)
    if let section = lesson.section(of: item), section.item < item,
      case .heading(_, _, let line) = lesson.items[section.item]
    {
      show(.stack([Prose([line]).drawing(session.screen.style), .blank]), in: session)
    }
    go(from: item, in: session)
  }

  /// Leaves the lesson; its place is saved.
  func close(in session: Session) {
    guard lesson != nil else { return }
    save(in: session)
    if let before {
      session.settings.model = before.settings.model
      session.settings.seed = before.settings.seed
      session.variables = before.variables
    }
    session.trainedBefore = []
    if session.observer === self { session.observer = nil }
    (lesson, before, number) = (nil, nil, nil)
    (wait, isPlaying, starts, prepared, past) = (.end, false, [], [], [])
    scope = CheckScope()
    progress = LessonProgress()
  }

  // MARK: Progress

  func savedProgress(in session: Session) -> Progress {
    do throws(LessonError) {
      let (progress, notice) = try ProgressFile(session.home.progress).read()
      tell(notice, in: session)
      return progress
    } catch {
      tell(error.sentence, in: session)
      return Progress()
    }
  }

  func save(in session: Session) {
    guard let lesson else { return }
    let own = progress
    update(in: session) { saved in
      saved.last = lesson.header.id
      saved.lessons[lesson.header.id] = own.merged(over: saved.lessons[lesson.header.id] ?? LessonProgress())
    }
  }

  func update(in session: Session, _ change: (inout Progress) -> Void) {
    do throws(LessonError) {
      tell(try ProgressFile(session.home.progress).update(change), in: session)
    } catch {
      tell(error.sentence, in: session)
    }
  }

  private func tell(_ notice: ProgressFile.Notice?, in session: Session) {
    guard case .setAside(let name)? = notice else { return }
    session.screen.notice("The saved progress could not be read; it is now \(sanitized(name)), and a new one begins.")
  }

  func tell(_ sentence: String, in session: Session) {
    if !hasToldOfProgress { session.screen.notice(sentence) }
    hasToldOfProgress = true
  }

  func show(_ drawing: Drawing, in session: Session) {
    session.screen.show(drawing.lines(session.screen.style))
  }

  func say(_ text: String, _ role: Drawing.Role = .plain, in session: Session) {
    let width = max(20, min(session.screen.style.width, Prose.widest))
    let runs = Markdown.runs(text).map { run in
      let span = Prose.spans([run]).first ?? Drawing.Span("")
      return span.role == .plain ? Drawing.Span(span.text, role) : span
    }
    show(.text(.init(lines: Prose.lines(runs, width))), in: session)
  }
}
