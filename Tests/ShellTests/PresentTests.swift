import Foundation
import Notebook
import Testing

/// A deck as a teacher and a room meet it, on a pseudo-terminal.
@Suite(.serialized) final class PresentTests {
  private let home: URL
  init() throws { home = try Driver.folder("present") }
  deinit { try? FileManager.default.removeItem(at: home) }

  private static let lesson = """
    ---
    lesson: 1
    id: deck
    title: A deck
    ---
    # First
    <!-- time: 1m -->
    Welcome.

    <!-- note: Smile at them. -->
    <!-- pause -->
    Still welcome.

    ## Cells
    Look:

    ```attune {#hello}
    say hello there
    ```

    ## Question
    <!-- quiz: q -->
    **Quiz.** Which?

    - a) this
    - b) that

    <!-- key: b -->
    <details><summary>Hint 1</summary>Not the first.</details>

    ## Last
    The end.
    """

  private func present(
    _ lesson: String = lesson, _ options: String..., environment: [String: String] = [:], columns: UInt16 = 80,
    rows: UInt16 = 24
  ) throws -> PseudoTerminal {
    try write(lesson)
    let words = (["present", "./deck.md"] + options).joined(separator: "\n")
    return try Driver.start(
      home: home, environment: environment.merging([Driver.words: words]) { $1 }, columns: columns, rows: rows)
  }

  private func write(_ lesson: String) throws {
    try Data((lesson + "\n").utf8).write(to: home.appendingPathComponent("deck.md"), options: .atomic)
  }

  private func leave(_ terminal: PseudoTerminal) throws {
    terminal.type("q")
    #expect(try terminal.wait() == 0)
    let isGivenBack = ScreenGrid(terminal.raw).isUsable
    #expect(isGivenBack)
  }

  @Test func keysGoThroughTheDeck() throws {
    let deck = try present()
    #expect(try deck.screen(shows: "Welcome.", "1/4")[0] == "  First" + String(repeating: " ", count: 68) + "1/4")
    let isWindow = ScreenGrid(deck.raw).isAlternate
    #expect(isWindow)
    deck.type(" ")
    try deck.screen(shows: "Still welcome.", "0:0", "on time")
    deck.type("\u{1B}[C")
    try deck.screen(shows: "> say hello there", "2/4")
    deck.type(" ")
    try deck.screen(shows: "[hello][there]")
    deck.type("\u{1B}[D\u{1B}[D")
    try deck.screen(shows: "Still welcome.", "1/4")
    deck.type("\u{1B}[F")
    try deck.screen(shows: "The end.", "4/4")
    deck.type(" ")
    try deck.screen(shows: "This was the last slide; q leaves.")
    deck.type("?")
    try deck.screen(shows: "edit the cell and run it", "stop the cell, keep the deck")
    deck.type(" ")
    try deck.screen(shows: "The end.")
    try leave(deck)
    try deck.expect("A deck: 3 of 4 slides in 0:0")
  }

  @Test func answersAndHintsWaitForTheirKey() throws {
    let deck = try present(Self.lesson, "--from", "q")
    let asked = try deck.screen(shows: "a) this", "h hint")
    #expect(!asked.contains { $0.contains("✓") })
    deck.type("h")
    try deck.screen(shows: "Not the first.")
    deck.type(" ")
    try deck.screen(shows: "✓ b) that")
    try leave(deck)
  }

  @Test func searchAndJump() throws {
    let deck = try present()
    deck.type("/")
    try deck.screen(shows: "search")
    deck.type("HELLO\r")
    try deck.screen(shows: "> say hello there")
    deck.type("glast\r")
    try deck.screen(shows: "The end.")
    deck.type("g")
    try deck.screen(shows: "1  First", "4  Last")
    deck.type("1\r")
    try deck.screen(shows: "Welcome.")
    deck.type("g9\r")
    try deck.screen(shows: "There is no slide '9'; g lists them.")
    deck.type("/x")
    try deck.screen(shows: "search", "/x")
    deck.type("\u{1B}")
    try deck.screen { !$0.contains { $0.contains("search") } }
    try leave(deck)
  }

