extension Drawing.Highlights {
  func html() -> String {
    let body = pieces.map { piece -> String in
      guard let mark = piece.mark else { return escaped(piece.text) }
      let label = mark.label.isEmpty ? "" : " <b>\(escaped(mark.label))</b>"
      let title = mark.note.isEmpty ? "" : " title=\"\(escaped(mark.note))\""
      return "<mark style=\"\(look(color(of: mark)))\"\(title)>\(escaped(piece.text))\(label)</mark>"
    }
    let entries = labels.enumerated().map { index, entry in
      "<mark style=\"\(look(index))\"><b>\(escaped(entry.label))</b></mark>\(escaped(legend(entry)))"
    }
    let caption = title.isEmpty ? "" : "<figcaption>\(escaped(title))</figcaption>"
    let key = entries.isEmpty ? "" : "\n<p class=\"faint\">\(entries.joined(separator: ", "))</p>"
    return """
      <figure class="marked">\(caption)
      <p class="words">\(body.joined())</p>\(key)
      </figure>
      """
  }

  private func look(_ color: Int) -> String {
    let background = Palette.pastel[color % Palette.pastel.count]
    return "background:\(background.hex);color:\(Palette.onPastel.hex)"
  }

  /// The terminal's lines in a font of one width, so that backgrounds lie under their words.
  var picture: Picture {
    let (cell, height, columns) = (7.83, 22.0, 84)
    let lines =
      (title.isEmpty ? [] : [Line(title, .strong)]) + flowed(textRuns(.truecolor), to: columns)
      + (labels.isEmpty ? [] : flowed(legendRuns(.truecolor), to: columns))
    var body = "<g font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,monospace\" xml:space=\"preserve\">"
    for (row, line) in lines.enumerated() {
      var x = 6.0
      let top = Double(row) * height + 4
      for run in line.runs {
        let length = Double(displayWidth(run.text)) * cell
        var fill = "currentColor"
        if case .exact(let color)? = run.ink.background {
          body += Picture.rectangle(x, top, length, 18, fill: color.hex)
          fill = Palette.onPastel.hex
        }
        body += Picture.text(
          run.text, x, top + 13.5, fill: fill, weight: run.ink.isStrong ? "600" : "",
          opacity: run.ink.isFaint ? 0.7 : 1)
        x += length
      }
    }
    let width = Double(lines.map(\.width).max() ?? 0) * cell + 12
    return Picture(
      width: width, height: Double(lines.count) * height + 8, alternative: sentences().joined(separator: ". "),
      body: body + "</g>")
  }
}
