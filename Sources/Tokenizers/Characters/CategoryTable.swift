/// What patterns ask of a scalar: its general category and a few properties, as Oniguruma knows them.
final class CategoryTable: Sendable {
  static let shared = CategoryTable()

  /// The names of the categories, 0 being "not assigned".
  static let names = ["Cn"] + CategoryData.names.split(separator: " ").map(String.init)

  private static let categoryBits: UInt16 = 31
  private static let spaceBit: UInt16 = 32
  private static let alphabeticBit: UInt16 = 64
  private static let numericBit: UInt16 = 128
  private static let wordBit: UInt16 = 256

  private let table: ScalarTable<UInt16>

  private init() {
    var table = ScalarTable<UInt16>()
    for (range, category) in PackedNumbers.valuedRanges(CategoryData.categories) {
      table.set(UInt16(category), range)
    }
    let properties = [
      (CategoryData.spaces, Self.spaceBit), (CategoryData.alphabetic, Self.alphabeticBit),
      (CategoryData.numeric, Self.numericBit), (CategoryData.unlikeWord, Self.wordBit),
    ]
    for (text, bit) in properties {
      for range in PackedNumbers.ranges(text) { table.set(bit, range) }
    }
    self.table = table
  }

  /// The categories whose names start with one of the given letters, as a set of bits.
  static func mask(_ prefixes: [String]) -> UInt32 {
    var mask: UInt32 = 0
    for (number, name) in names.enumerated() where prefixes.contains(where: { name.hasPrefix($0) }) {
      mask |= 1 << UInt32(number)
    }
    return mask
  }

  private static let wordMask = mask(["L", "M", "N", "Pc"])

  @inline(__always)
  func category(of scalar: UInt32) -> UInt32 { UInt32(table[scalar] & Self.categoryBits) }

  /// `\s`
  @inline(__always)
  func isSpace(_ scalar: UInt32) -> Bool { table[scalar] & Self.spaceBit != 0 }

  func isAlphabetic(_ scalar: UInt32) -> Bool { table[scalar] & Self.alphabeticBit != 0 }

  /// Whether splitting by digits takes the scalar for one: Nd, Nl and No of Rust's standard library.
  func isNumeric(_ scalar: UInt32) -> Bool { table[scalar] & Self.numericBit != 0 }

  /// `\w`
  func isWord(_ scalar: UInt32) -> Bool {
    (Self.wordMask >> category(of: scalar) & 1 != 0) != (table[scalar] & Self.wordBit != 0)
  }
}
