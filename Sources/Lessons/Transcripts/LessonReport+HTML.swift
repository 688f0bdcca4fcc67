import Drawing
import Notebook

extension LessonReport {
  /// One page without scripts: prose, cells, and their drawings as pictures.
  package var html: String {
    let facts = [
      lesson.header.level, lesson.header.minutes.map { "\($0) minutes" },
      parameters.isEmpty
        ? nil : parameters.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: ", "),
    ]
    let heading = lesson.opensWithItsTitle ? "" : "<h1>\(escaped(lesson.header.title))</h1>\n"
    let top = heading + "<p class=\"faint\">\(escaped(facts.compactMap { $0 }.joined(separator: " · ")))</p>"
    let outcomes = outcomesByPlace
    let body = lesson.items.map { html($0, outcomes) }.filter { !$0.isEmpty }
    return Drawing.htmlPage(title: lesson.header.title, body: ([top] + body).joined(separator: "\n"))
  }

  private func html(_ item: Lesson.Item, _ outcomes: [String: CellOutcome]) -> String {
    switch item {
    case .heading(_, _, let line): html([line])
    case .prose(let lines): html(lines)
    case .cell(let cell): html(cell, outcomes)
    case .pause, .note, .time: ""
    case .quiz(let quiz):
      html(quiz.prose)
        + (quiz.choices.isEmpty
          ? "\n" : "\n<ol type=\"a\">" + quiz.choices.map { "<li>\(escaped($0.text))</li>" }.joined() + "</ol>\n")
        + html(quiz.help, outcomes)
        + (quiz.key.isEmpty ? "" : "\n<details><summary>Answer</summary><p>\(escaped(quiz.key))</p></details>")
    case .exercise(let exercise): html(exercise.prose) + "\n" + html(exercise.help, outcomes)
    }
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
    let source = "<pre><code>\(cell.source.map { escaped($0.text) }.joined(separator: "\n"))</code></pre>"
    guard let outcome = outcomes[cell.place.description], !outcome.isSkipped else { return source }
    var parts = [source]
    if outcome.drawings.isEmpty {
      if !outcome.output.isEmpty {
        parts.append("<pre>\(outcome.output.map(escaped).joined(separator: "\n"))</pre>")
      }
    } else {
      parts += outcome.drawings.map { $0.html() }
      if let message = outcome.message { parts.append("<pre class=\"bad\">\(escaped(message))</pre>") }
    }
    parts += outcome.failures.map { "<pre class=\"bad\">\($0.lines.map(escaped).joined(separator: "\n"))</pre>" }
    return parts.joined(separator: "\n")
  }
}
