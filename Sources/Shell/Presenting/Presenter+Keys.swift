import Drawing
import Foundation
import Lessons
import Notebook

extension Presenter {
  /// A key of the deck, as `?` lists it.
  struct Binding: Sendable {
    let keys: [DeckKey]
    let name: String
    let does: String
    let action: @Sendable (Presenter) -> Void
  }

  static let bindings: [Binding] = [
    Binding(
      keys: [.character(" "), .right, .pageDown, .enter], name: "space →", does: "go on",
      action: { $0.next() }),
    Binding(keys: [.left, .pageUp, .backspace], name: "←", does: "go back", action: { $0.back() }),
    Binding(
      keys: [.down, .character("j")], name: "↓ ↑", does: "scroll a page that is too long", action: { $0.move(1) }),
    Binding(keys: [.up, .character("k")], name: "", does: "", action: { $0.move(-1) }),
    Binding(keys: [.character("r")], name: "r", does: "run the cell again", action: { $0.rerun() }),
    Binding(keys: [.character("e")], name: "e", does: "edit the cell and run it", action: { $0.edit() }),
    Binding(keys: [.character("h")], name: "h", does: "show a hint to the question", action: { $0.hint() }),
    Binding(keys: [.character("/")], name: "/", does: "search", action: { $0.mode = .search(LineField()) }),
    Binding(
      keys: [.character("g")], name: "g", does: "jump to a slide", action: { $0.mode = .jump(LineField()) }),
    Binding(keys: [.home], name: "Home End", does: "first and last slide", action: { $0.go(to: .init(0)) }),
    Binding(keys: [.end], name: "", does: "", action: { $0.go(to: .init($0.deck.slides.count - 1)) }),
    Binding(keys: [.character("n")], name: "n", does: "show or hide the notes", action: { $0.showsNotes.toggle() }),
    Binding(keys: [.character("t")], name: "t", does: "show or hide the time", action: { $0.showsTimer.toggle() }),
    Binding(
      keys: [.character("T")], name: "T", does: "start the time anew", action: { $0.startTimer(anew: true) }),
    Binding(
      keys: [.character("b"), .character(".")], name: "b", does: "blank the screen", action: { $0.mode = .blank }),
    Binding(keys: [.control("l")], name: "Ctrl-L", does: "draw the screen again", action: { $0.canvas.measure() }),
    Binding(keys: [], name: "Ctrl-C", does: "stop the cell, keep the deck", action: { _ in }),
    Binding(keys: [.character("q")], name: "q", does: "leave", action: { $0.isOver = true }),
    Binding(keys: [.character("?")], name: "?", does: "these keys", action: { $0.mode = .keys }),
  ]

  func press(_ key: DeckKey) {
    message = nil
    switch mode {
    case .deck: Self.bindings.first { $0.keys.contains(key) }?.action(self)
    case .keys, .blank: mode = .deck
    case .jump(let field): type(key, field, { .jump($0) }) { self.jump($0) }
    case .search(let field): type(key, field, { .search($0) }) { self.search($0) }
    case .edit(let field, let cell):
      if key == .tab { return complete(field, cell) }
      type(key, field, { .edit($0, cell: cell) }) { self.run($0, cell) }
    }
  }

  /// A key while a line is typed.
  private func type(
    _ key: DeckKey, _ field: LineField, _ keep: (LineField) -> Mode, _ accept: (String) -> Void
  ) {
    switch key {
    case .escape, .control("g"): mode = .deck
    case .enter:
      mode = .deck
      accept(field.text)
    case .backspace where field.characters.isEmpty: mode = .deck
    default:
      var field = field
      if field.apply(key) { mode = keep(field) }
    }
  }

  // MARK: Going

  func next() {
    startTimer()
    let page = page
    if page.below > 0 {
      scroll = page.scroll + max(1, bodyHeight - 2)
    } else if let next = deck.place(after: place) {
      go(to: next)
    } else {
      message = ("This was the last slide; q leaves.", .faint)
    }
  }

  func back() {
    let page = page
    if page.scroll > 0 {
      scroll = max(0, page.scroll - max(1, bodyHeight - 2))
    } else if let before = deck.place(before: place) {
      go(to: before)
      scroll = .max
    } else {
      message = ("This is the beginning.", .faint)
    }
  }

  func move(_ lines: Int) {
    scroll = max(0, page.scroll + lines)
  }

  func go(to place: Deck.Place) {
    self.place = deck.clamped(place)
    (scroll, hints) = (0, 0)
  }

  private func jump(_ text: String) {
    guard !text.allSatisfy(\.isWhitespace) else { return }
    guard let place = deck.place(named: text) else {
      message = ("There is no slide '\(sanitized(text))'; g lists them.", .bad)
      return
    }
    go(to: place)
  }

  private func search(_ text: String) {
    let wanted = text.isEmpty ? lastSearch : text
    guard !wanted.isEmpty else { return }
    lastSearch = wanted
    guard let found = deck.place(of: wanted, after: place) else {
      message = ("Nothing here says '\(sanitized(wanted))'.", .bad)
      return
    }
    go(to: found)
    message = ("found '\(sanitized(wanted))'; / and Enter find the next", .faint)
  }

  // MARK: Cells

  /// The cell that is meant, once its output is on the screen.
  private var cell: Int? {
    guard results.canRun else {
      message = ("This deck shows what was recorded; nothing runs.", .faint)
      return nil
    }
    guard let cell = deck.currentCell(at: place) else {
      message = ("There is no cell on this slide.", .faint)
      return nil
    }
    return cell
  }

  private func showOutput(of cell: Int) {
    while !deck.shownCells(at: place).contains(cell), let next = deck.place(after: place), next.slide == place.slide {
      go(to: next)
    }
  }

  func rerun() {
    guard let cell else { return }
    startTimer()
    results.rerun(cell, of: deck)
    showOutput(of: cell)
  }

  func edit() {
    guard let cell else { return }
    mode = .edit(LineField(results.source(cell, of: deck) ?? deck.cells[cell].text), cell: cell)
  }

  private func run(_ text: String, _ cell: Int) {
    do throws(LessonError) {
      let edited = try deck.cells[cell].edited(text)
      startTimer()
      results.rerun(cell, of: deck, edited: edited)
      showOutput(of: cell)
    } catch {
      mode = .edit(LineField(text), cell: cell)
      message = (error.sentence, .bad)
    }
  }

  private func complete(_ field: LineField, _ cell: Int) {
    var field = field
    switch completion.outcome(field.beforeCursor) {
    case .none: message = ("nothing to complete", .faint)
    case .replace(let count, let text): field.replace(count, with: text)
    case .list(let candidates, _): message = (candidates.joined(separator: "  "), .faint)
    }
    mode = .edit(field, cell: cell)
  }

  func hint() {
    guard let count = deck.step(at: place)?.help?.hints.count, count > 0 else {
      message = ("There is no hint here.", .faint)
      return
    }
    hints = min(hints + 1, count)
    scroll = .max
  }
}
