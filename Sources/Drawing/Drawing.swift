/// What a result looks like, as a value: one drawing renders to a terminal, to HTML, to SVG and to plain
/// sentences.
package indirect enum Drawing: Sendable, Equatable {
  case text(Paragraph)
  case table(Table)
  case bars(Bars)
  case heatmap(Heatmap)
  case grid(HeatmapGrid)
  case tokens(TokenStrip)
  case highlights(Highlights)
  case curves(Curves)
  case progress(Progress)
  /// Drawings one below the other, with nothing between them.
  case stack([Drawing])
}

extension Drawing {
  /// One empty line.
  package static let blank = Drawing.text(Paragraph(""))

  /// Lines for a terminal: none wider than the style's width, no trailing spaces, every colour reset at its
  /// line's end.
  ///
  /// For one style, curves keep their count of lines while their points change, and progress always has one
  /// line.
  package func lines(_ style: TerminalStyle) -> [String] {
    if style.accessible {
      return sentences().flatMap { wrapped($0, to: style.usableWidth) }.map(trimmedEnd)
    }
    return terminalLines(style).map { $0.rendered(style) }
  }

  func terminalLines(_ style: TerminalStyle) -> [Line] {
    switch self {
    case .text(let paragraph): paragraph.terminalLines(style)
    case .table(let table): table.terminalLines(style)
    case .bars(let bars): bars.terminalLines(style)
    case .heatmap(let heatmap): heatmap.terminalLines(style)
    case .grid(let grid): grid.terminalLines(style)
    case .tokens(let tokens): tokens.terminalLines(style)
    case .highlights(let highlights): highlights.terminalLines(style)
    case .curves(let curves): curves.terminalLines(style)
    case .progress(let progress): [progress.terminalLine(style)]
    case .stack(let drawings): drawings.flatMap { $0.terminalLines(style) }
    }
  }

  /// Plain sentences that say what the drawing shows, strongest first: for screen readers and for alternative
  /// text.
  package func sentences() -> [String] {
    switch self {
    case .text(let paragraph): paragraph.sentences()
    case .table(let table): table.sentences()
    case .bars(let bars): bars.sentences()
    case .heatmap(let heatmap): heatmap.sentences()
    case .grid(let grid): grid.sentences()
    case .tokens(let tokens): tokens.sentences()
    case .highlights(let highlights): highlights.sentences()
    case .curves(let curves): curves.sentences()
    case .progress(let progress): [progress.sentence]
    case .stack(let drawings): drawings.flatMap { $0.sentences() }
    }
  }

  /// An HTML fragment: escaped, accessible, without scripts. `htmlPage(title:body:)` has the styles it
  /// expects.
  package func html() -> String {
    switch self {
    case .text(let paragraph): paragraph.html()
    case .table(let table): table.html()
    case .bars(let bars): bars.html()
    case .heatmap(let heatmap): heatmap.html()
    case .grid(let grid): grid.html()
    case .tokens(let tokens): tokens.html()
    case .highlights(let highlights): highlights.html()
    case .curves(let curves): curves.html()
    case .progress(let progress): progress.html()
    case .stack(let drawings): drawings.map { $0.html() }.filter { !$0.isEmpty }.joined(separator: "\n")
    }
  }

  /// A picture as a whole SVG file on a white ground; nil for drawings that are words and tables. A stack
  /// shows those of its drawings that are pictures.
  package func svg() -> String? {
    picture?.file
  }

  var picture: Picture? {
    switch self {
    case .bars(let bars): bars.picture
    case .heatmap(let heatmap): heatmap.picture
    case .grid(let grid): grid.picture
    case .highlights(let highlights): highlights.picture
    case .curves(let curves): curves.picture
    case .stack(let drawings): Picture.stacked(drawings.compactMap(\.picture))
    case .text, .table, .tokens, .progress: nil
    }
  }
}

func trimmedEnd(_ text: String) -> String {
  var text = text
  while text.last == " " { text.removeLast() }
  return text
}