  @Test func aCellIsEditedAndRunAndRunAgain() throws {
    let deck = try present(Self.lesson, "--from", "cells")
    deck.type("e")
    try deck.screen(shows: "edit: Enter runs")
    deck.type("\u{17}\u{17}you\r")
    try deck.screen(shows: "> say you", "[you]")
    deck.type("r")
    try deck.screen(shows: "[you]")
    deck.type("e 'open\r")
    try deck.screen(shows: "ends inside a quote")
    deck.type("'\r")
    try deck.screen(shows: "[you][open]")
    #expect(try String(contentsOf: home.appendingPathComponent("deck.md"), encoding: .utf8) == Self.lesson + "\n")
    try leave(deck)
  }

  @Test func tabCompletesWhileOneEdits() throws {
    let deck = try present(Self.lesson, "--from", "2")
    deck.type("e\u{15}sa\t")
    try deck.screen { $0.contains { $0.hasPrefix("  > say") } }
    deck.type("hey --tone c\t")
    try deck.screen(shows: "calm  cheerful")
    deck.type("\u{3}")
    try deck.screen { !$0.contains { $0.contains("edit: Enter runs") } }
    try leave(deck)
  }

  @Test func controlCStopsTheCellAndKeepsTheDeck() throws {
    let lesson = Self.lesson.replacing("say hello there", with: "slow").replacing(
      "{#hello}", with: "{#hello tags=live}")
    let deck = try present(lesson, "--from", "cells")
    deck.type(" ")
    try deck.screen(shows: "running, 0:0", "running 0:0", "Ctrl-C stops")
    deck.type("\u{3}")
    try deck.screen(shows: "Interrupted.")
    deck.type(" ")
    try deck.screen(shows: "a) this")
    deck.type("\u{3}")
    try deck.screen(shows: "nothing runs; q leaves")
    try leave(deck)
  }

  @Test func theNextCellIsComputedAhead() throws {
    let lesson = Self.lesson.replacing("say hello there", with: "grow grown.txt")
    let deck = try present(lesson)
    try deck.screen(shows: "next is computing")
    try Data().write(to: home.appendingPathComponent("grown.txt"))
    try deck.screen(shows: "next is ready")
    deck.type("g2\r ")
    try deck.screen(shows: "grown")
    try leave(deck)
  }

  @Test func whatRunsIsDrawnAsItGoes() throws {
    let deck = try present(Self.lesson.replacing("say hello there", with: "grow grown.txt"), "--from", "cells")
    deck.type(" ")
    let first = try deck.screen(shows: "height ")
    try deck.screen { $0.contains { $0.contains("height ") } && $0 != first }
    // A jump away and back, and keys meanwhile, are heard.
    deck.type("g1\r")
    try deck.screen(shows: "Welcome.")
    deck.type("g2\r ")
    try deck.screen(shows: "height ")
    try Data().write(to: home.appendingPathComponent("grown.txt"))
    try deck.screen { $0.contains { $0.hasSuffix("grown") } }
    try leave(deck)
  }

  @Test func leavingStopsWhatRuns() throws {
    let deck = try present(Self.lesson.replacing("say hello there", with: "slow"))
    try deck.screen(shows: "next is computing")
    try leave(deck)
  }

