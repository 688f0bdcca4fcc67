/// A key as a deck hears it.
package enum DeckKey: Equatable {
  case character(Character)
  case control(Character)
  case enter, escape, tab, backspace, delete
  case left, right, up, down, home, end, pageUp, pageDown
  case paste(String)
  /// A sequence that means nothing here.
  case unknown
}

/// Bytes of a terminal as keys. Sequences may come in pieces.
package struct KeyParser {
  private var bytes: [UInt8] = []
  private var pasted: [UInt8]?
  private static let mostPasted = 100_000

  /// Whether more bytes are needed to tell what was pressed.
  package var isOpen: Bool { !bytes.isEmpty || pasted != nil }

  package init() {}

  package mutating func feed(_ new: some Sequence<UInt8>) { bytes += new }

  /// - Parameter isOver: no more bytes came for a while: an Escape that stands alone is one
  package mutating func next(isOver: Bool) -> DeckKey? {
    if pasted != nil { return nextOfPaste() }
    guard let first = bytes.first else { return nil }
    switch first {
    case 0x1B: return escape(isOver)
    case 0x0A, 0x0D: return take(1, .enter)
    case 0x09: return take(1, .tab)
    case 0x08, 0x7F: return take(1, .backspace)
    case 0..<0x20: return take(1, .control(Character(Unicode.Scalar(first + 0x60))))
    default: return text(first, isOver)
    }
  }

  private mutating func take(_ count: Int, _ key: DeckKey) -> DeckKey {
    bytes.removeFirst(min(count, bytes.count))
    return key
  }

  private mutating func text(_ first: UInt8, _ isOver: Bool) -> DeckKey? {
    let length = first < 0x80 ? 1 : first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1
    guard bytes.count >= length || isOver else { return nil }
    let part = String(decoding: bytes.prefix(length), as: UTF8.self)
    return take(length, part.first.map(DeckKey.character) ?? .unknown)
  }

  private mutating func escape(_ isOver: Bool) -> DeckKey? {
    guard bytes.count > 1 else { return isOver ? take(1, .escape) : nil }
    switch bytes[1] {
    case UInt8(ascii: "O"):
      guard bytes.count > 2 else { return isOver ? take(2, .unknown) : nil }
      return take(3, KeyParser.final[bytes[2]] ?? .unknown)
    case UInt8(ascii: "["):
      guard let end = bytes[2...].firstIndex(where: { (0x40...0x7E).contains($0) }) else {
        return isOver || bytes.count > 32 ? take(bytes.count, .unknown) : nil
      }
      let parameters = String(decoding: bytes[2..<end], as: UTF8.self)
      let last = bytes[end]
      bytes.removeFirst(end + 1)
      if last != UInt8(ascii: "~") { return KeyParser.final[last] ?? .unknown }
      if parameters == "200" {
        pasted = []
        return nextOfPaste()
      }
      return KeyParser.numbered[parameters.prefix { $0 != ";" }.description] ?? .unknown
    case 0x1B: return take(1, .escape)
    default: return take(2, .unknown)
    }
  }

  private mutating func nextOfPaste() -> DeckKey? {
    let mark = Array("\u{1B}[201~".utf8)
    pasted = (pasted ?? []) + bytes
    bytes = []
    guard let all = pasted else { return nil }
    guard all.count >= mark.count,
      let start = all.indices.dropLast(mark.count - 1).first(where: { all[$0...].starts(with: mark) })
    else {
      if all.count > KeyParser.mostPasted { pasted = nil }
      return nil
    }
    bytes = Array(all[(start + mark.count)...])
    pasted = nil
    return .paste(String(decoding: all[..<start], as: UTF8.self))
  }

  private static let final: [UInt8: DeckKey] = [
    UInt8(ascii: "A"): .up, UInt8(ascii: "B"): .down, UInt8(ascii: "C"): .right, UInt8(ascii: "D"): .left,
    UInt8(ascii: "H"): .home, UInt8(ascii: "F"): .end, UInt8(ascii: "M"): .enter,
  ]

  private static let numbered: [String: DeckKey] = [
    "1": .home, "7": .home, "4": .end, "8": .end, "3": .delete, "5": .pageUp, "6": .pageDown,
  ]
}
