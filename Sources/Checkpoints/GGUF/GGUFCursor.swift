/// Reads a GGUF header in order. Whatever a file claims, nothing beyond its end is touched or allocated.
struct GGUFCursor {
  private let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  var rest: Int { bytes.count - offset }

  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ part: String, _ type: Number.Type = Number.self
  ) throws(GGUFProblem) -> Number {
    let start = try skip(MemoryLayout<Number>.size, part)
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: type))
  }

  /// A count of things that take at least `width` bytes each.
  mutating func count(_ part: String, of width: Int) throws(GGUFProblem) -> Int {
    let claimed: UInt64 = try number(part)
    try check(claimed, part, of: width)
    return Int(claimed)
  }

  func check(_ claimed: UInt64, _ part: String, of width: Int) throws(GGUFProblem) {
    guard claimed <= UInt64(rest / width) else { throw .tooMany(part: part, claimed: claimed, available: rest) }
  }

  /// A length and that many bytes of UTF-8.
  mutating func text(_ part: String) throws(GGUFProblem) -> String {
    let start = offset
    let range = try textRange(part)
    guard let text = String(validating: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self) else {
      throw .badText(part: part, offset: start)
    }
    return text
  }

  /// The bytes of one value, checked to their end.
  /// - Parameter depth: how many lists it lies in
  mutating func value(_ type: GGUFValueType, key: String, depth: Int = 0) throws(GGUFProblem) -> Range<Int> {
    let start = offset
    switch type {
    case .string: _ = try text(key)
    case .bool:
      let byte: UInt8 = try number(key)
      guard byte < 2 else { throw .badTruth(key: key, byte: byte) }
    case .array:
      guard depth < GGUFHeader.deepestList else { throw .nestedTooDeep(key: key, limit: GGUFHeader.deepestList) }
      let element = try valueType(key)
      let count = try count(key, of: element.width)
      switch element {
      case .string, .bool, .array: for _ in 0..<count { _ = try value(element, key: key, depth: depth + 1) }
      default: try skip(count * element.width, key)
      }
    default: try skip(type.width, key)
    }
    return start..<offset
  }

  mutating func valueType(_ key: String) throws(GGUFProblem) -> GGUFValueType {
    let number: UInt32 = try number(key)
    guard let type = GGUFValueType(rawValue: number) else { throw .unknownValueType(key: key, type: number) }
    return type
  }

  private mutating func textRange(_ part: String) throws(GGUFProblem) -> Range<Int> {
    let count = try count(part, of: 1)
    let start = try skip(count, part)
    return start..<offset
  }

  @discardableResult
  private mutating func skip(_ count: Int, _ part: String) throws(GGUFProblem) -> Int {
    guard count <= rest else { throw .cutShort(part: part, offset: bytes.count) }
    defer { offset += count }
    return offset
  }
}

extension String {
  /// Nil where the bytes are no UTF-8.
  fileprivate init?(validating bytes: UnsafeRawBufferPointer, as encoding: UTF8.Type) {
    guard let text = String(validating: bytes.bindMemory(to: UInt8.self), as: encoding) else { return nil }
    self = text
  }
}
