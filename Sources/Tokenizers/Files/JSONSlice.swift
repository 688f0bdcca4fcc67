import Foundation

/// A value inside a JSON file, located but not built: its bytes, where it stands, and its path for errors.
///
/// Large values (a vocabulary) are read straight from the bytes; small ones through the typed accessors.
package struct JSONSlice: Sendable {
  let bytes: [UInt8]
  let range: Range<Int>
  let file: String
  let path: String

  private init(bytes: [UInt8], range: Range<Int>, file: String, path: String) {
    self.bytes = bytes
    self.range = range
    self.file = file
    self.path = path
  }

  /// The whole file. Throws `malformed` where it is no single JSON value.
  init(_ data: Data, file: String) throws(TokenizerError) {
    try self.init(bytes: [UInt8](data), range: 0..<data.count, file: file)
  }

  /// One value that fills a range of a file, such as a line.
  init(bytes: [UInt8], range: Range<Int>, file: String) throws(TokenizerError) {
    var scanner = JSONScanner(bytes, file: file, range: range)
    _ = scanner.peek()
    let start = scanner.position
    try scanner.skipValue()
    let end = scanner.position
    guard scanner.peek() == nil else { throw scanner.failure }
    self.init(bytes: bytes, range: start..<end, file: file, path: "")
  }

  var scanner: JSONScanner { JSONScanner(bytes, file: file, range: range) }
  var line: Int { scanner.line(at: range.lowerBound) }
  var isNull: Bool { kind == .null }

  var kind: JSONKind {
    switch bytes[range.lowerBound] {
    case 123: .object
    case 91: .array
    case 34: .string
    case 116, 102: .boolean
    case 110: .null
    default: .number
    }
  }

  func wrong(_ expected: JSONKind) -> TokenizerError {
    .wrongField(file: file, line: line, path: path, expected: expected)
  }

  private func child(_ name: String, _ range: Range<Int>) -> JSONSlice {
    JSONSlice(bytes: bytes, range: range, file: file, path: path.isEmpty ? name : path + "." + name)
  }

  /// The object that this is, its members located once. Throws `wrongField` for another kind of value.
  func object() throws(TokenizerError) -> JSONObject {
    JSONObject(slice: self, members: try members())
  }

  /// The members of an object in the file's order.
  func members() throws(TokenizerError) -> [(key: String, value: JSONSlice)] {
    guard kind == .object else { throw wrong(.object) }
    var scanner = self.scanner
    try scanner.expect(123)
    var members: [(key: String, value: JSONSlice)] = []
    if scanner.peek() == 125 { return members }
    repeat {
      var key: [UInt8] = []
      try scanner.readString(into: &key)
      try scanner.expect(58)
      let name = String(decoding: key, as: UTF8.self)
      members.append((name, child(name, try Self.nextValue(&scanner))))
    } while try scanner.goesOn(until: 125)
    return members
  }

  /// The elements of an array.
  func elements() throws(TokenizerError) -> [JSONSlice] {
    guard kind == .array else { throw wrong(.array) }
    var scanner = self.scanner
    try scanner.expect(91)
    var elements: [JSONSlice] = []
    if scanner.peek() == 93 { return elements }
    repeat {
      elements.append(child(String(elements.count), try Self.nextValue(&scanner)))
    } while try scanner.goesOn(until: 93)
    return elements
  }

  private static func nextValue(_ scanner: inout JSONScanner) throws(TokenizerError) -> Range<Int> {
    _ = scanner.peek()
    let start = scanner.position
    try scanner.skipValue()
    return start..<scanner.position
  }

  func string() throws(TokenizerError) -> String {
    guard kind == .string else { throw wrong(.string) }
    var scanner = self.scanner
    var text: [UInt8] = []
    try scanner.readString(into: &text)
    return String(decoding: text, as: UTF8.self)
  }

  func integer() throws(TokenizerError) -> Int {
    var scanner = self.scanner
    guard let number = scanner.readInteger() else { throw wrong(.number) }
    return number
  }

  func number() throws(TokenizerError) -> Double {
    guard kind == .number, let number = Double(String(decoding: bytes[range], as: UTF8.self)) else {
      throw wrong(.number)
    }
    return number
  }

  func boolean() throws(TokenizerError) -> Bool {
    guard kind == .boolean else { throw wrong(.boolean) }
    return bytes[range.lowerBound] == 116
  }
}
