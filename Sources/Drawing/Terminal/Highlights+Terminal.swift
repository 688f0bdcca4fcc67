extension Drawing.Highlights {
  func terminalLines(_ style: TerminalStyle) -> [Line] {
    let width = style.usableWidth
    var lines = title.isEmpty ? [] : [Line(style.fitted(title, to: width), .strong)]
    lines += flowed(textRuns(style.color), to: width)
    if !labels.isEmpty { lines += flowed(legendRuns(style.color), to: width) }
    return lines
  }

  /// The text with `[…]` around its marks: they must be seen without colour, too.
  func textRuns(_ depth: ColorDepth) -> [Line.Run] {
    pieces.flatMap { piece -> [Line.Run] in
      guard let mark = piece.mark else { return [Line.Run(piece.text)] }
      let ink = ink(color(of: mark), depth)
      guard !mark.label.isEmpty else { return [Line.Run("[\(piece.text)]", ink)] }
      return [Line.Run("[\(piece.text) ", ink), Line.Run(sanitized(mark.label) + "]", strong(ink))]
    }
  }

  func legendRuns(_ depth: ColorDepth) -> [Line.Run] {
    labels.enumerated().flatMap { index, entry -> [Line.Run] in
      [
        Line.Run(index == 0 ? "" : ", ", .faint), Line.Run(sanitized(entry.label), strong(ink(index, depth))),
        Line.Run(legend(entry), .faint),
      ]
    }
  }

  private func ink(_ color: Int, _ depth: ColorDepth) -> Ink {
    depth == .none ? .plain : Palette.pastelInk(color, depth)
  }

  private func strong(_ ink: Ink) -> Ink {
    var ink = ink
    ink.isStrong = ink.background != nil
    return ink
  }
}

/// Runs broken at blanks into lines no wider than a width; a longer word is broken between grapheme clusters. Blanks
/// side by side are one.
func flowed(_ runs: [Line.Run], to width: Int) -> [Line] {
  let width = max(width, 2)
  var lines = [Line()]
  var word: [Line.Run] = []
  var blank: Ink?
  func place() {
    guard !word.isEmpty else { return }
    let length = word.reduce(0) { $0 + displayWidth($1.text) }
    let isFirst = lines[lines.count - 1].width == 0
    if !isFirst, lines[lines.count - 1].width + (blank == nil ? 0 : 1) + length > width {
      lines.append(Line())
    } else if !isFirst, let blank {
      lines[lines.count - 1].add(" ", blank)
    }
    for run in word {
      for cluster in run.text {
        if lines[lines.count - 1].width + displayWidth(cluster) > width { lines.append(Line()) }
        lines[lines.count - 1].add(String(cluster), run.ink)
      }
    }
    (word, blank) = ([], nil)
  }
  for run in runs {
    var rest = run.text[...]
    while !rest.isEmpty {
      let part = rest.prefix { $0 != " " }
      if !part.isEmpty { word.append(Line.Run(String(part), run.ink)) }
      rest = rest.dropFirst(part.count)
      if rest.first == " " {
        place()
        blank = run.ink
        rest = rest.drop { $0 == " " }
      }
    }
  }
  place()
  return lines
}
