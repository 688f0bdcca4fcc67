import Checkpoints
import Foundation

/// How a data file is laid out.
enum DataFormat: Sendable {
  /// Tabs between columns, a header, no quoting.
  case tabs
  /// RFC 4180 with a header.
  case commas
  /// JSON objects, one a line or in one array.
  case objects
  /// Told by the content.
  case anyText

  static let byEnding: KeyValuePairs<String, DataFormat> = [
    "tsv": .tabs, "csv": .commas, "jsonl": .objects, "ndjson": .objects, "json": .objects,
    "tab": .tabs, "txt": .anyText, "": .anyText,
  ]

  /// The format of a file; nil when its ending is unknown, or leaves it to a content that does not tell.
  static func of(_ source: SourceText, ending: String) -> DataFormat? {
    guard let format = byEnding.first(where: { $0.key == ending.lowercased() })?.value else { return nil }
    guard case .anyText = format else { return format }
    let line = source.bytes[source.start...].prefix { $0 != UInt8(ascii: "\n") }
    if let first = line.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return .objects }
    return line.contains(UInt8(ascii: "\t")) ? .tabs : nil
  }
}

extension LabelledTexts {
  /// Reads a TSV, CSV, JSON or JSON-lines file whole.
  ///
  /// Columns are found by name, in any case; `text` and `label` also stand for what others call them
  /// (`ColumnNames`). White space around a label is dropped, blank lines are skipped. A byte-order mark and
  /// either line ending are fine.
  package static func read(
    _ url: URL, textColumn: String = "text", labelColumn: String = "label"
  ) throws(DataError) -> LabelledTexts {
    let data: Data
    do throws(FileError) { data = try FileContents.read(url) } catch { throw .file(error) }
    let source = SourceText(file: url.path, bytes: Array(data))
    guard !source.isBlank else { throw .noRows(file: source.file) }
    guard let format = DataFormat.of(source, ending: url.pathExtension) else {
      throw .unknownFormat(file: source.file, known: DataFormat.byEnding.map(\.key).filter { !$0.isEmpty })
    }
    try source.refuseNulBytes()
    let wanted = ColumnNames(text: textColumn, label: labelColumn)
    switch format {
    case .tabs: return try DelimitedRows.read(source, .tabs, wanted)
    case .commas: return try DelimitedRows.read(source, .commas, wanted)
    case .objects, .anyText: return try ObjectRows.read(source, wanted)
    }
  }
}

/// Rows on their way into a `LabelledTexts`, each value checked.
struct RowCollector {
  let file: String
  let columns: LabelledTexts.Columns
  private var rows: [LabelledText] = []

  init(file: String, columns: LabelledTexts.Columns) {
    self.file = file
    self.columns = columns
  }

  mutating func add(text: String, pair: String?, label: String, line: Int) throws(DataError) {
    if isBlank(text) { throw .emptyText(place(line, columns.text)) }
    if let pair, isBlank(pair) { throw .emptyText(place(line, columns.pair ?? "")) }
    let label = trimmed(label)
    if label.isEmpty { throw .missingLabel(place(line, columns.label)) }
    rows.append(LabelledText(text: text, pair: pair, label: label, line: line))
  }

  func place(_ line: Int, _ column: String) -> DataPlace {
    DataPlace(file: file, line: line, column: .name(column))
  }

  func finished() throws(DataError) -> LabelledTexts {
    guard !rows.isEmpty else { throw .noRows(file: file) }
    return LabelledTexts(file: file, columns: columns, rows: rows)
  }

  private func isBlank(_ text: String) -> Bool {
    text.unicodeScalars.allSatisfy(isWhiteSpace)
  }
}

/// Without the white space at both ends.
func trimmed(_ text: String) -> String {
  let scalars = text.unicodeScalars
  guard let first = scalars.first, let last = scalars.last,
    isWhiteSpace(first) || isWhiteSpace(last)
  else { return text }
  return text.trimmingCharacters(in: .whitespacesAndNewlines)
}

/// Unicode's white space; the question is asked for every row, so plain ASCII is answered without its tables.
private func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
  scalar.isASCII ? scalar == " " || ("\t"..."\r").contains(scalar) : scalar.properties.isWhitespace
}
