/// A set of scalars as a pattern writes it; ASCII is answered from two words of bits.
struct ScalarSet: Sendable {
  indirect enum Node: Sendable {
    case range(UInt32, UInt32)
    /// General categories, a bit for each.
    case categories(UInt32)
    case script(Int)
    case space, word, alphabetic
    case not(Node)
    case union([Node])
    case intersection([Node])

    func contains(_ scalar: UInt32) -> Bool {
      switch self {
      case .range(let low, let high): low <= scalar && scalar <= high
      case .categories(let mask): mask >> CategoryTable.shared.category(of: scalar) & 1 != 0
      case .script(let number): ScriptTable.shared.script(of: scalar) == number
      case .space: CategoryTable.shared.isSpace(scalar)
      case .word: CategoryTable.shared.isWord(scalar)
      case .alphabetic: CategoryTable.shared.isAlphabetic(scalar)
      case .not(let node): !node.contains(scalar)
      case .union(let nodes): nodes.contains { $0.contains(scalar) }
      case .intersection(let nodes): nodes.allSatisfy { $0.contains(scalar) }
      }
    }
  }

  private let node: Node
  private let ignoresCase: Bool
  private var ascii: (UInt64, UInt64) = (0, 0)

  init(_ node: Node, ignoringCase ignoresCase: Bool = false) {
    self.node = node
    self.ignoresCase = ignoresCase
    for scalar: UInt32 in 0..<128 where find(scalar) {
      if scalar < 64 { ascii.0 |= 1 << UInt64(scalar) } else { ascii.1 |= 1 << UInt64(scalar - 64) }
    }
  }

  @inline(__always)
  func contains(_ scalar: UInt32) -> Bool {
    if scalar < 64 { return ascii.0 >> UInt64(scalar) & 1 != 0 }
    if scalar < 128 { return ascii.1 >> UInt64(scalar - 64) & 1 != 0 }
    return find(scalar)
  }

  private func find(_ scalar: UInt32) -> Bool {
    if node.contains(scalar) { return true }
    return ignoresCase && CaseFolding.variants(of: scalar).contains { node.contains($0) }
  }
}

/// Simple case folding: one scalar for one.
enum CaseFolding {
  /// The scalars that fold to the same as each, by what they fold to.
  private static let groups: [UInt32: [UInt32]] = {
    var groups: [UInt32: [UInt32]] = [0x73: [0x17F], 0x6B: [0x212A], 0xE5: [0x212B], 0x3B8: [0x3D1, 0x3F4]]
    let table = CharacterTable.shared
    for scalar: UInt32 in 0x41..<0x1E944 where table.flags(of: scalar).contains(.lowercases) {
      groups[table.lowercase(of: scalar), default: []].append(scalar)
    }
    return groups
  }()

  static func fold(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0x17F: 0x73
    case 0x3D1, 0x3F4: 0x3B8
    default:
      CharacterTable.shared.flags(of: scalar).contains(.lowercases)
        ? CharacterTable.shared.lowercase(of: scalar) : scalar
    }
  }

  static func variants(of scalar: UInt32) -> [UInt32] {
    let folded = fold(scalar)
    return [folded] + (groups[folded] ?? [])
  }
}
