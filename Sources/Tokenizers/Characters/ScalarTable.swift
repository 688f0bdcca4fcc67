/// A small number for every scalar, in pages of 256 of which equal empty ones are shared; a look-up is two reads.
struct ScalarTable<Value: FixedWidthInteger & Sendable>: Sendable {
  private(set) var pages = [UInt16](repeating: 0, count: 0x1100)
  private(set) var values = [Value](repeating: 0, count: 0x100)

  init() {}

  /// The number of one scalar below U+110000.
  @inline(__always)
  subscript(scalar: UInt32) -> Value {
    values[Int(pages[Int(scalar >> 8)]) << 8 | Int(scalar & 0xFF)]
  }

  /// Adds bits to the numbers of a range.
  mutating func set(_ bits: Value, _ range: Range<Int>) {
    for scalar in range {
      if pages[scalar >> 8] == 0 {
        pages[scalar >> 8] = UInt16(values.count >> 8)
        values.append(contentsOf: repeatElement(0, count: 0x100))
      }
      values[Int(pages[scalar >> 8]) << 8 | scalar & 0xFF] |= bits
    }
  }
}
