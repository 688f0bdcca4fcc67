/// Canonical composition (Unicode Standard Annex 15) and compatibility decompositions.
final class CompositionTable: Sendable {
  static let shared = CompositionTable()

  private let composites: [UInt64: UInt32]
  private let compatible: [UInt32: [UInt32]]
  private let facts: ScalarTable<UInt8>

  private static let markBit: UInt8 = 1
  private static let compatibleBit: UInt8 = 2
  private static let secondBit: UInt8 = 4
  private static let excludedBit: UInt8 = 8

  private init() {
    var facts = ScalarTable<UInt8>()
    for range in PackedNumbers.ranges(CompositionData.marks) { facts.set(Self.markBit, range) }
    for range in PackedNumbers.ranges(CompositionData.excluded) { facts.set(Self.excludedBit, range) }
    var compatible: [UInt32: [UInt32]] = [:]
    for (scalar, parts) in PackedDecompositions(CompositionData.compatible) {
      compatible[UInt32(scalar)] = parts
      facts.set(Self.compatibleBit, scalar..<(scalar + 1))
    }
    var scalarOfParts: [[UInt32]: UInt32] = [:]
    var composing: [(scalar: UInt32, parts: [UInt32])] = []
    for (scalar, parts) in PackedDecompositions(CharacterData.decompositions)
    where facts[UInt32(scalar)] & Self.excludedBit == 0 && parts.count > 1 {
      composing.append((UInt32(scalar), parts))
      scalarOfParts[parts] = UInt32(scalar)
    }
    var composites: [UInt64: UInt32] = [:]
    for (scalar, parts) in composing {
      let beginning = parts.count == 2 ? parts[0] : scalarOfParts[Array(parts.dropLast())]
      guard let beginning, let last = parts.last else { continue }
      composites[Self.key(beginning, last)] = scalar
      facts.set(Self.secondBit, Int(last)..<Int(last + 1))
    }
    facts.set(Self.secondBit, 0x1161..<0x1176)
    facts.set(Self.secondBit, 0x11A8..<0x11C3)
    self.composites = composites
    self.compatible = compatible
    self.facts = facts
  }

  private static func key(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

  /// What two scalars compose to, if they do.
  func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if let syllable = Hangul.composite(first, second) { return syllable }
    return composites[Self.key(first, second)]
  }

  /// The parts of a scalar with a compatibility decomposition.
  func compatibleParts(of scalar: UInt32) -> [UInt32]? {
    facts[scalar] & Self.compatibleBit == 0 ? nil : compatible[scalar]
  }

  /// Whether the scalar is a combining mark of any kind.
  func isMark(_ scalar: UInt32) -> Bool { facts[scalar] & Self.markBit != 0 }

  /// Whether a scalar stays as it is in a composed form whatever stands beside it.
  func isStable(_ scalar: UInt32, compatibly: Bool) -> Bool {
    let flags = CharacterTable.shared.flags(of: scalar)
    let fact = facts[scalar]
    if flags.combiningRank != 0 || fact & (Self.secondBit | Self.excludedBit) != 0 { return false }
    return !(compatibly && fact & Self.compatibleBit != 0)
  }
}

extension Hangul {
  /// The syllable of a leading consonant and a vowel, or of a syllable without trailing consonant and one.
  static func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if first &- 0x1100 < 19, second &- 0x1161 < 21 {
      return 0xAC00 + ((first - 0x1100) * 21 + (second - 0x1161)) * 28
    }
    if contains(first), (first - 0xAC00) % 28 == 0, second &- 0x11A8 < 27 { return first + second - 0x11A7 }
    return nil
  }
}
