import Drawing
import Foundation
import Lessons
import Notebook

/// A deck in a window: hears keys, draws, and lets the engine compute meanwhile.
final class Presenter {
  /// What the keys mean at the moment.
  enum Mode: Equatable {
    case deck
    case keys
    case blank
    case jump(LineField)
    case search(LineField)
    case edit(LineField, cell: Int)
  }

  private(set) var deck: Deck
  var place: Deck.Place
  /// Lines from the top of the page.
  var scroll = 0
  var hints = 0
  var mode = Mode.deck
  var results: DeckResults
  var showsNotes = false
  var showsTimer = true
  /// What to tell until the next key.
  var message: (text: String, role: Drawing.Role)?
  var lastSearch = ""
  var isOver = false
  /// When the deck began to move.
  private(set) var started: ContinuousClock.Instant?
  private(set) var seenSlides: Set<Int> = []
  let completion: Completion
  let style: TerminalStyle
  let canvas: Canvas
  private let engine: DeckEngine?
  private let server: NotesServer?
  private let cast: CastFile?
  private var watch: FileWatch
  private var lastWatched = ContinuousClock.now
  private var hasToldOfCast = false
  private var keys = KeyParser()

  struct Parts {
    var deck: Deck
    var place: Deck.Place
    var parameters: [String: String]
    var engine: DeckEngine?
    var recording: Recording?
    var server: NotesServer?
    var cast: CastFile?
    var completion: Completion
    var style: TerminalStyle
    /// Something to tell at the beginning.
    var message: String?
  }

  init(_ parts: Parts, canvas: Canvas) {
    deck = parts.deck
    place = parts.place
    results = DeckResults(engine: parts.engine, recording: parts.recording, parameters: parts.parameters)
    engine = parts.engine
    (server, cast) = (parts.server, parts.cast)
    completion = parts.completion
    style = parts.style
    self.canvas = canvas
    watch = FileWatch(parts.deck.lesson)
    message = parts.message.map { ($0, .bad) }
  }

  /// Seconds since the deck began to move; nil before that.
  var elapsed: Double? { started.map { (ContinuousClock.now - $0).seconds } }

  func startTimer(anew: Bool = false) {
    if started == nil || anew { started = ContinuousClock.now }
  }

  /// Until `q` or the end of the terminal.
  func run() {
    Signals.hearing {
      canvas.begin()
      defer { canvas.end() }
      while !isOver, !canvas.hasFailed {
        results.schedule(deck, at: place, bodyStyle)
        seenSlides.insert(place.slide)
        server?.send(notesPage)
        if !isFresh { draw() }
        listen()
      }
    }
  }

  /// A cell that has just begun may end before it is worth a picture.
  private var isFresh: Bool {
    guard let running = results.running, results.isWatched(deck, at: place) else { return false }
    return ContinuousClock.now - running.since < .milliseconds(70)
  }

  private var patience: Int32 {
    if keys.isOpen { return 50 }
    if results.running?.isStopping == true { return 100 }
    return isFresh ? 70 : 1000
  }

  private func listen() {
    let wake = engine.map { [$0.wake] } ?? []
    let (ready, event) = Signals.wait(
      for: [STDIN_FILENO] + wake + (server?.descriptors ?? []), milliseconds: patience)
    switch event {
    case .interrupt: interrupt()
    case .resize: canvas.measure()
    case .resume: canvas.begin()
    case nil: break
    }
    results.hear(deck, at: place)
    if results.running?.isStopping != true, message?.text == Presenter.stopping { message = nil }
    server?.serve(ready)
    if ready.contains(STDIN_FILENO), !Terminal.read(into: &keys) { isOver = true }
    while !isOver, let key = keys.next(isOver: !ready.contains(STDIN_FILENO)) { press(key) }
    if ContinuousClock.now - lastWatched >= .seconds(1) { look() }
  }

  private static let stopping = "stopping"

  /// Ctrl-C: leaves what is being typed, else stops the cell, and keeps the deck.
  private func interrupt() {
    message = nil
    if mode != .deck {
      mode = .deck
    } else if results.stop() {
      message = (Presenter.stopping, .faint)
    } else {
      message = ("nothing runs; q leaves", .faint)
    }
  }

  /// Once a second: has the file changed, is the recording still written?
  private func look() {
    lastWatched = ContinuousClock.now
    if let failure = cast?.failure, !hasToldOfCast {
      hasToldOfCast = true
      message = ("The recording ends here: \(String(cString: strerror(failure))).", .bad)
    }
    guard watch.hasChanged() else { return }
    do throws(LessonError) {
      let new = Deck(try Lesson(file: deck.lesson.file), model: deck.model)
      let isSameStart =
        new.lesson.header.models == deck.lesson.header.models && new.lesson.header.seed == deck.lesson.header.seed
        && new.lesson.header.parameters == deck.lesson.header.parameters
      place = new.place(like: place, of: deck)
      results.adopt(new, insteadOf: deck)
      deck = new
      if case .edit = mode { mode = .deck }
      watch = FileWatch(new.lesson)
      message =
        isSameStart
        ? ("the file changed; this is the new one", .faint)
        : ("The models, seed or parameters changed: start the deck again to use them.", .bad)
    } catch {
      // The old deck stays; the first of what is wrong is enough to find the rest.
      message = (error.sentence.split(separator: "\n").first.map(String.init) ?? error.sentence, .bad)
    }
  }
}
