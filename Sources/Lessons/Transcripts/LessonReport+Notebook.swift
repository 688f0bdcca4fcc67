import Notebook

extension LessonReport {
  /// A Jupyter notebook, nbformat 4.5.
  package var notebook: String {
    var cells: [Value] = []
    var text = lesson.opensWithItsTitle ? [] : ["# \(lesson.header.title)"]
    var end = 0
    let byStart = Dictionary(outcomes.map { ($0.cell.range.lowerBound, $0) }, uniquingKeysWith: { first, _ in first })
    func flush() {
      let kept = Alignment.trimmed(Array(text.drop { $0.allSatisfy(\.isWhitespace) }))
      if !kept.isEmpty { cells.append(markdownCell(kept, cells.count)) }
      text = []
    }
    for cell in lesson.cells.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      text += shown(end..<cell.range.lowerBound)
      end = max(cell.range.upperBound, cell.expectation?.range.upperBound ?? 0)
      guard !cell.isHidden else { continue }
      flush()
      cells.append(codeCell(cell, byStart[cell.range.lowerBound], cells.count))
    }
    text += shown(end..<lesson.lines.count)
    flush()
    let language = Value.object([("name", .string("attune"))])
    let kernel = Value.object([
      ("display_name", .string("attune")), ("language", .string("attune")), ("name", .string("attune")),
    ])
    let whole = Value.object([
      ("cells", .array(cells)), ("metadata", .object([("kernelspec", kernel), ("language_info", language)])),
      ("nbformat", .integer(4)), ("nbformat_minor", .integer(5)),
    ])
    return whole.json + "\n"
  }

  /// Lines of the lesson; a range that ends before it starts has none.
  private func shown(_ range: Range<Int>) -> [String] { lesson.lines[range].map(\.text) }

  /// Lines as nbformat has them: every one but the last ends in a line break.
  private func source(_ lines: [String]) -> Value {
    .array(lines.enumerated().map { .string($0 + 1 < lines.count ? $1 + "\n" : $1) })
  }

  private func markdownCell(_ lines: [String], _ number: Int) -> Value {
    .object([
      ("cell_type", .string("markdown")), ("id", .string("text-\(number)")), ("metadata", .object([])),
      ("source", source(lines)),
    ])
  }

  private func codeCell(_ cell: LessonCell, _ outcome: CellOutcome?, _ number: Int) -> Value {
    let ran = outcome.flatMap { $0.isSkipped ? nil : $0 }
    var outputs: [Value] = []
    if let ran, ran.status == .passed, !ran.output.isEmpty {
      outputs.append(
        .object([
          ("name", .string("stdout")), ("output_type", .string("stream")),
          (
            "text",
            source(
              ran.output.map { $0 + "\n" }.joined().split(separator: "\n", omittingEmptySubsequences: false)
                .map(String.init))
          ),
        ]))
    } else if let ran, ran.status != .passed {
      outputs.append(
        .object([
          ("ename", .string("status \(ran.status.rawValue)")), ("evalue", .string(ran.message ?? "")),
          ("output_type", .string("error")), ("traceback", .array(ran.output.map(Value.string))),
        ]))
    }
    let tags = cell.tags.isEmpty ? [] : [(key: "tags", value: Value.array(cell.tags.map(Value.string)))]
    return .object([
      ("cell_type", .string("code")), ("execution_count", ran.map { .integer($0.index + 1) } ?? .null),
      ("id", .string("cell-\(number)")), ("metadata", .object(tags)), ("outputs", .array(outputs)),
      ("source", source(cell.source.map(\.text))),
    ])
  }
}

extension Lesson {
  /// Whether the text begins with the title of the front matter, so that a page need not add it.
  var opensWithItsTitle: Bool { lines.first { !$0.text.isEmpty }?.text == "# \(header.title)" }
}
