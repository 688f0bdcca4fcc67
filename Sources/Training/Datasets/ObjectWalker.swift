/// Steps from JSON object to JSON object of a file: one a line, or all in one array.
struct ObjectWalker: Sendable {
  let source: SourceText
  private var lines: LineWalker
  /// The array's scanner; nil for objects on lines, and after the array's end.
  private var array: JSONScanner?
  private let isArray: Bool
  /// The line that `counted` is on.
  private var line = 1
  private var counted: Int
  private var isFirst = true

  init(_ source: SourceText) {
    self.source = source
    lines = LineWalker(source)
    counted = source.start
    var scanner = JSONScanner(source, source.start..<source.bytes.count)
    isArray = scanner.take("[")
    array = isArray ? scanner : nil
  }

  var offset: Int { isArray ? array?.offset ?? source.bytes.count : lines.offset }
  var layout: RowLayout { isArray ? .elements : .lines(shared: source.start..<source.start) }

  /// The next object; nil at the end. Throws `badJSON`, and `notAnObject` for any other value.
  mutating func next() throws(DataError) -> JSONObject? {
    isArray ? try nextElement() : try nextLine()
  }

  private mutating func nextLine() throws(DataError) -> JSONObject? {
    while let (range, line) = lines.next() {
      var scanner = JSONScanner(source, range)
      guard scanner.next() != nil else { continue }
      let object = try read(&scanner, line: line)
      if scanner.next() != nil { throw scanner.fault }
      return object
    }
    return nil
  }

  private mutating func nextElement() throws(DataError) -> JSONObject? {
    guard var scanner = array else { return nil }
    defer { array = scanner }
    let isEnd = isFirst ? scanner.next() == UInt8(ascii: "]") : !scanner.take(",")
    isFirst = false
    guard !isEnd else {
      try scanner.expect("]")
      if scanner.next() != nil { throw scanner.fault }
      array = nil
      return nil
    }
    _ = scanner.next()
    line += source.bytes[counted..<scanner.offset].count { $0 == UInt8(ascii: "\n") }
    counted = scanner.offset
    return try read(&scanner, line: line)
  }

  private func read(_ scanner: inout JSONScanner, line: Int) throws(DataError) -> JSONObject {
    _ = scanner.next()
    let begin = scanner.offset
    var members: [JSONMember] = []
    guard try scanner.object(into: &members) else { throw .notAnObject(source.characterPlace(begin)) }
    return JSONObject(source: source, members: members, line: line, begin: begin)
  }
}

/// One object of a data file.
struct JSONObject {
  let source: SourceText
  let members: [JSONMember]
  /// The line on which it begins, from 1.
  let line: Int
  /// The byte at which it begins.
  let begin: Int

  func names() throws(DataError) -> [String] {
    var names: [String] = []
    for member in members { names.append(try JSONScanner.text(member.name, in: source)) }
    return names
  }

  /// The value under a name; the last one, as JSON readers have it, when the name is repeated.
  subscript(name: String) -> JSONValue? {
    members.last { member in
      member.name.hasEscapes
        ? (try? JSONScanner.text(member.name, in: source)) == name
        : source.bytes[member.name.range].elementsEqual(name.utf8)
    }?.value
  }

  /// The first of these names that is here, with its value.
  func first(_ names: [String]) -> (name: String, value: JSONValue)? {
    for name in names { if let value = self[name] { return (name, value) } }
    return nil
  }

  func place(_ column: String) -> DataPlace {
    DataPlace(file: source.file, line: line, column: .name(column))
  }

  /// A text; null counts as an empty one, which `emptyText` names.
  func string(_ value: JSONValue, _ column: String) throws(DataError) -> String {
    switch value {
    case .string(let string): return try JSONScanner.text(string, in: source)
    case .null: throw .emptyText(place(column))
    default: throw .wrongKind(place(column), found: value.kind)
    }
  }

  /// A label as it is written: a text, a number, true or false.
  func label(_ value: JSONValue, _ column: String, fractions: Bool = false) throws(DataError) -> String {
    switch value {
    case .string(let string): return try JSONScanner.text(string, in: source)
    case .integer(let range): return try source.text(range)
    case .fraction(let range) where fractions: return try source.text(range)
    case .boolean(let value): return value ? "true" : "false"
    case .null: throw .missingLabel(place(column))
    default: throw .wrongKind(place(column), found: value.kind)
    }
  }

  /// The elements of a list; `wrongKind` for any other value.
  func list(_ value: JSONValue, _ column: String) throws(DataError) -> [JSONValue] {
    guard case .list(let range) = value else { throw .wrongKind(place(column), found: value.kind) }
    return try JSONScanner.elements(of: range, in: source)
  }
}
