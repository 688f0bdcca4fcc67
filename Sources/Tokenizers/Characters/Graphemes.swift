/// Grapheme clusters (Unicode Standard Annex 29), of the version that the reference has.
struct GraphemeBreaker {
  private enum Kind: UInt8 {
    case other, control, prepend, spacing, extend, joiner, picture, consonant, leading, vowel, trailing, open, closed
  }

  private static let table = {
    var table = ScalarTable<UInt8>()
    for (range, value) in PackedNumbers.valuedRanges(GraphemeData.classes) { table.set(UInt8(value), range) }
    return table
  }()

  private let table = Self.table

  /// The class in the lower three bits; 8 goes on with a conjunct, 16 links one.
  private func fact(_ scalar: UInt32) -> UInt8 { table[scalar] }

  private func kind(_ scalar: UInt32, _ fact: UInt8) -> Kind {
    switch scalar {
    case 0x1100...0x115F, 0xA960...0xA97C: .leading
    case 0x1160...0x11A7, 0xD7B0...0xD7C6: .vowel
    case 0x11A8...0x11FF, 0xD7CB...0xD7FB: .trailing
    case 0xAC00...0xD7A3: (scalar - 0xAC00) % 28 == 0 ? .open : .closed
    default: Kind(rawValue: fact & 7) ?? .other
    }
  }

  /// The end of the cluster that starts at a position of the text.
  func end(of start: Int, in text: UnsafeBufferPointer<UInt32>) -> Int {
    var position = start
    var fact = fact(text[position])
    var last = kind(text[position], fact)
    var picture = last == .picture
    var conjunct = last == .consonant
    var linked = false
    var flags = 0
    if last == .other, text[position] &- 0x1F1E6 < 26 { flags = 1 }
    position += 1
    while position < text.count {
      let scalar = text[position]
      fact = self.fact(scalar)
      let next = kind(scalar, fact)
      let isFlag = scalar &- 0x1F1E6 < 26
      guard
        joins(last, next) || last == .joiner && picture && next == .picture
          || conjunct && linked && next == .consonant || flags == 1 && isFlag
          || text[position - 1] == 13 && scalar == 10
      else { return position }
      flags = flags == 1 && isFlag ? 2 : 0
      if next == .consonant {
        (conjunct, linked) = (true, false)
      } else {
        linked = linked || fact & 16 != 0
        conjunct = conjunct && fact & 24 != 0
      }
      picture = next == .picture || picture && (next == .extend || next == .joiner && last != .joiner)
      last = next
      position += 1
    }
    return position
  }

  private func joins(_ last: Kind, _ next: Kind) -> Bool {
    if last == .control || next == .control { return false }
    switch next {
    case .extend, .joiner, .spacing: return true
    case .leading: if last == .leading { return true }
    case .vowel: if last == .leading || last == .vowel || last == .open { return true }
    case .trailing:
      if last == .vowel || last == .open || last == .trailing || last == .closed { return true }
    case .open, .closed: if last == .leading { return true }
    default: break
    }
    return last == .prepend
  }
}
