/// Reads JSON objects as rows: one a line, or all in one array.
struct ObjectRows {
  private let source: SourceText
  private let wanted: ColumnNames
  private var rows: RowCollector?
  private var members: [JSONMember] = []

  static func read(_ source: SourceText, _ wanted: ColumnNames) throws(DataError) -> LabelledTexts {
    var reader = ObjectRows(source: source, wanted: wanted)
    var scanner = JSONScanner(source, source.start..<source.bytes.count)
    if scanner.next() == UInt8(ascii: "[") {
      try reader.readArray(&scanner)
    } else {
      try reader.readLines()
    }
    guard let rows = reader.rows else { throw .noRows(file: source.file) }
    return try rows.finished()
  }

  private init(source: SourceText, wanted: ColumnNames) {
    self.source = source
    self.wanted = wanted
  }

  private mutating func readLines() throws(DataError) {
    let bytes = source.bytes
    var begin = source.start
    var line = 1
    while begin < bytes.count {
      let end = bytes[begin...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      var scanner = JSONScanner(source, begin..<end)
      if scanner.next() != nil {
        try readObject(&scanner, line: line)
        if scanner.next() != nil { throw scanner.fault }
      }
      begin = end + 1
      line += 1
    }
  }

  private mutating func readArray(_ scanner: inout JSONScanner) throws(DataError) {
    var line = 1
    var counted = source.start
    try scanner.expect("[")
    if scanner.next() == UInt8(ascii: "]") { return }
    repeat {
      _ = scanner.next()
      line += source.bytes[counted..<scanner.offset].count { $0 == UInt8(ascii: "\n") }
      counted = scanner.offset
      try readObject(&scanner, line: line)
    } while scanner.take(",")
    try scanner.expect("]")
    if scanner.next() != nil { throw scanner.fault }
  }

  private mutating func readObject(_ scanner: inout JSONScanner, line: Int) throws(DataError) {
    _ = scanner.next()
    let begin = scanner.offset
    guard try scanner.object(into: &members) else { throw .notAnObject(source.characterPlace(begin)) }
    var rows = try takeRows(line)
    let columns = rows.columns
    guard let text = member(columns.text) else { throw missing(columns.text, wanted.text, line) }
    guard let label = member(columns.label) else { throw .missingLabel(rows.place(line, columns.label)) }
    var pair: String?
    if let column = columns.pair {
      guard let member = member(column) else { throw missing(column, "pair", line) }
      pair = try string(member, rows.place(line, column))
    }
    try rows.add(
      text: try string(text, rows.place(line, columns.text)), pair: pair,
      label: try self.label(label, rows.place(line, columns.label)), line: line)
    self.rows = rows
  }

  /// The rows so far, moved out of here; the first object's names decide which columns are read.
  private mutating func takeRows(_ line: Int) throws(DataError) -> RowCollector {
    if let rows {
      self.rows = nil
      return rows
    }
    let places = try wanted.places(in: try names(), file: source.file, line: line)
    return RowCollector(file: source.file, columns: places.columns)
  }

  private func names() throws(DataError) -> [String] {
    var names: [String] = []
    for member in members { names.append(try JSONScanner.text(member.name, in: source)) }
    return names
  }

  /// The value under a name; the last one, as JSON readers have it, when the name is repeated.
  private func member(_ name: String) -> JSONValue? {
    members.last { member in
      member.name.hasEscapes
        ? (try? JSONScanner.text(member.name, in: source)) == name
        : source.bytes[member.name.range].elementsEqual(name.utf8)
    }?.value
  }

  private func missing(_ column: String, _ name: String, _ line: Int) -> DataError {
    let have = (try? names()) ?? []
    return .missingColumn(
      file: source.file, line: line, column: column, accepted: [column], have: have)
  }

  private func string(_ value: JSONValue, _ place: DataPlace) throws(DataError) -> String {
    switch value {
    case .string(let string): return try JSONScanner.text(string, in: source)
    case .null: throw .emptyText(place)
    default: throw .wrongKind(place, found: value.kind)
    }
  }

  private func label(_ value: JSONValue, _ place: DataPlace) throws(DataError) -> String {
    switch value {
    case .string(let string): return try JSONScanner.text(string, in: source)
    case .integer(let range): return try source.text(range)
    case .boolean(let value): return value ? "true" : "false"
    case .null: throw .missingLabel(place)
    default: throw .wrongKind(place, found: value.kind)
    }
  }
}
