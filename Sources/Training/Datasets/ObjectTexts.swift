/// Labelled texts as JSON objects.
struct ObjectTexts: RowParser {
  let columns: LabelledTexts.Columns
  private var walker: ObjectWalker
  private let check: RowCheck
  private let labels: LabelKind

  var source: SourceText? { walker.source }
  var offset: Int { walker.offset }
  var layout: RowLayout { walker.layout }

  /// Looks at the first object, whose names decide which columns are read.
  init(_ source: SourceText, _ options: ReadingOptions) throws(DataError) {
    walker = ObjectWalker(source)
    var ahead = walker
    guard let first = try ahead.next() else { throw .noRows(file: source.file) }
    let wanted = ColumnNames(text: options.textColumn, label: options.labelColumn)
    columns = try wanted.places(in: try first.names(), file: source.file, line: first.line).columns
    labels = options.labels
    check = RowCheck(file: source.file, columns: columns, labels: labels)
  }

  mutating func next() throws(DataError) -> LabelledText? {
    guard let object = try walker.next() else { return nil }
    guard let text = object[columns.text] else { throw missing(columns.text, in: object) }
    guard let label = object[columns.label] else { throw .missingLabel(object.place(columns.label)) }
    var pair: String?
    if let column = columns.pair {
      guard let member = object[column] else { throw missing(column, in: object) }
      pair = try object.string(member, column)
    }
    return try check.row(
      text: try object.string(text, columns.text), pair: pair, labels: try read(label, in: object),
      line: object.line)
  }

  private func read(_ label: JSONValue, in object: JSONObject) throws(DataError) -> [String] {
    if case .list = label, labels == .several {
      var names: [String] = []
      for element in try object.list(label, columns.label) {
        names.append(trimmed(try object.label(element, columns.label)))
      }
      return names
    }
    let written = try object.label(label, columns.label, fractions: labels == .number)
    return try check.labels(written: written, line: object.line)
  }

  private func missing(_ column: String, in object: JSONObject) -> DataError {
    let have = (try? object.names()) ?? []
    return .missingColumn(
      file: object.source.file, line: object.line, column: column, accepted: [column], have: have)
  }
}
