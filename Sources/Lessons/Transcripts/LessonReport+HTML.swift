import Drawing
import Notebook

extension LessonReport {
  /// One page that needs no scripts: contents, prose, cells, and their drawings as pictures.
  package var html: String {
    let facts = [
      lesson.header.level, lesson.header.minutes.map { "\($0) minutes" },
      parameters.isEmpty
        ? nil : parameters.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", "),
    ]
    var parts = lesson.opensWithItsTitle ? [] : ["<h1>\(escaped(lesson.header.title))</h1>"]
    let outcomes = outcomesByPlace
    var sections = 0
    for item in lesson.items {
      if case .heading(let level, _, let line) = item {
        if level == 2 { sections += 1 }
        parts.append(level == 2 ? heading(line, "section-\(sections)") : html([line]))
      } else {
        parts.append(html(item, outcomes))
      }
    }
    let top = "<p class=\"faint\">\(escaped(facts.compactMap { $0 }.joined(separator: " · ")))</p>"
    let body = parts.filter { !$0.isEmpty }
    let start = body.firstIndex { $0.hasPrefix("<h1") }.map { $0 + 1 } ?? 0
    return Drawing.htmlPage(
      title: lesson.header.title,
      body: (body[..<start] + [top, contents] + body[start...]).filter { !$0.isEmpty }.joined(separator: "\n"))
  }

  /// Links to the sections; none where there are too few to get lost among.
  private var contents: String {
    let titles = lesson.items.compactMap { item -> String? in
      guard case .heading(2, let text, _) = item else { return nil }
      return Markdown.html(inline: text)
    }
    guard titles.count > 2 else { return "" }
    let links = titles.enumerated().map { "<li><a href=\"#section-\($0 + 1)\">\($1)</a></li>" }
    return "<nav aria-label=\"Sections\"><ol>\(links.joined())</ol></nav>"
  }

  private func heading(_ line: Lesson.SourceLine, _ id: String) -> String {
    "<h2 id=\"\(id)\">\(Markdown.html(inline: LessonParser.heading(line.text)?.text ?? ""))</h2>"
  }

  private func html(_ item: Lesson.Item, _ outcomes: [String: CellOutcome]) -> String {
    switch item {
    case .heading(_, _, let line): html([line])
    case .prose(let lines): html(lines)
    case .cell(let cell): html(cell, outcomes)
    case .pause, .note, .time: ""
    case .quiz(let quiz): "<section class=\"task\" aria-label=\"Quiz\">\(html(quiz, outcomes))</section>"
    case .exercise(let exercise):
      "<section class=\"task\" aria-label=\"Exercise\">\(html(exercise.prose))\n\(html(exercise.help, outcomes))</section>"
    }
  }

  private func html(_ quiz: Quiz, _ outcomes: [String: CellOutcome]) -> String {
    let choices = quiz.choices.map { "<li>\(Markdown.html(inline: $0.text))</li>" }.joined()
    return html(quiz.prose) + "\n" + (choices.isEmpty ? "" : "<ol type=\"a\">\(choices)</ol>\n")
      + html(quiz.help, outcomes)
      + (quiz.key.isEmpty ? "" : "\n<details><summary>Answer</summary><p>\(escaped(quiz.key))</p></details>")
  }

  private func html(_ lines: [Lesson.SourceLine]) -> String { Markdown(lines.map(\.text)).html }

  private func html(_ help: Help, _ outcomes: [String: CellOutcome]) -> String {
    var parts = help.hints.enumerated().map { number, hint in
      "<details><summary>Hint \(number + 1)</summary>\(html(hint))</details>"
    }
    if let solution = help.solution {
      let inner = solution.map { part in
        switch part {
        case .prose(let lines): html(lines)
        case .cell(let cell): html(cell, outcomes)
        }
      }
      parts.append("<details><summary>Solution</summary>\(inner.joined(separator: "\n"))</details>")
    }
    return parts.joined(separator: "\n")
  }

  private func html(_ cell: LessonCell, _ outcomes: [String: CellOutcome]) -> String {
    guard !cell.isHidden else { return "" }
    var parts = [Markdown.code(cell.source.map(\.text))]
    let outcome = outcomes[cell.place.description]
    if let outcome, !outcome.isSkipped { parts += html(outcome) }
    let name = outcome.map { "Cell \($0.index + 1)" } ?? "Cell"
    return "<section class=\"cell\" aria-label=\"\(name)\">\(parts.joined(separator: "\n"))</section>"
  }

  private func html(_ outcome: CellOutcome) -> [String] {
    var parts: [String] = []
    if outcome.drawings.isEmpty {
      if !outcome.output.isEmpty {
        parts.append("<pre>\(outcome.output.map(escaped).joined(separator: "\n"))</pre>")
      }
    } else {
      parts += outcome.drawings.map { $0.html() }
      if let message = outcome.message { parts.append("<pre class=\"bad\">\(escaped(message))</pre>") }
    }
    return parts
      + outcome.failures.map { "<pre class=\"bad\">\($0.lines.map(escaped).joined(separator: "\n"))</pre>" }
  }
}
