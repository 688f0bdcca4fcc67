import Foundation

/// Steps over JSON text byte by byte without building values (RFC 8259).
struct JSONScanner {
  let bytes: [UInt8]
  let file: String
  var position: Int
  let end: Int

  /// The deepest nesting that is read, so that a hostile file cannot exhaust memory.
  static let maximumDepth = 128

  init(_ bytes: [UInt8], file: String, range: Range<Int>) {
    self.bytes = bytes
    self.file = file
    position = range.lowerBound
    end = range.upperBound
  }

  var failure: TokenizerError { .malformed(file: file, line: line(at: position)) }

  func line(at position: Int) -> Int {
    1 + bytes[..<min(position, bytes.count)].count { $0 == 10 }
  }

  /// Moves to the next byte that is not white space and returns it, or nil at the end.
  @inline(__always)
  mutating func peek() -> UInt8? {
    while position < end {
      let byte = bytes[position]
      if byte > 32 || !(byte == 32 || byte == 10 || byte == 13 || byte == 9) { return byte }
      position += 1
    }
    return nil
  }

  /// Steps over a byte that must be next, white space aside.
  @inline(__always)
  mutating func expect(_ byte: UInt8) throws(TokenizerError) {
    guard peek() == byte else { throw failure }
    position += 1
  }

  /// Steps over a separator between members: true after a comma, false after the closing bracket.
  @inline(__always)
  mutating func goesOn(until close: UInt8) throws(TokenizerError) -> Bool {
    let byte = peek()
    guard byte == 44 || byte == close else { throw failure }
    position += 1
    return byte == 44
  }

  /// Steps over a value of any kind.
  mutating func skipValue() throws(TokenizerError) {
    var open: [UInt8] = []
    while true {
      guard let byte = peek() else { throw failure }
      switch byte {
      case 123, 91:
        guard open.count < Self.maximumDepth else { throw failure }
        position += 1
        let close = byte + 2
        if peek() == close {
          position += 1
        } else {
          open.append(close)
          if byte == 123 { try skipKey() }
          continue
        }
      case 34: try skipString()
      default: try skipPlain()
      }
      while let close = open.last {
        if try goesOn(until: close) {
          if close == 125 { try skipKey() }
          break
        }
        open.removeLast()
      }
      if open.isEmpty { return }
    }
  }

  private mutating func skipKey() throws(TokenizerError) {
    try skipString()
    try expect(58)
  }

  mutating func skipString() throws(TokenizerError) {
    try expect(34)
    while position < end {
      let byte = bytes[position]
      if byte == 34 {
        position += 1
        return
      }
      guard byte >= 32 else { throw failure }
      position += byte == 92 ? 2 : 1
    }
    throw failure
  }

  private static let names: [UInt8: [UInt8]] = [
    116: Array("true".utf8), 102: Array("false".utf8), 110: Array("null".utf8),
  ]

  /// Steps over a number, true, false or null.
  private mutating func skipPlain() throws(TokenizerError) {
    if bytes[position] >= 97, let name = Self.names[bytes[position]] {
      guard bytes[position..<end].starts(with: name) else { throw failure }
      position += name.count
      return
    }
    if bytes[position] == 45 { position += 1 }
    let leadsWithZero = position < end && bytes[position] == 48
    let whole = skipDigits()
    guard whole == 1 || whole > 1 && !leadsWithZero else { throw failure }
    if position < end, bytes[position] == 46 {
      position += 1
      guard skipDigits() > 0 else { throw failure }
    }
    if position < end, bytes[position] | 32 == 101 {
      position += 1
      if position < end, bytes[position] == 43 || bytes[position] == 45 { position += 1 }
      guard skipDigits() > 0 else { throw failure }
    }
  }

  @inline(__always)
  private mutating func skipDigits() -> Int {
    let start = position
    while position < end, bytes[position] &- 48 < 10 { position += 1 }
    return position - start
  }

  /// Appends a string's UTF-8 bytes, escapes resolved; a lone surrogate becomes U+FFFD.
  mutating func readString(into text: inout [UInt8]) throws(TokenizerError) {
    try expect(34)
    while position < end {
      let byte = bytes[position]
      position += 1
      if byte == 34 { return }
      guard byte >= 32 else { throw failure }
      if byte == 92 { try readEscape(into: &text) } else { text.append(byte) }
    }
    throw failure
  }

  private static let escapes: [UInt8: UInt8] = [
    34: 34, 92: 92, 47: 47, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9,
  ]

  private mutating func readEscape(into text: inout [UInt8]) throws(TokenizerError) {
    guard position < end else { throw failure }
    let kind = bytes[position]
    position += 1
    if let plain = Self.escapes[kind] { return text.append(plain) }
    guard kind == 117 else { throw failure }
    var code = try readFourDigits()
    if code >> 10 == 0x36, position + 1 < end, bytes[position] == 92, bytes[position + 1] == 117 {
      let mark = position
      position += 2
      let low = try readFourDigits()
      if low >> 10 == 0x37 {
        code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
      } else {
        position = mark
      }
    }
    let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
    text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }

  private mutating func readFourDigits() throws(TokenizerError) -> UInt32 {
    guard position + 4 <= end else { throw failure }
    var code: UInt32 = 0
    for _ in 0..<4 {
      let byte = bytes[position]
      let digit: UInt8? =
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
      guard let digit else { throw failure }
      code = code << 4 | UInt32(digit)
      position += 1
    }
    return code
  }

  /// Reads a whole number of at most 18 digits, or nil where another value stands.
  mutating func readInteger() -> Int? {
    guard let first = peek() else { return nil }
    let start = position
    let isNegative = first == 45
    if isNegative { position += 1 }
    var (number, digits) = (0, 0)
    while position < end, bytes[position] >= 48, bytes[position] <= 57, digits < 19 {
      number = number &* 10 &+ Int(bytes[position] - 48)
      digits += 1
      position += 1
    }
    let next = position < end ? bytes[position] : 0
    guard digits > 0, digits < 19, next != 46, next != 101, next != 69 else {
      position = start
      return nil
    }
    return isNegative ? -number : number
  }

  /// Reads a number as the reference does, or nil where another value stands.
  ///
  /// Its JSON reader (Rust's serde_json) divides the digits by a power of ten, which is not always the nearest number to what
  /// is written. The last bit decides between ways to cut a word that are equally likely.
  mutating func readNumber() throws(TokenizerError) -> Double? {
    guard let first = peek(), first == 45 || first &- 48 < 10 else { return nil }
    let start = position
    try skipValue()
    var (digits, exponent): (UInt64, Int) = (0, 0)
    var (isFraction, isFull) = (false, false)
    var index = first == 45 ? start + 1 : start
    while index < position, bytes[index] | 32 != 101 {
      if bytes[index] == 46 {
        isFraction = true
      } else if !isFull, digits < (.max - 9) / 10 {
        digits = digits * 10 + UInt64(bytes[index] - 48)
        exponent -= isFraction ? 1 : 0
      } else {
        isFull = true
        exponent += isFraction ? 0 : 1
      }
      index += 1
    }
    if index < position {
      let written = String(decoding: bytes[(index + 1)..<position], as: UTF8.self)
      exponent += max(-400, min(400, Int(written.drop { $0 == "+" }) ?? 0))
    }
    var value = Double(digits)
    while exponent < -308, value != 0 {
      value /= 1e308
      exponent += 308
    }
    let power = pow(10.0, Double(min(abs(exponent), 308)))
    value = exponent < 0 ? value / power : value * power
    return first == 45 ? -value : value
  }
}
