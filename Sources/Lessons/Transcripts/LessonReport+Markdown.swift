extension LessonReport {
  /// The lesson with what came out in its `expect` fences; includes stand in their place. It is a lesson again.
  package var markdown: String {
    var lines = lesson.lines.map(\.text)
    for outcome in outcomes.sorted(by: { $0.cell.range.lowerBound > $1.cell.range.lowerBound })
    where !outcome.isSkipped && !outcome.cell.isHidden {
      let body = Alignment.trimmed(outcome.output).map(Expectation.literal)
      if let expectation = outcome.cell.expectation {
        let old = Array(lines[expectation.range])
        lines.replaceSubrange(expectation.range, with: Promotion.fenced(body, like: old))
      } else if !body.isEmpty {
        // What a stand-in said must not be taken for what the lesson's own model says.
        let mark = lesson.model.flatMap { lesson.isStandIn($0) ? " {models=\($0)}" : nil } ?? ""
        lines.insert(contentsOf: Promotion.fenced(body, like: ["```expect" + mark, "```"]), at: outcome.cell.end)
      }
    }
    return (lesson.frontMatter + lines).joined(separator: "\n") + "\n"
  }
}
