/// A string in a JSON text: the bytes between its quotes.
struct JSONString {
  let range: Range<Int>
  let hasEscapes: Bool
}

/// A value that was stepped over: where it stands.
enum JSONValue {
  case string(JSONString)
  case integer(Range<Int>)
  case fraction(Range<Int>)
  /// From its bracket to its bracket.
  case list(Range<Int>)
  case object(Range<Int>)
  case boolean(Bool)
  case null

  /// What JSON calls it.
  var kind: String {
    switch self {
    case .string: "string"
    case .integer, .fraction: "number"
    case .list: "array"
    case .object: "object"
    case .null: "null"
    case .boolean: "boolean"
    }
  }
}

struct JSONMember {
  let name: JSONString
  let value: JSONValue
}

/// Reads JSON (RFC 8259) strictly from a part of a file; `badJSON` names the first wrong character.
struct JSONScanner {
  static let depthLimit = 64

  private let source: SourceText
  private let bytes: SourceBytes
  private let end: Int
  private(set) var offset: Int

  init(_ source: SourceText, _ range: Range<Int>) {
    self.source = source
    bytes = source.bytes
    offset = range.lowerBound
    end = range.upperBound
  }

  var fault: DataError { .badJSON(source.characterPlace(offset)) }

  /// The next byte that is not white space, not stepped over; nil at the end.
  mutating func next() -> UInt8? {
    while let byte = peek(), byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
    return peek()
  }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard next() == UInt8(ascii: character) else { return false }
    offset += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(DataError) {
    guard take(character) else { throw fault }
  }

  /// Reads an object's members; false, when another value stands there.
  mutating func object(into members: inout [JSONMember]) throws(DataError) -> Bool {
    members.removeAll(keepingCapacity: true)
    guard next() == UInt8(ascii: "{") else {
      _ = try value()
      return false
    }
    offset += 1
    if take("}") { return true }
    repeat {
      members.append(JSONMember(name: try name(), value: try value(depth: 1)))
    } while take(",")
    try expect("}")
    return true
  }

  /// A member's name and the colon after it.
  mutating func name() throws(DataError) -> JSONString {
    let name = try string()
    try expect(":")
    return name
  }

  /// Steps over the next value, whatever it is.
  mutating func value() throws(DataError) -> JSONValue { try value(depth: 0) }

  /// The elements of a list that was stepped over.
  static func elements(of list: Range<Int>, in source: SourceText) throws(DataError) -> [JSONValue] {
    var scanner = JSONScanner(source, list)
    var elements: [JSONValue] = []
    try scanner.expect("[")
    if scanner.take("]") { return [] }
    repeat { elements.append(try scanner.value()) } while scanner.take(",")
    return elements
  }

  private func peek() -> UInt8? { offset < end ? bytes[offset] : nil }

  private mutating func value(depth: Int) throws(DataError) -> JSONValue {
    guard let byte = next(), depth <= Self.depthLimit else { throw fault }
    switch byte {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "["): return try list(depth: depth + 1)
    case UInt8(ascii: "{"): return try nestedObject(depth: depth + 1)
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  private mutating func list(depth: Int) throws(DataError) -> JSONValue {
    let start = offset
    try expect("[")
    if take("]") { return .list(start..<offset) }
    repeat { _ = try value(depth: depth) } while take(",")
    try expect("]")
    return .list(start..<offset)
  }

  private mutating func nestedObject(depth: Int) throws(DataError) -> JSONValue {
    let start = offset
    try expect("{")
    if take("}") { return .object(start..<offset) }
    repeat {
      _ = try name()
      _ = try value(depth: depth)
    } while take(",")
    try expect("}")
    return .object(start..<offset)
  }

  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(DataError) -> JSONValue {
    for byte in word.description.utf8 {
      guard peek() == byte else { throw fault }
      offset += 1
    }
    return value
  }

  private mutating func number() throws(DataError) -> JSONValue {
    let start = offset
    if peek() == UInt8(ascii: "-") { offset += 1 }
    if peek() == UInt8(ascii: "0") { offset += 1 } else { try digits() }
    let whole = offset
    if peek() == UInt8(ascii: ".") {
      offset += 1
      try digits()
    }
    if let byte = peek(), byte | 0x20 == UInt8(ascii: "e") {
      offset += 1
      if let sign = peek(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { offset += 1 }
      try digits()
    }
    return offset == whole ? .integer(start..<offset) : .fraction(start..<offset)
  }

  private mutating func digits() throws(DataError) {
    let start = offset
    while let byte = peek(), (0x30...0x39).contains(byte) { offset += 1 }
    if offset == start { throw fault }
  }

  private mutating func string() throws(DataError) -> JSONString {
    try expect("\"")
    let start = offset
    var hasEscapes = false
    while let place = bytes[offset..<end].firstIndex(where: { $0 == 0x22 || $0 == 0x5c || $0 < 0x20 }) {
      offset = place
      switch bytes[place] {
      case UInt8(ascii: "\""):
        offset += 1
        return JSONString(range: start..<place, hasEscapes: hasEscapes)
      case UInt8(ascii: "\\"):
        hasEscapes = true
        try escape()
      default: throw fault
      }
    }
    offset = end
    throw fault
  }
}

extension JSONScanner {
  /// What stands after a backslash for which character; `u` and four digits for any other.
  private static let escapes: [(letter: UInt8, byte: UInt8)] = [
    (0x22, 0x22), (0x5c, 0x5c), (0x2f, 0x2f), (0x62, 0x08), (0x66, 0x0c), (0x6e, 0x0a), (0x72, 0x0d),
    (0x74, 0x09),
  ]

  /// Steps over an escape and returns its character; a lone half of a surrogate pair is none.
  @discardableResult
  private mutating func escape() throws(DataError) -> Unicode.Scalar {
    let start = offset
    offset += 1
    guard let letter = peek() else { throw fault }
    if let plain = Self.escapes.first(where: { $0.letter == letter }) {
      offset += 1
      return Unicode.Scalar(plain.byte)
    }
    guard letter == UInt8(ascii: "u") else { throw fault }
    var code = try unit()
    if (0xd800..<0xdc00).contains(code), peek() == UInt8(ascii: "\\") {
      offset += 1
      guard peek() == UInt8(ascii: "u") else { throw .badJSON(source.characterPlace(start)) }
      let low = try unit()
      guard (0xdc00..<0xe000).contains(low) else { throw .badJSON(source.characterPlace(start)) }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw .badJSON(source.characterPlace(start)) }
    if code == 0 { throw .nulByte(source.bytePlace(start)) }
    return scalar
  }

  /// The four hexadecimal digits after a `u`.
  private mutating func unit() throws(DataError) -> UInt32 {
    var code: UInt32 = 0
    offset += 1
    for _ in 0..<4 {
      guard let digit = peek().flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else { throw fault }
      code = code << 4 | UInt32(digit)
      offset += 1
    }
    return code
  }

  /// A string's text, its escapes resolved.
  static func text(_ string: JSONString, in source: SourceText) throws(DataError) -> String {
    guard string.hasEscapes else { return try source.text(string.range) }
    var scanner = JSONScanner(source, string.range)
    var text = ""
    while scanner.offset < scanner.end {
      let begin = scanner.offset
      scanner.offset = scanner.bytes[begin..<scanner.end].firstIndex(of: UInt8(ascii: "\\")) ?? scanner.end
      text += try source.text(begin..<scanner.offset)
      if scanner.offset < scanner.end { text.unicodeScalars.append(try scanner.escape()) }
    }
    return text
  }
}
