import ArgumentParser
import Drawing
import Foundation
import Lessons
import Notebook

/// Shows a lesson to a room.
package struct PresentCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "present", abstract: "Show a lesson as a classroom deck, full screen; ? lists its keys.",
    discussion: """
      Each heading of level 1 or 2 begins a slide; a pause, a cell's output and the answer to a question wait for the \
      next key. The next cell is computed while you speak, except where it is tagged live. With --notes a second terminal \
      follows the deck with your notes and the time. Without a terminal, or with --accessible, the deck is plain text.
      """)
  package static let group = CommandGroup.lessons
  package static let example = "present 2"

  @Argument(help: ArgumentHelp("A lesson file, number or id; --notes finds the deck without it.", valueName: "file"))
  package var file: String?

  @Option(
    name: [.customShort("p"), .customLong("parameter")], help: ArgumentHelp("Set a parameter.", valueName: "name=value")
  )
  package var parameters: [String] = []

  @Option(help: ArgumentHelp("Start at this slide: its number, its title or an id.", valueName: "slide"))
  package var from: String?

  @Flag(help: "Show the speaker's notes and the time of a deck that another terminal presents.")
  package var notes = false

  @Flag(help: "Show the output recorded in NAME.recorded.jsonl beside the lesson; nothing runs.")
  package var replay = false

  @Option(help: ArgumentHelp("Record the screen as an asciinema cast.", valueName: "file.cast"))
  package var record: String?

  @OptionGroup package var common: CommonOptions

  package init() {}

  package mutating func validate() throws {
    guard notes else {
      if file == nil { throw ValidationError("Name a lesson to present.") }
      return
    }
    if replay || record != nil || from != nil || !parameters.isEmpty {
      throw ValidationError("--notes only follows a deck; give the other options to the deck itself.")
    }
  }

  package func answer(in session: Session) throws -> DeckAnswer {
    let path = try file.map { try LessonShelf(session.resources).file(named: $0) }
    if notes { return try follow(path, in: session) }
    guard let path else { throw Failure("Name a lesson to present.", .usage) }
    let lesson = try Lesson(file: path)
    let deck = Deck(lesson, model: try model(of: lesson, in: session))
    let place = try start(in: deck)
    if common.json { return DeckAnswer(deck, seen: nil, seconds: nil) }
    let screen = try terminal(of: session)
    guard PresentCommand.hasWindow(screen, session) else { return try showPlainly(deck, place, session, screen) }
    Signals.installSuspend()
    return try show(deck, place, session, screen)
  }

  /// What was shown before needs no model.
  private func model(of lesson: Lesson, in session: Session) throws -> String? {
    try common.model ?? (replay || common.json ? nil : lesson.obtainModel(in: session))
  }

  private func terminal(of session: Session) throws -> TerminalScreen {
    guard let screen = session.screen as? TerminalScreen else {
      throw Failure("`present` shows its deck on a terminal of its own; it cannot run in a lesson.", .usage)
    }
    return screen
  }

  /// Whether a person is there, at a terminal that can move its cursor, and wants pictures.
  private static func hasWindow(_ screen: TerminalScreen, _ session: Session) -> Bool {
    screen.canAsk && session.environment["TERM"] != "dumb" && !screen.style.accessible
  }

  private func follow(_ path: String?, in session: Session) throws -> DeckAnswer {
    let screen = try terminal(of: session)
    guard PresentCommand.hasWindow(screen, session) else {
      throw Failure("--notes follows a deck on a terminal that can move its cursor; this is none.", .usage)
    }
    Signals.installSuspend()
    NotesView(lesson: path, home: session.home, style: screen.style).run()
    return DeckAnswer()
  }

  private func start(in deck: Deck) throws -> Deck.Place {
    guard let from else { return Deck.Place(0) }
    guard let place = deck.place(named: from) else {
      let titles = deck.slides.enumerated().prefix(20).map { "\($0 + 1) \(Deck.plain($1.title))" }
      throw Failure(
        "\(sanitized(deck.lesson.file)) has no slide '\(sanitized(from))'; it has \(sanitized(titles.joined(separator: ", "))).",
        .usage)
    }
    return place
  }

  // MARK: In a window

  private func show(
    _ deck: Deck, _ place: Deck.Place, _ session: Session, _ screen: TerminalScreen
  ) throws -> DeckAnswer {
    let values = try deck.lesson.values(given: RunCommand.pairs(parameters))
    let recording = try replay ? Recording(file: Recording.file(for: deck.lesson.file)) : nil
    let cast = try record.map { file throws(Failure) in
      let size = Canvas.measured()
      return try CastFile(
        file, width: size.columns, height: size.rows, title: deck.lesson.header.title, environment: session.environment)
    }
    let (server, trouble) = server(deck.lesson.file, session.home)
    let completion = completion(session)
    let engine =
      try recording == nil
      ? DeckEngine { live in
        try DeckRunner(deck.lesson, parameters: values, model: deck.model, in: session, live: live)
      } : nil
    screen.endLive()
    let presenter = Presenter(
      .init(
        deck: deck, place: place, parameters: values, engine: engine, recording: recording, server: server, cast: cast,
        completion: completion, style: screen.style,
        message: trouble ?? deck.lesson.standInNotice(deck.model)), canvas: Canvas(cast: cast))
    presenter.run()
    engine?.finish { screen.notice("Finishing a step of the model; Ctrl-\\ quits attune at once.") }
    Interrupt.forget()
    screen.adopt(session.settings)
    try cast?.finish()
    return DeckAnswer(presenter.deck, seen: presenter.seenSlides.count, seconds: presenter.elapsed ?? 0)
  }

  /// A deck goes on without speaker notes where this machine lets nobody listen.
  private func server(_ file: String, _ home: Home) -> (NotesServer?, String?) {
    do throws(Failure) {
      return (try NotesServer(lesson: file, home: home), nil)
    } catch {
      return (nil, "No --notes: \(error.sentence)")
    }
  }

  /// What Tab offers while a cell is edited. Names are collected now: later the session belongs to the engine's thread.
  private func completion(_ session: Session) -> Completion {
    let names = Dictionary(uniqueKeysWithValues: Completion.Kind.allCases.map { ($0, session.names(of: $0)) })
    return Completion(table: session.table, home: session.environment["HOME"]) { names[$0] ?? [] }
  }

  // MARK: As text

  private func showPlainly(
    _ deck: Deck, _ place: Deck.Place, _ session: Session, _ screen: TerminalScreen
  ) throws -> DeckAnswer {
    if record != nil {
      throw Failure("--record films the full screen, and there is none here; leave it out, or use a terminal.", .usage)
    }
    let values = try deck.lesson.values(given: RunCommand.pairs(parameters))
    let recording = try replay ? Recording(file: Recording.file(for: deck.lesson.file)) : nil
    let runner =
      try recording == nil
      ? DeckRunner(deck.lesson, parameters: values, model: deck.model, in: session) { _, _ in } : nil
    screen.endLive()
    var plain = PlainDeck(deck: deck, parameters: values, runner: runner, recording: recording, screen: screen)
    let start = ContinuousClock.now
    let seen = try plain.show(from: place)
    return DeckAnswer(deck, seen: seen, seconds: (ContinuousClock.now - start).seconds)
  }
}

/// What a deck is made of, and how far it was shown.
package struct DeckAnswer: CommandAnswer {
  struct Slide: Encodable {
    let title: String
    let steps: Int
    let seconds: Double?
    let notes: [String]
  }

  let lesson: String?
  let title: String?
  let slides: [Slide]
  /// Slides that were on the screen.
  let seen: Int?
  let seconds: Double?

  /// Of whoever only followed.
  init() { (lesson, title, slides, seen, seconds) = (nil, nil, [], nil, nil) }

  init(_ deck: Deck, seen: Int?, seconds: Double?) {
    lesson = deck.lesson.header.id
    title = deck.lesson.header.title
    slides = deck.slides.map { slide in
      Slide(
        title: Deck.plain(slide.title), steps: slide.steps.count, seconds: slide.seconds,
        notes: slide.steps.flatMap(\.notes))
    }
    (self.seen, self.seconds) = (seen, seconds)
  }

  package var drawing: Drawing? {
    guard let title, let seen, let seconds else { return nil }
    return .text(.init("\(title): \(seen) of \(slides.count) slides in \(clock(seconds)).", .faint))
  }
}
