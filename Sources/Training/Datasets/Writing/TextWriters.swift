extension LabelledTexts {
  package func writer(_ format: DataFormat) -> (any RowWriter<LabelledText>)? {
    switch format {
    case .csv, .tsv: DelimitedWriter(file: file, format: format, kind: kind, hasPair: columns.pair != nil)
    case .jsonl: ObjectWriter(kind: kind)
    case .plain: PlainWriter(body: compared)
    case .conll, .squad: nil
    }
  }
}

/// Rows of a TSV or CSV file.
private struct DelimitedWriter: RowWriter {
  let file: String
  let format: DataFormat
  let kind: LabelKind
  let hasPair: Bool

  private var separator: String { format == .csv ? "," : "\t" }
  var opening: String {
    ["text", hasPair ? "text_pair" : nil, "label"].compactMap { $0 }.joined(separator: separator) + "\n"
  }

  func text(of row: LabelledText) throws(DataError) -> String {
    var cells = [try cell(row.text, "text", row)]
    if hasPair { cells.append(try cell(row.pair ?? "", "text_pair", row)) }
    if kind == .several, row.labels.contains(where: { $0.contains("|") || $0.contains(",") }) {
      throw .notWritable(place("label", row), format: format, found: "a | or a comma in one of several labels")
    }
    cells.append(try cell(row.label, "label", row))
    return cells.joined(separator: separator) + "\n"
  }

  private func place(_ column: String, _ row: LabelledText) -> DataPlace {
    DataPlace(file: file, line: row.line, column: .name(column))
  }

  private func cell(_ text: String, _ column: String, _ row: LabelledText) throws(DataError) -> String {
    if format == .csv {
      let needsQuotes = text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
      return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
    let hasBreak = text.utf8.contains(0x0A)
    if hasBreak || text.utf8.contains(0x09) {
      throw .notWritable(place(column, row), format: format, found: hasBreak ? "a line break" : "a tab")
    }
    return text
  }
}

private struct ObjectWriter: RowWriter {
  let kind: LabelKind

  func text(of row: LabelledText) -> String {
    let pair = row.pair.map { ", \"text_pair\": \(quotedJSON($0))" } ?? ""
    return "{\"text\": \(quotedJSON(row.text))\(pair), \(label(row))}\n"
  }

  private func label(_ row: LabelledText) -> String {
    switch kind {
    case .single: "\"label\": \(quotedJSON(row.label))"
    case .number: "\"label\": \(Double(row.label) ?? 0)"
    case .several: "\"labels\": \(listJSON(row.labels))"
    }
  }
}

/// Texts with an empty line after each, and none inside.
struct PlainWriter<Row>: RowWriter {
  let body: (Row) -> String

  func text(of row: Row) -> String {
    body(row).split(whereSeparator: \.isNewline).filter { !isBlank(String($0)) }.joined(separator: "\n") + "\n\n"
  }
}
