import Drawing
import Training

extension VerifyCommand.Answer {
  package var drawing: Drawing? {
    var parts = folders.flatMap(drawings)
    if let tokenizer { parts += drawings(tokenizer) }
    return .stack(parts)
  }

  private func drawings(_ folder: VerifyCommand.Folder) -> [Drawing] {
    let shown = failuresOnly ? folder.rows.filter { !$0.passed } : folder.rows
    let failed = folder.rows.count { !$0.passed }
    let table = Drawing.table(
      .init(
        title: folder.folder,
        columns: ["what", .number("shape"), .number("max error"), .number("allowed"), ""],
        rows: shown.map { row in
          [
            .init(row.what), .init(row.shape.map(String.init).joined(separator: " x ")),
            .init(number(Double(row.maxError))), .init(number(Double(row.tolerance))),
            row.passed ? .init("pass", .good) : .init("FAIL", .bad),
          ]
        }))
    let verdict =
      failed == 0 ? "all \(folder.rows.count) agree with the reference" : "\(failed) of \(folder.rows.count) differ"
    return (shown.isEmpty ? [] : [table]) + [
      .words(.init(folder.folder), .init(": "), .init(verdict, failed == 0 ? .good : .bad))
    ]
  }

  private func drawings(_ result: VerifyCommand.TokenizerResult) -> [Drawing] {
    var parts: [Drawing] = [
      .words(
        .init("\(result.tokenizer): \(result.cases) cases, "),
        .init("\(result.mismatches) mismatches", result.passed ? .good : .bad))
    ]
    if let first = result.first {
      parts.append(
        .table(
          .init(
            title: "First difference, line \(first.line), field \(first.field)", columns: ["", ""],
            rows: [
              [.init("text", .faint), .init(first.text)], [.init("expected", .faint), .init(first.expected)],
              [.init("found", .faint), .init(first.found)],
            ])))
    }
    return parts
  }
}
