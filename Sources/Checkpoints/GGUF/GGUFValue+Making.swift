extension GGUFValue {
  package static func uint32(_ value: UInt32) -> GGUFValue { GGUFValue(.uint32, payload: value.littleEndianBytes) }
  package static func int32(_ value: Int32) -> GGUFValue { GGUFValue(.int32, payload: value.littleEndianBytes) }
  package static func uint64(_ value: UInt64) -> GGUFValue { GGUFValue(.uint64, payload: value.littleEndianBytes) }
  package static func bool(_ value: Bool) -> GGUFValue { GGUFValue(.bool, payload: [value ? 1 : 0]) }
  package static func text(_ value: String) -> GGUFValue { GGUFValue(.string, payload: value.countedBytes) }

  package static func float32(_ value: Float) -> GGUFValue {
    GGUFValue(.float32, payload: value.bitPattern.littleEndianBytes)
  }

  package static func texts(_ values: [String]) -> GGUFValue { list(.string, values, \.countedBytes) }
  package static func int32s(_ values: [Int32]) -> GGUFValue { list(.int32, values, \.littleEndianBytes) }
  package static func float32s(_ values: [Float]) -> GGUFValue {
    list(.float32, values, \.bitPattern.littleEndianBytes)
  }

  private static func list<Item>(_ type: GGUFValueType, _ items: [Item], _ bytes: (Item) -> [UInt8]) -> GGUFValue {
    GGUFValue(
      .array, payload: type.rawValue.littleEndianBytes + UInt64(items.count).littleEndianBytes + items.flatMap(bytes))
  }
}

extension FixedWidthInteger {
  var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}

extension String {
  /// A length and the text's UTF-8, as the format writes texts.
  var countedBytes: [UInt8] { UInt64(utf8.count).littleEndianBytes + Array(utf8) }
}
