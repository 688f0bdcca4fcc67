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

  private let table: ScalarTable<UInt16>
  private let decomposed: [UInt32]
  private let partStarts: [Int32]
  private let parts: [UInt32]
  private let uppercase: [UInt32]
  private let lowercase: [UInt32]

  private init() {
    var table = ScalarTable<UInt16>()
    let ranges: [(StaticString, CharacterFlags)] = [
      (CharacterData.removed, .removed), (CharacterData.whitespace, .whitespace),
      (CharacterData.marks, .mark), (CharacterData.punctuation, .punctuation),
      (CharacterData.ideographs, .ideograph), (CharacterData.words, .word),
    ]
    for (text, flag) in ranges {
      for range in PackedNumbers.ranges(text) { table.set(flag.rawValue, range) }
    }
    for (range, rank) in PackedNumbers.valuedRanges(CharacterData.combining) {
      table.set(UInt16(rank) << 8, range)
    }
    (decomposed, partStarts, parts) = Self.readDecompositions(&table)
    (uppercase, lowercase) = Self.readLowercase(&table)
    self.table = table
  }

  /// The facts of one scalar below U+110000.
  @inline(__always)
  func flags(of scalar: UInt32) -> CharacterFlags {
    CharacterFlags(rawValue: table[scalar])
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
    _ table: inout ScalarTable<UInt16>
  ) -> ([UInt32], [Int32], [UInt32]) {
    var (scalars, starts, parts): ([UInt32], [Int32], [UInt32]) = ([], [], [])
    for (scalar, decomposition) in PackedDecompositions(CharacterData.decompositions) {
      scalars.append(UInt32(scalar))
      starts.append(Int32(parts.count))
      parts += decomposition
      table.set(CharacterFlags.decomposes.rawValue, scalar..<(scalar + 1))
    }
    starts.append(Int32(parts.count))
    table.set(CharacterFlags.decomposes.rawValue, Hangul.first..<(Hangul.first + Hangul.count))
    return (scalars, starts, parts)
  }

  private static func readLowercase(_ table: inout ScalarTable<UInt16>) -> ([UInt32], [UInt32]) {
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
        table.set(CharacterFlags.lowercases.rawValue, scalar..<(scalar + 1))
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
