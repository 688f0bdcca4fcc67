/// One metadata value, kept as the file holds it and read when it is asked for: a vocabulary has a hundred thousand
/// texts, and most openings need none of them.
package struct GGUFValue: Sendable, Equatable {
  package let type: GGUFValueType
  /// Little-endian, checked to its end.
  let payload: [UInt8]

  init(_ type: GGUFValueType, payload: [UInt8]) {
    self.type = type
    self.payload = payload
  }

  /// Nil for anything but a text.
  package var text: String? {
    guard type == .string else { return nil }
    return String(decoding: payload.dropFirst(8), as: UTF8.self)
  }

  /// A whole number that fits; nil for any other type.
  package var integer: Int? { reader { $0.integer(type) } }

  /// Any number; nil for other types.
  package var number: Double? { reader { $0.number(type) } }

  package var truth: Bool? { type == .bool ? payload.first == 1 : nil }

  /// Nil for anything but a list of texts.
  package var texts: [String]? {
    list {
      $0 == .string
    } each: { reader, _ in
      reader.text()
    }
  }

  /// Nil for anything but a list of whole numbers that fit; truth values count as 0 and 1.
  package var integers: [Int]? {
    list { _ in
      true
    } each: {
      $0.integer($1)
    }
  }

  /// Nil for anything but a list of numbers.
  package var numbers: [Double]? {
    list { _ in
      true
    } each: {
      $0.number($1)
    }
  }

  /// Nil for anything but a list of lists.
  package var lists: [GGUFValue]? {
    list {
      $0 == .array
    } each: { reader, _ in
      GGUFValue(.array, payload: reader.bytes(reader.length(.array)))
    }
  }

  private func reader<Result>(_ body: (inout PayloadReader) -> Result?) -> Result? {
    payload.withUnsafeBytes { bytes in
      var reader = PayloadReader(bytes: bytes)
      return body(&reader)
    }
  }

  private func list<Item>(
    _ isWanted: (GGUFValueType) -> Bool, each: (inout PayloadReader, GGUFValueType) -> Item?
  ) -> [Item]? {
    guard type == .array else { return nil }
    return reader { reader in
      guard let element = GGUFValueType(rawValue: reader.next()), isWanted(element) else { return nil }
      let count = Int(reader.next(UInt64.self))
      var items: [Item] = []
      items.reserveCapacity(count)
      for _ in 0..<count {
        guard let item = each(&reader, element) else { return nil }
        items.append(item)
      }
      return items
    }
  }
}

/// Reads a payload that has been checked.
private struct PayloadReader {
  let bytes: UnsafeRawBufferPointer
  var offset = 0

  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type = Number.self) -> Number {
    defer { offset += MemoryLayout<Number>.size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }

  mutating func text() -> String {
    let count = Int(next(UInt64.self))
    return String(decoding: self.bytes(count), as: UTF8.self)
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { offset += count }
    return Array(bytes[offset..<offset + count])
  }

  mutating func integer(_ type: GGUFValueType) -> Int? {
    switch type {
    case .uint8, .bool: Int(next(UInt8.self))
    case .int8: Int(next(Int8.self))
    case .uint16: Int(next(UInt16.self))
    case .int16: Int(next(Int16.self))
    case .uint32: Int(next(UInt32.self))
    case .int32: Int(next(Int32.self))
    case .uint64: Int(exactly: next(UInt64.self))
    case .int64: Int(next(Int64.self))
    case .float32, .float64, .string, .array: nil
    }
  }

  mutating func number(_ type: GGUFValueType) -> Double? {
    switch type {
    case .float32: Double(Float(bitPattern: next()))
    case .float64: Double(bitPattern: next())
    case .uint64: Double(next(UInt64.self))
    case .bool: nil
    default: integer(type).map(Double.init)
    }
  }

  /// Bytes of the value that begins here.
  func length(_ type: GGUFValueType) -> Int {
    var ahead = self
    switch type {
    case .string: ahead.offset += Int(ahead.next(UInt64.self))
    case .array:
      guard let element = GGUFValueType(rawValue: ahead.next()) else { return 0 }
      for _ in 0..<Int(ahead.next(UInt64.self)) { ahead.offset += ahead.length(element) }
    default: ahead.offset += type.width
    }
    return ahead.offset - offset
  }
}
