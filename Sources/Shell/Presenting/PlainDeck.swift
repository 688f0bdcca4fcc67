import Drawing
import Foundation
import Lessons
import Notebook

/// A deck as plain text: step after step for a person whose terminal or whose wish is not the full screen, in one go
/// where nobody is there.
struct PlainDeck {
  let deck: Deck
  let parameters: [String: String]
  let runner: DeckRunner?
  let recording: Recording?
  let screen: TerminalScreen
  /// Cells before this one need no preparing any more.
  private var prepared = 0

  init(deck: Deck, parameters: [String: String], runner: DeckRunner?, recording: Recording?, screen: TerminalScreen) {
    (self.deck, self.parameters, self.runner) = (deck, parameters, runner)
    (self.recording, self.screen) = (recording, screen)
  }

  /// - Returns: how many slides were shown
  /// - Throws: `Failure` with status 130 after Ctrl-C where nobody could go on
  mutating func show(from start: Deck.Place) throws -> Int {
    var place: Deck.Place? = start
    var seen: Set<Int> = []
    while let here = place {
      if here.step == 0 { title(here) }
      seen.insert(here.slide)
      try show(here)
      place = deck.place(after: here)
      guard place != nil, screen.canAsk else { continue }
      switch screen.ask("Enter goes on, q leaves: ") {
      case .text(let text) where text.trimmingCharacters(in: .whitespaces).lowercased() == "q": return seen.count
      case .text: continue
      case .interrupted, .ended: return seen.count
      }
    }
    return seen.count
  }

  private func title(_ place: Deck.Place) {
    let text = "\(place.slide + 1)/\(deck.slides.count)  \(Deck.plain(deck.slide(at: place)?.title ?? ""))"
    screen.show(Drawing.stack([.text(.init(text, .strong)), .blank]).lines(screen.style))
  }

  private mutating func show(_ place: Deck.Place) throws {
    for part in deck.step(at: place)?.parts ?? [] {
      var show: CellShow?
      if case .output(let cell) = part { show = run(cell) }
      let lines = DeckPage.lines(of: part, in: deck, screen.style) { _ in show.map { .shown($0) } ?? .waiting }
      screen.show(lines.isEmpty ? [] : lines + [""])
      if show?.status == .interrupted, !screen.canAsk { throw Failure("Interrupted.", .interrupted) }
    }
  }

  /// Runs a cell, and before it the hidden ones that prepare it.
  private mutating func run(_ cell: Int) -> CellShow {
    if let recording { return recording.show(cell, of: deck, parameters: parameters) }
    guard let runner else { return CellShow(deck.cells[cell].text, Failure("Nothing runs here.", .engine)) }
    for index in deck.cells.indices where (prepared..<max(prepared, cell)).contains(index) && deck.cells[index].isHidden
    {
      _ = runner.run(deck.cells[index], screen.style)
    }
    prepared = max(prepared, cell + 1)
    return runner.run(deck.cells[cell], screen.style)
  }
}
