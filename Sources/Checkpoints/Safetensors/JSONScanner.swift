/// Reads JSON strictly from bytes, member by member, so that duplicate names are seen and nothing recurses.
struct JSONScanner {
  static let depthLimit = 64

  private let bytes: [UInt8]
  private(set) var offset = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The next member's name of an object whose `{` is read; nil after its `}`. `first` is true until one is
  /// read.
  mutating func name(first: inout Bool) throws(SafetensorsProblem) -> String? {
    if next() == UInt8(ascii: "}") {
      offset += 1
      return nil
    }
    if !first { try expect(",") }
    first = false
    let name = try string()
    try expect(":")
    return name
  }

  mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsProblem) {
    guard let found = next() else { throw fault(.end) }
    guard found == UInt8(ascii: character) else { throw fault(.expected(String(character))) }
    offset += 1
  }

  /// Only white space may follow.
  mutating func end() throws(SafetensorsProblem) {
    if next() != nil { throw fault(.expected("")) }
  }

  /// A string, or nil after skipping a value of another kind.
  mutating func optionalString() throws(SafetensorsProblem) -> String? {
    if next() == UInt8(ascii: "\"") { return try string() }
    try skipValue()
    return nil
  }

  /// A list of integers from 0 to `Int.max`, or nil after skipping anything else.
  mutating func naturals() throws(SafetensorsProblem) -> [Int]? {
    guard next() == UInt8(ascii: "[") else {
      try skipValue()
      return nil
    }
    offset += 1
    var values: [Int] = []
    var allNatural = true
    while next() != UInt8(ascii: "]") {
      if !values.isEmpty || !allNatural { try expect(",") }
      let start = (next(), offset).1
      try skipValue()
      let digits = bytes[start..<offset]
      if digits.allSatisfy({ 48...57 ~= $0 }), let value = Int(String(decoding: digits, as: UTF8.self)) {
        values.append(value)
      } else {
        allNatural = false
      }
    }
    offset += 1
    return allNatural ? values : nil
  }

  mutating func string() throws(SafetensorsProblem) -> String {
    try expect("\"")
    var text: [UInt8] = []
    let start = offset
    while true {
      guard offset < bytes.count else { throw fault(.end) }
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let valid = String(validating: text, as: UTF8.self) else {
          offset = start
          throw fault(.badUTF8)
        }
        return valid
      case UInt8(ascii: "\\"): text.append(contentsOf: String(try escape()).utf8)
      case 0..<0x20:
        offset -= 1
        throw fault(.controlCharacter)
      default: text.append(byte)
      }
    }
  }

  mutating func skipValue() throws(SafetensorsProblem) {
    var closers: [UInt8] = []
    repeat {
      guard let byte = next() else { throw fault(.end) }
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let closer = byte + 2
        offset += 1
        if next() == closer {
          offset += 1
        } else {
          guard closers.count < Self.depthLimit else { throw fault(.tooDeep(limit: Self.depthLimit)) }
          closers.append(closer)
          if closer == UInt8(ascii: "}") { try memberName() }
          continue
        }
      case UInt8(ascii: "\""): _ = try string()
      case UInt8(ascii: "t"): try word("true")
      case UInt8(ascii: "f"): try word("false")
      case UInt8(ascii: "n"): try word("null")
      default: try number()
      }
      while let closer = closers.last {
        if next() == closer {
          offset += 1
          closers.removeLast()
        } else {
          try expect(",")
          if closer == UInt8(ascii: "}") { try memberName() }
          break
        }
      }
    } while !closers.isEmpty
  }

  private mutating func memberName() throws(SafetensorsProblem) {
    _ = try string()
    try expect(":")
  }

  /// The byte at the next place that is not white space; the place is moved there.
  private mutating func next() -> UInt8? {
    while offset < bytes.count {
      let byte = bytes[offset]
      guard byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 else { return byte }
      offset += 1
    }
    return nil
  }

  private mutating func word(_ word: String) throws(SafetensorsProblem) {
    guard bytes[offset...].starts(with: word.utf8) else { throw fault(.expected(word)) }
    offset += word.utf8.count
  }

  private mutating func number() throws(SafetensorsProblem) {
    let start = offset
    take { $0 == UInt8(ascii: "-") }
    let whole = digits()
    var valid = whole == 1 || (whole > 1 && bytes[offset - whole] != UInt8(ascii: "0"))
    if take({ $0 == UInt8(ascii: ".") }) { valid = digits() > 0 && valid }
    if take({ $0 | 0x20 == UInt8(ascii: "e") }) {
      take { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      valid = digits() > 0 && valid
    }
    if !valid {
      offset = start
      throw fault(.badNumber)
    }
  }

  @discardableResult
  private mutating func take(_ matches: (UInt8) -> Bool) -> Bool {
    guard offset < bytes.count, matches(bytes[offset]) else { return false }
    offset += 1
    return true
  }

  private mutating func digits() -> Int {
    let start = offset
    while take({ 48...57 ~= $0 }) {}
    return offset - start
  }

  private mutating func escape() throws(SafetensorsProblem) -> Character {
    guard offset < bytes.count else { throw fault(.end) }
    let plain: [UInt8: Character] = [
      0x22: "\"", 0x5c: "\\", 0x2f: "/", 0x62: "\u{8}", 0x66: "\u{c}", 0x6e: "\n", 0x72: "\r", 0x74: "\t",
    ]
    let byte = bytes[offset]
    offset += 1
    if let character = plain[byte] { return character }
    guard byte == UInt8(ascii: "u") else { throw fault(.badEscape) }
    var code = try unit()
    if 0xd800..<0xdc00 ~= code {
      guard bytes[offset...].starts(with: "\\u".utf8) else { throw fault(.badEscape) }
      offset += 2
      let low = try unit()
      guard 0xdc00..<0xe000 ~= low else { throw fault(.badEscape) }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw fault(.badEscape) }
    return Character(scalar)
  }

  private mutating func unit() throws(SafetensorsProblem) -> UInt32 {
    let digits = String(decoding: bytes[offset...].prefix(4), as: UTF8.self)
    guard digits.utf8.count == 4, digits.allSatisfy(\.isHexDigit), let code = UInt32(digits, radix: 16)
    else { throw fault(.badEscape) }
    offset += 4
    return code
  }

  private func fault(_ fault: JSONFault) -> SafetensorsProblem {
    .notJSON(offset: offset, fault)
  }
}
