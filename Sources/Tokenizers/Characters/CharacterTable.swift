/// What the tokenizers need to know of a scalar, packed into sixteen bits.
struct CharacterFlags: OptionSet {
  let rawValue: UInt16

  static let removed = CharacterFlags(rawValue: 1)
  static let whitespace = CharacterFlags(rawValue: 2)
  static let mark = CharacterFlags(rawValue: 4)
  static let punctuation = CharacterFlags(rawValue: 8)
  static let ideograph = CharacterFlags(rawValue: 16)
  static let lowercases = CharacterFlags(rawValue: 32)
  static let decomposes = CharacterFlags(rawValue: 64)
  static let word = CharacterFlags(rawValue: 128)

  /// The rank of the scalar's canonical combining class among all classes; 0 for a starter.
  var combiningRank: UInt16 { rawValue >> 8 }
}

/// The character facts of the reference tokenizers, which mix several versions of Unicode, for every scalar.
///
/// The facts are decoded once into pages of 256 scalars; a look-up is two array reads.
final class CharacterTable: Sendable {
  static let shared = CharacterTable()

  private let pages: [UInt16]
  private let flags: [UInt16]
  private let decomposed: [UInt32]
  private let partStarts: [Int32]
  private let parts: [UInt32]
  private let uppercase: [UInt32]
  private let lowercase: [UInt32]

  private init() {
    var builder = PageBuilder()
    let ranges: [(StaticString, CharacterFlags)] = [
      (CharacterData.removed, .removed), (CharacterData.whitespace, .whitespace),
      (CharacterData.marks, .mark), (CharacterData.punctuation, .punctuation),
      (CharacterData.ideographs, .ideograph), (CharacterData.words, .word),
    ]
    for (text, flag) in ranges {
      var numbers = PackedNumbers(text)
      var last = 0
      while let skip = numbers.next(), let count = numbers.next() {
        builder.set(flag.rawValue, from: last + skip, count: count)
        last += skip + count
      }
    }
    var numbers = PackedNumbers(CharacterData.combining)
    var last = 0
    while let skip = numbers.next(), let count = numbers.next(), let rank = numbers.next() {
      builder.set(UInt16(rank) << 8, from: last + skip, count: count)
      last += skip + count
    }
    (decomposed, partStarts, parts) = Self.readDecompositions(&builder)
    (uppercase, lowercase) = Self.readLowercase(&builder)
    pages = builder.pages
    flags = builder.flags
  }

  /// The facts of one scalar below U+110000.
  @inline(__always)
  func flags(of scalar: UInt32) -> CharacterFlags {
    let page = Int(pages[Int(scalar >> 8)])
    return CharacterFlags(rawValue: flags[page << 8 | Int(scalar & 0xFF)])
  }

  /// The parts of a scalar whose flags say that it decomposes.
  func decomposition(of scalar: UInt32) -> ArraySlice<UInt32> {
    guard let index = Self.find(scalar, in: decomposed) else { return [] }
    return parts[Int(partStarts[index])..<Int(partStarts[index + 1])]
  }

  /// The first lowercase scalar of one whose flags say that it has another; only U+0130 has a second, U+0307.
  func lowercase(of scalar: UInt32) -> UInt32 {
    guard let index = Self.find(scalar, in: uppercase) else { return scalar }
    return lowercase[index]
  }

  private static func find(_ scalar: UInt32, in sorted: [UInt32]) -> Int? {
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < scalar { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low] == scalar ? low : nil
  }

  private static func readDecompositions(
    _ builder: inout PageBuilder
  ) -> ([UInt32], [Int32], [UInt32]) {
    var (scalars, starts, parts): ([UInt32], [Int32], [UInt32]) = ([], [], [])
    var numbers = PackedNumbers(CharacterData.decompositions)
    var (scalar, first) = (0, 0)
    while let skip = numbers.next(), let count = numbers.next(), let distance = numbers.nextSigned() {
      scalar += skip
      first += distance
      scalars.append(UInt32(scalar))
      starts.append(Int32(parts.count))
      parts.append(UInt32(first))
      for _ in 1..<max(count, 1) { parts.append(UInt32(numbers.next() ?? 0)) }
      builder.set(CharacterFlags.decomposes.rawValue, from: scalar, count: 1)
    }
    starts.append(Int32(parts.count))
    builder.set(CharacterFlags.decomposes.rawValue, from: Hangul.first, count: Hangul.count)
    return (scalars, starts, parts)
  }

  private static func readLowercase(_ builder: inout PageBuilder) -> ([UInt32], [UInt32]) {
    var pairs: [(UInt32, UInt32)] = []
    var numbers = PackedNumbers(CharacterData.lowercase)
    var start = 0
    while let skip = numbers.next(), let count = numbers.next(), let step = numbers.next(),
      let distance = numbers.nextSigned()
    {
      start += skip
      for k in 0..<count {
        let scalar = start + k * step
        pairs.append((UInt32(scalar), UInt32(scalar + distance)))
        builder.set(CharacterFlags.lowercases.rawValue, from: scalar, count: 1)
      }
    }
    pairs.sort { $0.0 < $1.0 }
    return (pairs.map(\.0), pairs.map(\.1))
  }
}

/// The arithmetic decomposition of Hangul syllables (The Unicode Standard, section 3.12).
enum Hangul {
  static let first = 0xAC00
  static let count = 11172

  @inline(__always)
  static func contains(_ scalar: UInt32) -> Bool { scalar >= 0xAC00 && scalar < 0xD7A4 }

  /// The leading consonant, the vowel and, or 0, the trailing consonant.
  static func parts(of scalar: UInt32) -> (UInt32, UInt32, UInt32) {
    let index = scalar - 0xAC00
    let trailing = index % 28
    return (0x1100 + index / 588, 0x1161 + index % 588 / 28, trailing == 0 ? 0 : 0x11A7 + trailing)
  }
}

/// Pages of flags in the making; page 0 is shared by all scalars without flags.
private struct PageBuilder {
  var pages = [UInt16](repeating: 0, count: 0x1100)
  var flags = [UInt16](repeating: 0, count: 0x100)

  mutating func set(_ flag: UInt16, from start: Int, count: Int) {
    for scalar in start..<(start + count) {
      if pages[scalar >> 8] == 0 {
        pages[scalar >> 8] = UInt16(flags.count >> 8)
        flags.append(contentsOf: repeatElement(0, count: 0x100))
      }
      flags[Int(pages[scalar >> 8]) << 8 | scalar & 0xFF] |= flag
    }
  }
}

/// Numbers packed into text, five bits a character and the sixth for "goes on".
private struct PackedNumbers {
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
}
