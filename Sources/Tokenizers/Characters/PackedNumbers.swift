/// Numbers packed into text, five bits a character and the sixth for "goes on".
struct PackedNumbers {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ text: StaticString) {
    bytes = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
  }

  mutating func next() -> Int? {
    var (number, shift) = (0, 0)
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == 10 { continue }
      let digit = byte == 126 ? 44 : Int(byte) - 48
      number |= (digit & 31) << shift
      shift += 5
      if digit < 32 { return number }
    }
    return nil
  }

  mutating func nextSigned() -> Int? {
    next().map { $0 & 1 == 0 ? $0 / 2 : -($0 + 1) / 2 }
  }

  /// The ranges of a text that lists them by the distance from the one before and their length.
  static func ranges(_ text: StaticString) -> [Range<Int>] {
    var numbers = PackedNumbers(text)
    var ranges: [Range<Int>] = []
    var last = 0
    while let skip = numbers.next(), let count = numbers.next() {
      ranges.append((last + skip)..<(last + skip + count))
      last += skip + count
    }
    return ranges
  }

  /// The same for a text that gives each range a value.
  static func valuedRanges(_ text: StaticString) -> [(range: Range<Int>, value: Int)] {
    var numbers = PackedNumbers(text)
    var ranges: [(range: Range<Int>, value: Int)] = []
    var last = 0
    while let skip = numbers.next(), let count = numbers.next(), let value = numbers.next() {
      ranges.append(((last + skip)..<(last + skip + count), value))
      last += skip + count
    }
    return ranges
  }
}

/// A full decomposition as a text lists it: a scalar and its parts.
struct PackedDecompositions: Sequence, IteratorProtocol {
  private var numbers: PackedNumbers
  private var (scalar, first) = (0, 0)

  init(_ text: StaticString) { numbers = PackedNumbers(text) }

  mutating func next() -> (scalar: Int, parts: [UInt32])? {
    guard let skip = numbers.next(), let count = numbers.next(), let distance = numbers.nextSigned() else {
      return nil
    }
    scalar += skip
    first += distance
    var parts = [UInt32(first)]
    for _ in 1..<Swift.max(count, 1) { parts.append(UInt32(numbers.next() ?? 0)) }
    return (scalar, parts)
  }
}
