import Drawing
import Lessons
import Notebook

/// The window: a title, the page, what is typed or noted, and one line about where one is.
extension Presenter {
  private var width: Int { canvas.size.columns }
  private var margin: Int { width >= 40 ? 2 : 0 }
  /// On a low window the rule below the title is left out.
  private var headHeight: Int { canvas.size.rows >= 14 ? 2 : 1 }

  private var windowStyle: TerminalStyle {
    var style = style
    (style.width, style.height) = (width, nil)
    return style
  }

  /// For what is drawn on the page; a picture leaves room for the lines of its cell.
  var bodyStyle: TerminalStyle {
    var style = style
    style.width = width - 2 * margin
    style.height = max(4, canvas.size.rows - 6)
    return style
  }

  var bodyHeight: Int { max(1, canvas.size.rows - headHeight - 1 - panel.rows.count) }

  var page: DeckPage {
    DeckPage(
      deck, at: place, height: bodyHeight, scroll: scroll, hints: hints, bodyStyle,
      source: { [self] in results.source($0, of: deck) }, output: { [self] in results.output($0, of: deck) })
  }

  func draw() {
    if mode == .blank { return canvas.draw([]) }
    let panel = panel
    let page = page
    scroll = page.scroll
    let body =
      switch mode {
      case .keys: keyLines
      case .jump(let field): slideLines(field.text)
      default: page.visible
      }
    let pad = String(repeating: " ", count: margin)
    let shown = body.prefix(bodyHeight).map { $0.isEmpty ? "" : pad + $0 }
    let filled = shown + Array(repeating: "", count: bodyHeight - shown.count)
    let above = head + filled
    canvas.draw(
      above + panel.rows + [foot(page)], cursor: panel.cursor.map { (above.count + $0.row, $0.column) })
  }

  private func line(_ spans: [Drawing.Span]) -> String {
    Drawing.text(.init(spans)).lines(windowStyle).first ?? ""
  }

  /// Two texts at the ends of a line; the left one is cut where there is no room.
  private func line(_ left: [Drawing.Span], _ right: [Drawing.Span]) -> String {
    let length = right.reduce(0) { $0 + displayWidth(sanitized($1.text)) }
    var room = width - 2 * margin - length - (length > 0 ? 1 : 0)
    var spans: [Drawing.Span] = [.init(String(repeating: " ", count: margin))]
    for span in left {
      let text = truncated(sanitized(span.text), to: max(0, room), ellipsis: style.unicode ? "…" : "~")
      room -= displayWidth(text)
      spans.append(.init(text, span.role))
    }
    spans.append(.init(String(repeating: " ", count: max(0, room) + (length > 0 ? 1 : 0))))
    return line(spans + right)
  }

  private func rule(_ title: String = "") -> String {
    let dash = style.unicode ? "─" : "-"
    let start = title.isEmpty ? "" : "\(dash)\(dash) \(title) "
    let rest = max(0, width - 2 * margin - displayWidth(start))
    return line([
      .init(String(repeating: " ", count: margin)), .init(start + String(repeating: dash, count: rest), .faint),
    ])
  }

  private var head: [String] {
    let title = deck.slide(at: place)?.title ?? deck.lesson.header.title
    let plain = Deck.plain(title)
    let top = line([.init(plain, .strong)], [.init("\(place.slide + 1)/\(deck.slides.count)", .faint)])
    return headHeight == 2 ? [top, rule()] : [top]
  }

  private func foot(_ page: DeckPage) -> String {
    var left: [Drawing.Span] = []
    if let message {
      left = [.init(message.text, message.role)]
    } else {
      var facts = elapsed == nil ? ["space goes on, ? lists the keys"] : []
      if page.below > 0 { facts.append(style.unicode ? "↓ \(page.below) more" : "\(page.below) more below") }
      if let hints = deck.step(at: place)?.help?.hints.count, self.hints < hints { facts.append("h hint") }
      if let running = results.running, results.isWatched(deck, at: place) {
        facts.append("running \(clock((ContinuousClock.now - running.since).seconds))")
        facts.append("Ctrl-C stops")
      } else if results.isNextReady(deck, at: place) == true {
        facts.append("next is ready")
      } else if results.running != nil {
        facts.append("next is computing")
      }
      left = [.init(facts.joined(separator: style.unicode ? " · " : ", "), .faint)]
    }
    return line(left, timer)
  }

  private var timer: [Drawing.Span] {
    guard showsTimer, let elapsed else { return [] }
    var spans: [Drawing.Span] = [.init(clock(elapsed), .faint)]
    if let standing = deck.budget.standing(on: place.slide, after: elapsed) {
      spans += [.init("  "), .init(standing.words, standing.role)]
    }
    return spans
  }

