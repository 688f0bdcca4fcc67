import Notebook

extension LessonReport {
  /// A Jupyter notebook, nbformat 4.5: its cells hold Hugging Face Python, and beneath it what attune answered.
  package var notebook: String {
    var cells: [Value] = []
    var page = PythonPage()
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
      end = cell.end
      guard !cell.isHidden else { continue }
      flush()
      cells.append(codeCell(cell, byStart[cell.range.lowerBound], cells.count, on: &page))
    }
    text += shown(end..<lesson.lines.count)
    flush()
    let language = Value.object([("name", .string("python"))])
    let kernel = Value.object([
      ("display_name", .string("Python 3")), ("language", .string("python")), ("name", .string("python3")),
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

  /// The cell's lines as remarks, each with the Python that does the same behind it.
  private func python(_ cell: LessonCell, _ ran: CellOutcome?, on page: inout PythonPage) -> [String] {
    guard let spoken = ran?.spoken, !spoken.isEmpty else { return cell.source.map { "# attune: \($0.text)" } }
    var parts: [[String]] = []
    for (line, answer) in spoken {
      var lines = pythonRemark(line)
      switch answer {
      case .code(let code)?: lines += page.add(code)
      case .none(let reason)?: lines += PythonPage.remark(reason)
      case nil: break
      }
      parts.append(lines)
    }
    return Array(parts.joined(separator: [""]))
  }

  private func codeCell(
    _ cell: LessonCell, _ outcome: CellOutcome?, _ number: Int, on page: inout PythonPage
  ) -> Value {
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
    let lines = [(key: "attune", value: Value.array(cell.source.map { .string($0.text) }))]
    return .object([
      ("cell_type", .string("code")), ("execution_count", ran.map { .integer($0.index + 1) } ?? .null),
      ("id", .string("cell-\(number)")), ("metadata", .object(lines + tags)), ("outputs", .array(outputs)),
      ("source", source(python(cell, ran, on: &page))),
    ])
  }
}

extension Lesson {
  /// Whether the text begins with the title of the front matter, so that a page need not add it.
  var opensWithItsTitle: Bool { lines.first { !$0.text.isEmpty }?.text == "# \(header.title)" }
}
