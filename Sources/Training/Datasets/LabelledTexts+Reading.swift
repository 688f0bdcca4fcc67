import Foundation

/// How a file of labelled texts is laid out.
enum TextFormat: Sendable {
  /// Tabs between columns, a header, no quoting.
  case tabs
  /// RFC 4180 with a header.
  case commas
  /// JSON objects, one a line or in one array.
  case objects
  /// Told by the content.
  case anyText

  static let byEnding: KeyValuePairs<String, TextFormat> = [
    "tsv": .tabs, "csv": .commas, "jsonl": .objects, "ndjson": .objects, "json": .objects,
    "tab": .tabs, "txt": .anyText, "": .anyText,
  ]

  /// The format of a file; nil when its ending is unknown, or leaves it to a content that does not tell.
  static func of(_ source: SourceText, ending: String) -> TextFormat? {
    guard let format = byEnding.first(where: { $0.key == ending.lowercased() })?.value else { return nil }
    guard case .anyText = format else { return format }
    let line = source.bytes[source.start...].prefix { $0 != UInt8(ascii: "\n") }
    if let first = line.first, first == UInt8(ascii: "{") || first == UInt8(ascii: "[") { return .objects }
    return line.contains(UInt8(ascii: "\t")) ? .tabs : nil
  }
}

extension LabelledTexts {
  /// Reads a TSV, CSV, JSON or JSON-lines file once from end to end; its rows are parsed again when they are asked for.
  ///
  /// Columns are found by name, in any case; `text` and `label` also stand for what others call them
  /// (`ColumnNames`). White space around a label is dropped, blank lines are skipped. A byte-order mark and
  /// either line ending are fine.
  package static func read(
    _ url: URL, _ options: ReadingOptions = ReadingOptions()
  ) throws(DataError) -> LabelledTexts {
    let source = try SourceText.open(url)
    guard let format = TextFormat.of(source, ending: url.pathExtension) else {
      throw .unknownFormat(file: source.file, known: TextFormat.byEnding.map(\.key).filter { !$0.isEmpty })
    }
    switch format {
    case .tabs:
      let parser = try DelimitedTexts(source, .tabs, options)
      return try read(parser, parser.columns, options)
    case .commas:
      let parser = try DelimitedTexts(source, .commas, options)
      return try read(parser, parser.columns, options)
    case .objects, .anyText:
      let parser = try ObjectTexts(source, options)
      return try read(parser, parser.columns, options)
    }
  }

  private static func read(
    _ parser: some RowParser<LabelledText>, _ columns: Columns, _ options: ReadingOptions
  ) throws(DataError) -> LabelledTexts {
    let file = parser.source?.file ?? ""
    var counts: [String: Int] = [:]
    let isCounted = options.labels != .number
    let rows = try DataRows(parser, file: file, limit: options.limit) { (row) throws(DataError) in
      if isCounted { for label in row.labels { counts[label, default: 0] += 1 } }
    }
    return LabelledTexts(file: file, columns: columns, kind: options.labels, rows: rows, counts: counts)
  }
}