  /// What stands between the page and the last line.
  private var panel: (rows: [String], cursor: (row: Int, column: Int)?) {
    let most = max(1, canvas.size.rows / 2 - 1)
    func typed(
      _ title: String, _ prompt: String, _ field: LineField
    ) -> (
      rows: [String], cursor: (row: Int, column: Int)?
    ) {
      let all = field.rows(String(repeating: " ", count: margin) + prompt, width: width)
      let first = max(0, min(all.row - most + 1, all.rows.count - most))
      let rows = all.rows.dropFirst(first).prefix(most).map { line([.init($0)]) }
      return ([rule(title)] + rows, (all.row - first + 1, all.column))
    }
    switch mode {
    case .search(let field): return typed("search: Enter finds, Esc leaves", "/", field)
    case .jump(let field): return typed("jump: a number or a title", "g ", field)
    case .edit(let field, _): return typed("edit: Enter runs, Esc leaves", "> ", field)
    case .deck where showsNotes: return ([rule("notes")] + noteLines(most), nil)
    case .deck, .keys, .blank: return ([], nil)
    }
  }

  private func noteLines(_ most: Int) -> [String] {
    let notes = notes
    let drawing: Drawing =
      notes.isEmpty
      ? .text(.init("No notes for this slide.", .faint))
      : .stack(notes.map { .text(.init(lines: [[.init($0.text, $0.isCurrent ? .plain : .faint)]])) })
    let pad = String(repeating: " ", count: margin)
    return drawing.lines(bodyStyle).prefix(most).map { pad + $0 }
  }

  private var keyLines: [String] {
    let rows = Self.bindings.filter { !$0.name.isEmpty }.map { binding in
      let name = style.unicode ? binding.name : binding.name.map { Presenter.asciiNames[$0] ?? String($0) }.joined()
      return [Drawing.Span(name, .code), Drawing.Span(binding.does)]
    }
    return Drawing.table(.init(columns: ["", ""], rows: rows)).lines(bodyStyle)
  }

  private static let asciiNames: [Character: String] = ["→": "right", "←": "left", "↓": "down", "↑": "up"]

  /// The slides whose number or title fits what is typed.
  private func slideLines(_ typed: String) -> [String] {
    let wanted = typed.lowercased()
    let all = deck.slides.enumerated().filter { index, slide in
      wanted.isEmpty || "\(index + 1)".hasPrefix(wanted) || slide.title.lowercased().contains(wanted)
    }
    let rows = all.map { index, slide in
      [
        Drawing.Span("\(index + 1)", .faint),
        Drawing.Span(Deck.plain(slide.title), index == place.slide ? .strong : .plain),
        Drawing.Span(slide.seconds.map { clock($0) } ?? "", .faint),
      ]
    }
    // The slide that is shown stays in sight.
    let current = all.firstIndex { $0.offset == place.slide } ?? 0
    let first = max(0, min(current - bodyHeight / 2, rows.count - bodyHeight))
    let seen = Array(rows.dropFirst(first).prefix(bodyHeight))
    guard !seen.isEmpty else { return Drawing.text(.init("No slide is called that.", .faint)).lines(bodyStyle) }
    return Drawing.table(.init(columns: [.number(""), "", .number("")], rows: seen)).lines(bodyStyle)
  }

  // MARK: For the speaker

  var notes: [NotesPage.Note] {
    guard let slide = deck.slide(at: place) else { return [] }
    return slide.steps.enumerated().flatMap { index, step in
      (step.notes + step.advice).map { NotesPage.Note(text: $0, isCurrent: index == place.step) }
    }
  }

  var notesPage: NotesPage {
    let span = deck.budget.span(of: place.slide)
    let cell: String? =
      if results.running != nil {
        results.isWatched(deck, at: place) ? "The cell is running." : "The next cell is computing."
      } else {
        results.isNextReady(deck, at: place) == true ? "The next cell is ready." : nil
      }
    return NotesPage(
      lesson: deck.lesson.header.title, heading: Deck.plain(deck.slide(at: place)?.title ?? ""), slide: place.slide + 1,
      slides: deck.slides.count, step: place.step + 1, steps: deck.slide(at: place)?.steps.count ?? 1, notes: notes,
      next: deck.slide(at: .init(place.slide + 1)).map { Deck.plain($0.title) }, cell: cell, elapsed: elapsed,
      spanStart: span?.lowerBound, spanEnd: span?.upperBound, total: deck.budget.total)
  }
}
