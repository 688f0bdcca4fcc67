/// One line of the screen: runs of text, each in its ink.
struct Line: Sendable, Equatable {
  struct Run: Sendable, Equatable {
    var text: String
    var ink: Ink

    init(_ text: String, _ ink: Ink = .plain) {
      self.text = text
      self.ink = ink
    }
  }

  private(set) var runs: [Run] = []
  private(set) var width = 0

  init() {}

  init(_ text: String, _ ink: Ink = .plain) {
    add(text, ink)
  }

  init(_ runs: [Run]) {
    for run in runs { add(run.text, run.ink) }
  }

  mutating func add(_ text: String, _ ink: Ink = .plain) {
    guard !text.isEmpty else { return }
    if let last = runs.indices.last, runs[last].ink == ink {
      runs[last].text += text
    } else {
      runs.append(Run(text, ink))
    }
    width += displayWidth(text)
  }

  mutating func add(_ line: Line) {
    for run in line.runs { add(run.text, run.ink) }
  }

  /// Adds spaces up to a column.
  mutating func fill(to column: Int) {
    add(spaces(column - width))
  }

  /// The line as characters and SGR sequences. Made safe here once more, whatever the drawing let through.
  func rendered(_ style: TerminalStyle) -> String {
    var room = style.usableWidth
    var kept: [Run] = []
    for run in runs where room > 0 {
      let text = prefix(of: sanitized(run.text), width: room)
      room -= displayWidth(text)
      kept.append(Run(text, run.ink))
    }
    while let last = kept.last, style.color == .none || last.ink.background == nil {
      let text = trimmedEnd(last.text)
      kept.removeLast()
      if !text.isEmpty {
        kept.append(Run(text, last.ink))
        break
      }
    }
    return kept.map { run in
      let sequence = run.ink.sequence(style.color)
      return sequence.isEmpty ? run.text : sequence + run.text + "\u{1B}[0m"
    }.joined()
  }
}