  @Test func theWindowMayChange() throws {
    let deck = try present()
    try deck.screen(shows: "Welcome.", "1/4")
    deck.resize(columns: 60, rows: 16)
    let narrow = "  First" + String(repeating: " ", count: 48) + "1/4"
    let rows = try deck.screen { $0[0] == narrow }
    #expect(rows.allSatisfy { $0.count <= 60 })
    #expect(!rows.dropFirst(16).contains { !$0.isEmpty })
    deck.resize(columns: 20, rows: 5)
    try deck.screen { $0[0].hasPrefix("First") && $0[0].hasSuffix("1/4") && $0[0].count == 20 }
    deck.type("  ")
    try deck.screen(shows: "2/4")
    deck.resize(columns: 100, rows: 30)
    try deck.screen(shows: "> say hello there")
    try leave(deck)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGSEGV])
  func aDeadlySignalGivesTheScreenBack(_ signal: Int32) throws {
    let deck = try present()
    try deck.screen(shows: "Welcome.")
    deck.end(with: signal)
    #expect(try deck.wait() & 0x7F == signal)
    let isGivenBack = ScreenGrid(deck.raw).isUsable
    #expect(isGivenBack)
  }

  @Test func aStopGivesTheScreenBackUntilOneComesBack() throws {
    let deck = try present()
    try deck.screen(shows: "Welcome.")
    deck.end(with: SIGTSTP)
    while ScreenGrid(deck.raw).isAlternate { try deck.screen { _ in !ScreenGrid(deck.raw).isAlternate } }
    deck.end(with: SIGCONT)
    try deck.screen { _ in ScreenGrid(deck.raw).isAlternate }
    deck.type(" ")
    try deck.screen(shows: "Still welcome.")
    try leave(deck)
  }

  @Test func aChangedFileIsReadAgainAndThePlaceIsKept() throws {
    let deck = try present(Self.lesson, "--from", "last")
    try deck.screen(shows: "The end.")
    try write(
      Self.lesson.replacing("The end.", with: "The very end.").replacing("## Question", with: "## More\n\n## Question"))
    try deck.screen(shows: "The very end.", "5/5")
    try write(Self.lesson.replacing("<!-- pause -->", with: "<!-- puase -->"))
    try deck.screen(shows: "unknown directive 'puase'")
    try deck.screen(shows: "The very end.")
    try leave(deck)
  }

  @Test func theDeckIsRecordedAsACast() throws {
    let deck = try present(Self.lesson, "--record", "show.cast")
    try deck.screen(shows: "Welcome.")
    deck.type(" ")
    try deck.screen(shows: "Still welcome.")
    try leave(deck)
    let lines = try String(contentsOf: home.appendingPathComponent("show.cast"), encoding: .utf8).split(separator: "\n")
    struct Header: Decodable { let version, width, height: Int }
    let header = try JSONDecoder().decode(Header.self, from: Data((lines.first ?? "").utf8))
    let facts: [Int] = [header.version, header.width, header.height]
    #expect(facts == [2, 80, 24])
    let events = lines.dropFirst().compactMap { Value(json: Data($0.utf8)) }
    #expect(events.count == lines.count - 1)
    let texts = events.compactMap { event -> String? in
      guard case .string("o")? = event[1], case .string(let text)? = event[2] else { return nil }
      return text
    }
    #expect(texts.count == events.count)
    let shown = texts.joined()
    let film = ScreenGrid(shown).rows
    #expect(film.contains("  Still welcome."))
  }

  @Test func aCastThatCannotBeWrittenIsSaidAtOnce() throws {
    let deck = try present(Self.lesson, "--record", "no/such/place.cast")
    #expect(try deck.wait() == 74)
    #expect(!deck.raw.contains("\u{1B}[?1049h"))
  }

  @Test func aDumbTerminalGetsTheStepsAsText() throws {
    let deck = try present(Self.lesson, environment: ["TERM": "dumb"])
    try deck.expect("1/4  First\n\nWelcome.\n\nEnter goes on, q leaves: ")
    deck.type("\r")
    try deck.expect("Still welcome.")
    deck.type("\r")
    try deck.expect("> say hello there")
    deck.type("\r")
    try deck.expect("[hello][there]")
    deck.type("q\r")
    #expect(try deck.wait() == 0)
    #expect(!deck.raw.contains("\u{1B}"))
  }
}
