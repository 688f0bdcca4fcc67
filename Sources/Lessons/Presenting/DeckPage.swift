import Drawing
import Notebook

/// What one place of a deck looks like: the lines of its slide so far, cut where the window ends.
package struct DeckPage: Sendable {
  /// What can be said about a cell's output.
  package enum Output: Sendable {
    case shown(CellShow)
    /// Seconds so far, and what it has drawn.
    case running(Double, Drawing?, followsEnd: Bool)
    case waiting
  }

  /// All lines of the page, which may be more than the window has.
  package let lines: [String]
  /// The first line to show, once clamped.
  package let scroll: Int
  /// Lines below the last one that is shown.
  package var below: Int { max(0, lines.count - scroll - height) }
  package var visible: [String] { Array(lines.dropFirst(scroll).prefix(height)) }
  private let height: Int

  /// - Parameters:
  ///   - height: lines that the window has for it
  ///   - scroll: lines from the page's top; `Int.max` for its end
  ///   - hints: how many are shown of the question at this place
  ///   - source: the lines of a cell as they were edited; nil as they stand in the lesson
  package init(
    _ deck: Deck, at place: Deck.Place, height: Int, scroll: Int, hints: Int, _ style: TerminalStyle,
    source: @escaping (Int) -> String?, output: @escaping (Int) -> Output
  ) {
    self.height = height
    let steps = deck.slide(at: place)?.steps.prefix(place.step + 1) ?? []
    let maker = PartMaker(deck: deck, style: style, source: source, output: output)
    // A step that does not fit below the earlier ones begins a new page; an output takes its cell's lines along.
    var page: [String] = []
    for (index, step) in steps.enumerated() {
      var own = maker.lines(of: step)
      if index == place.step { own += maker.hints(step, hints) }
      guard !own.isEmpty else { continue }
      let joined = page.isEmpty ? own : page + [""] + own
      if page.isEmpty || joined.count <= height {
        page = joined
      } else {
        let source = maker.lines(before: step)
        let isTight = maker.isRunning(step) && source.count + own.count > height
        page = isTight ? own : source + own
      }
    }
    lines = page
    let most = max(0, page.count - height)
    let isFollowed = steps.last.map { maker.isFollowed($0) } ?? false
    self.scroll = isFollowed ? most : min(max(0, scroll), most)
  }
}

extension DeckPage {
  /// One part by itself, for a deck that is plain text.
  package static func lines(
    of part: Deck.Part, in deck: Deck, _ style: TerminalStyle, output: @escaping (Int) -> Output
  ) -> [String] {
    PartMaker(deck: deck, style: style, source: { _ in nil }, output: output).lines(of: part)
  }
}

/// Draws the parts of a step.
private struct PartMaker {
  let deck: Deck
  let style: TerminalStyle
  let source: (Int) -> String?
  let output: (Int) -> DeckPage.Output

  func lines(of step: Deck.Step) -> [String] {
    var all: [String] = []
    for part in step.parts {
      let own = lines(of: part)
      if own.isEmpty { continue }
      all += (all.isEmpty ? [] : [""]) + own
    }
    return all
  }

  /// The lines of the cell whose output a new page begins with.
  func lines(before step: Deck.Step) -> [String] {
    guard case .output(let cell)? = step.parts.first else { return [] }
    return lines(of: .source(cell)) + [""]
  }

  func hints(_ step: Deck.Step, _ count: Int) -> [String] {
    guard count > 0, let help = step.help else { return [] }
    return help.hints.prefix(count).enumerated().flatMap { number, hint in
      [""] + drawn(.text(.init("Hint \(number + 1)", .accent))) + drawn(Prose(hint).drawing(style))
    }
  }

  /// What is being drawn matters more than the lines that it comes from.
  func isRunning(_ step: Deck.Step) -> Bool {
    step.parts.contains { part in
      if case .output(let cell) = part, case .running = output(cell) { true } else { false }
    }
  }

  func isFollowed(_ step: Deck.Step) -> Bool {
    step.parts.contains { part in
      if case .output(let cell) = part, case .running(_, _, true) = output(cell) { true } else { false }
    }
  }

  private func drawn(_ drawing: Drawing) -> [String] { drawing.lines(style) }

  func lines(of part: Deck.Part) -> [String] {
    switch part {
    case .prose(let lines): drawn(Prose(lines).drawing(style))
    case .source(let cell): lines(ofSource: cell)
    case .output(let cell): lines(of: output(cell))
    case .question(let quiz): drawn(quiz.drawing(style))
    case .answer(let quiz): drawn(quiz.answerDrawing(style))
    case .task(let exercise): drawn(Prose(exercise.prose).drawing(style))
    }
  }

  private func lines(ofSource cell: Int) -> [String] {
    guard deck.cells.indices.contains(cell) else { return [] }
    let text = source(cell) ?? deck.cells[cell].text
    var isContinued = false
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
      defer { isContinued = line.hasSuffix("\\") }
      return wrapped(String(line), to: max(8, style.width - 2)).enumerated().map { index, part in
        [Drawing.Span(index == 0 && !isContinued ? "> " : "  ", .accent), .init(part, .code)]
      }
    }
    return drawn(.text(.init(lines: lines)))
  }

  private func lines(of output: DeckPage.Output) -> [String] {
    switch output {
    case .shown(let show):
      return show.pieces.flatMap { piece in
        switch piece {
        case .drawing(let drawing): drawn(drawing)
        case .lines(let lines): lines.flatMap { fitted($0) }
        }
      }
    case .running(let seconds, let drawing, _):
      return drawing.map(drawn) ?? drawn(.text(.init("running, \(clock(seconds))", .faint)))
    case .waiting: return drawn(.text(.init("waiting for its turn", .faint)))
    }
  }

  /// A line that was written for another width goes on below.
  private func fitted(_ line: String) -> [String] {
    let plain = withoutColors(line)
    return displayWidth(plain) <= style.width ? [line] : wrapped(plain, to: style.width)
  }
}

extension Deck.Step {
  /// Hints of the question that it asks.
  package var help: Help? {
    for part in parts {
      switch part {
      case .question(let quiz): return quiz.help
      case .task(let exercise): return exercise.help
      default: continue
      }
    }
    return nil
  }
}

extension Deck.Step {
  /// What the speaker should know about the question that it asks: the answer, and what to say to a wrong one.
  package var advice: [String] {
    parts.flatMap { part -> [String] in
      if case .question(let quiz) = part { quiz.advice } else { [] }
    }
  }
}

extension Deck {
  /// A heading without its marks.
  package static func plain(_ title: String) -> String { Markdown.runs(title).map(\.text).joined() }
}
