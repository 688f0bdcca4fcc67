/// The four normal forms (Unicode Standard Annex 15).
package enum UnicodeForm: Normalizer {
  case canonicallyDecomposed, compatiblyDecomposed, canonicallyComposed, compatiblyComposed

  package var name: String {
    switch self {
    case .canonicallyDecomposed: "NFD"
    case .compatiblyDecomposed: "NFKD"
    case .canonicallyComposed: "NFC"
    case .compatiblyComposed: "NFKC"
    }
  }

  private var isCompatible: Bool { self == .compatiblyDecomposed || self == .compatiblyComposed }
  private var composes: Bool { self == .canonicallyComposed || self == .compatiblyComposed }

  package func normalize(_ text: inout AlignedText) {
    guard !isStable(text) else { return }
    var parts = Decomposer(isCompatible: isCompatible).parts(of: text)
    if composes { Self.compose(&parts) }
    for part in parts { text.emit(part.scalar, change: Int(part.change)) }
    text.commit()
  }

  /// Whether a quick look shows that the form is reached already.
  private func isStable(_ text: AlignedText) -> Bool {
    let composition = CompositionTable.shared
    let table = CharacterTable.shared
    return text.scalars.allSatisfy { scalar in
      if scalar < 0xA0 { return true }
      if composes { return composition.isStable(scalar, compatibly: isCompatible) }
      let flags = table.flags(of: scalar)
      return !flags.contains(.decomposes) && flags.combiningRank == 0
        && !(isCompatible && composition.compatibleParts(of: scalar) != nil)
    }
  }

  /// Joins each starter with what follows it where the two compose and nothing between them has a class as high.
  ///
  /// The change of a composite is that of its parts together, less one for each part that went into it.
  private static func compose(_ parts: inout [Decomposer.Part]) {
    let table = CompositionTable.shared
    var (kept, starter) = (0, -1)
    var lastRank = -1
    for index in parts.indices {
      let part = parts[index]
      if starter >= 0, lastRank < Int(part.rank) || lastRank < 0,
        let composite = table.composite(parts[starter].scalar, part.scalar)
      {
        parts[starter].scalar = composite
        parts[starter].change += part.change - 1
        continue
      }
      parts[kept] = part
      if part.rank == 0 {
        starter = kept
        lastRank = -1
      } else {
        lastRank = Int(part.rank)
      }
      kept += 1
    }
    parts.removeSubrange(kept...)
  }
}

/// Takes text apart and puts combining marks into the order of their classes.
struct Decomposer {
  struct Part {
    var scalar: UInt32
    /// The rank of the combining class.
    var rank: UInt16
    /// 0 for the first part of a scalar and 1 for a further one, as `AlignedText.emit` takes it.
    var change: Int32
  }

  let isCompatible: Bool

  func parts(of text: AlignedText) -> [Part] {
    let table = CharacterTable.shared
    let composition = CompositionTable.shared
    var parts: [Part] = []
    parts.reserveCapacity(text.count + 16)
    var run = 0
    func add(_ scalar: UInt32, _ change: Int32) {
      let rank = table.flags(of: scalar).combiningRank
      if rank == 0 {
        Self.order(&parts, from: run)
        run = parts.count + 1
      }
      parts.append(Part(scalar: scalar, rank: rank, change: change))
    }
    for scalar in text.scalars {
      if scalar < 0xA0 {
        add(scalar, 0)
      } else if isCompatible, let decomposition = composition.compatibleParts(of: scalar) {
        for (index, part) in decomposition.enumerated() { add(part, index == 0 ? 0 : 1) }
      } else if Hangul.contains(scalar) {
        let (leading, vowel, trailing) = Hangul.parts(of: scalar)
        add(leading, 0)
        add(vowel, 1)
        if trailing != 0 { add(trailing, 1) }
      } else if table.flags(of: scalar).contains(.decomposes) {
        for (index, part) in table.decomposition(of: scalar).enumerated() { add(part, index == 0 ? 0 : 1) }
      } else {
        add(scalar, 0)
      }
    }
    Self.order(&parts, from: run)
    return parts
  }

  /// Sorts the marks at the end by class, equal ones as they came; parts before `start` are in order.
  private static func order(_ parts: inout [Part], from start: Int) {
    guard parts.count - start > 1 else { return }
    let keys = (start..<parts.count).map { UInt64(parts[$0].rank) << 40 | UInt64($0) }
    guard zip(keys, keys.dropFirst()).contains(where: { $0 > $1 }) else { return }
    let run = keys.sorted().map { parts[Int($0 & 0xFF_FFFF_FFFF)] }
    parts.replaceSubrange(start..., with: run)
  }
}
