/// Steps over the fields of a protobuf message, checking every length.
///
/// Source: the protocol buffers encoding specification. Groups, which nothing here uses, are refused.
struct ProtobufScanner {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int
  private let file: String

  /// What a field holds, by its wire type.
  enum Value {
    case number(UInt64)
    case fixed32(UInt32)
    case fixed64(UInt64)
    /// A text, bytes, or a message inside.
    case bytes(Range<Int>)
  }

  init(_ bytes: [UInt8], range: Range<Int>, file: String) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
    self.file = file
  }

  private var failure: TokenizerError { .damaged(file: file, problem: .cutOff(byte: position)) }

  /// The next field's number and value; nil at the end of the message.
  mutating func next() throws(TokenizerError) -> (field: Int, value: Value)? {
    guard position < end else { return nil }
    let key = try variable()
    guard key >> 3 > 0, key >> 3 < 1 << 29 else { throw failure }
    let value: Value =
      switch key & 7 {
      case 0: .number(try variable())
      case 1: .fixed64(try fixed(8))
      case 2: .bytes(try lengthPrefixed())
      case 5: .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
      default: throw failure
      }
    return (Int(key >> 3), value)
  }

  private mutating func variable() throws(TokenizerError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: 0, to: 70, by: 7) {
      guard position < end else { throw failure }
      let byte = bytes[position]
      position += 1
      if shift < 64 { value |= UInt64(byte & 0x7F) << UInt64(shift) }
      if byte < 0x80 { return value }
    }
    throw failure
  }

  private mutating func fixed(_ count: Int) throws(TokenizerError) -> UInt64 {
    guard count <= end - position else { throw failure }
    defer { position += count }
    return (0..<count).reduce(0) { $0 | UInt64(bytes[position + $1]) << UInt64(8 * $1) }
  }

  private mutating func lengthPrefixed() throws(TokenizerError) -> Range<Int> {
    let length = try variable()
    guard length <= UInt64(end - position) else { throw failure }
    let start = position
    position += Int(length)
    return start..<position
  }
}
