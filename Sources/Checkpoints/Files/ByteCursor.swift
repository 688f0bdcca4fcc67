/// What can be wrong with a count or an end in any binary format.
protocol ByteProblem: Error {
  /// The file ends inside `part`.
  static func cutShort(part: String, offset: Int) -> Self
  /// A count or length that the rest of the file cannot hold.
  static func tooMany(part: String, claimed: UInt64, available: Int) -> Self
}

/// Reads a little-endian header in order. Whatever a file claims, nothing beyond its end is touched or allocated.
struct ByteCursor<Problem: ByteProblem> {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  private var rest: Int { bytes.count - offset }

  mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
    _ part: String, _ type: Number.Type = Number.self
  ) throws(Problem) -> Number {
    let start = try skip(MemoryLayout<Number>.size, part)
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: start, as: type))
  }

  /// A count of things that take at least `width` bytes each.
  mutating func count(_ part: String, of width: Int) throws(Problem) -> Int {
    let claimed: UInt64 = try number(part)
    try check(claimed, part, of: width)
    return Int(claimed)
  }

  func check(_ claimed: UInt64, _ part: String, of width: Int) throws(Problem) {
    guard claimed <= UInt64(rest / width) else {
      throw Problem.tooMany(part: part, claimed: claimed, available: rest)
    }
  }

  /// Where what is skipped begins.
  @discardableResult
  mutating func skip(_ count: Int, _ part: String) throws(Problem) -> Int {
    guard count <= rest else { throw Problem.cutShort(part: part, offset: bytes.count) }
    defer { offset += count }
    return offset
  }
}
