extension GGUFProblem: ByteProblem {}

typealias GGUFCursor = ByteCursor<GGUFProblem>

extension ByteCursor where Problem == GGUFProblem {
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
}

extension String {
  /// Nil where the bytes are no UTF-8.
  fileprivate init?(validating bytes: UnsafeRawBufferPointer, as encoding: UTF8.Type) {
    guard let text = String(validating: bytes.bindMemory(to: UInt8.self), as: encoding) else { return nil }
    self = text
  }
}
