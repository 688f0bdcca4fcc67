import Drawing
import Foundation
import Lessons
import Notebook

/// What the cells of a deck gave, and which of them runs next: first what the room waits for, then one ahead of it.
struct DeckResults {
  /// A job that the engine has.
  struct Running {
    let job: DeckEngine.Job
    let since = ContinuousClock.now
    var live: (drawing: Drawing, followsEnd: Bool)?
    var isStopping = false
    /// Its result is not wanted any more.
    var isDiscarded = false
  }

  private(set) var running: Running?
  private var shows: [Deck.CellKey: CellShow] = [:]
  private var edits: [Deck.CellKey: LessonCell] = [:]
  /// Shown to the room.
  private var seen: Set<Deck.CellKey> = []
  /// Stopped while they ran ahead; they wait until they are asked for.
  private var held: Set<Deck.CellKey> = []
  private let engine: DeckEngine?
  private let recording: Recording?
  private let parameters: [String: String]

  init(engine: DeckEngine?, recording: Recording?, parameters: [String: String]) {
    (self.engine, self.recording, self.parameters) = (engine, recording, parameters)
  }

  // MARK: What there is to see

  func source(_ cell: Int, of deck: Deck) -> String? { deck.key(cell).flatMap { edits[$0]?.text } }

  mutating func output(_ cell: Int, of deck: Deck) -> DeckPage.Output {
    guard let key = deck.key(cell) else { return .waiting }
    if let show = shows[key] { return .shown(show) }
    if let recording {
      let show = recording.show(cell, of: deck, parameters: parameters)
      shows[key] = show
      return .shown(show)
    }
    guard let running, running.job.key == key, !running.isDiscarded else { return .waiting }
    let seconds = (ContinuousClock.now - running.since).seconds
    return .running(seconds, running.live?.drawing, followsEnd: running.live?.followsEnd ?? false)
  }

  /// Whether the room waits for the job that runs.
  func isWatched(_ deck: Deck, at place: Deck.Place) -> Bool {
    guard let running else { return false }
    return wanted(deck, at: place).contains { deck.key($0) == running.job.key }
  }

  /// Whether what the next cell shows is there already; nil where there is none to run.
  func isNextReady(_ deck: Deck, at place: Deck.Place) -> Bool? {
    guard engine != nil, let next = deck.nextCell(after: place), let key = deck.key(next) else { return nil }
    return shows[key] != nil
  }

  /// Whether cells can be run at all.
  var canRun: Bool { engine != nil }

  // MARK: What runs

  /// Gives the engine its next job, or asks it to let go of one that is not wanted.
  mutating func schedule(_ deck: Deck, at place: Deck.Place, _ style: TerminalStyle) {
    guard let engine else { return }
    for cell in deck.shownCells(at: place) {
      if let key = deck.key(cell), shows[key] != nil { seen.insert(key) }
    }
    let wanted = wanted(deck, at: place)
    if let running {
      if running.isStopping { return Interrupt.request() }
      if let first = wanted.first, deck.key(first) != running.job.key { stop(discards: true) }
      return
    }
    guard let cell = wanted.first ?? ahead(deck, at: place), let key = deck.key(cell) else { return }
    let job = DeckEngine.Job(key: key, cell: edits[key] ?? deck.cells[cell], style: style)
    running = Running(job: job)
    engine.start(job)
  }

  /// Takes what the engine has to tell.
  mutating func hear(_ deck: Deck, at place: Deck.Place) {
    guard let news = engine?.takeNews() else { return }
    if let live = news.live { running?.live = live }
    guard let (job, show) = news.finished, let running else { return }
    let isWatched = isWatched(deck, at: place)
    self.running = nil
    guard !running.isDiscarded else { return }
    if show.status == .interrupted, !isWatched { held.insert(job.key) } else { shows[job.key] = show }
  }

  /// Ctrl-C. False when nothing runs.
  @discardableResult
  mutating func stop(discards: Bool = false) -> Bool {
    guard running != nil else { return false }
    running?.isStopping = true
    if discards { running?.isDiscarded = true }
    Interrupt.request()
    return true
  }

  /// Runs a cell again, with other lines if some were typed. What came after it and nobody has seen is forgotten.
  mutating func rerun(_ cell: Int, of deck: Deck, edited: LessonCell? = nil) {
    guard engine != nil, let key = deck.key(cell) else { return }
    if let edited { edits[key] = edited }
    shows[key] = nil
    held.remove(key)
    let later = deck.keys.dropFirst(cell + 1)
    for other in later where !seen.contains(other) { shows[other] = nil }
    if let running, running.job.key == key || later.contains(running.job.key) { stop(discards: true) }
  }

  /// After the file changed: what comes after the first cell that is another now is forgotten.
  mutating func adopt(_ deck: Deck, insteadOf old: Deck) {
    let same = zip(deck.keys, old.keys).prefix { $0 == $1 }.count
    let kept = Set(deck.keys.prefix(same))
    shows = shows.filter { kept.contains($0.key) }
    edits = edits.filter { kept.contains($0.key) }
    (held, seen) = (held.intersection(kept), seen.intersection(kept))
    if let running, !kept.contains(running.job.key) { stop(discards: true) }
  }

  /// Cells that the place shows and that have no result, and the hidden ones that prepare them.
  private func wanted(_ deck: Deck, at place: Deck.Place) -> [Int] {
    guard let last = deck.shownCells(at: place).last(where: { isOpen($0, deck) }) else { return [] }
    let shown = Set(deck.shownCells(at: place))
    return (0...last).filter { isOpen($0, deck) && (shown.contains($0) || deck.cells[$0].isHidden) }
  }

  /// The next cell behind the place, or what prepares it.
  private func ahead(_ deck: Deck, at place: Deck.Place) -> Int? {
    guard let next = deck.nextCell(after: place), isOpen(next, deck), deck.cells[next].runsAhead,
      let key = deck.key(next), !held.contains(key)
    else { return nil }
    return (0...next).first { isOpen($0, deck) && ($0 == next || deck.cells[$0].isHidden) }
  }

  private func isOpen(_ cell: Int, _ deck: Deck) -> Bool { deck.key(cell).map { shows[$0] == nil } ?? false }
}
