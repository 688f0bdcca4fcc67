/// Where a text can be cut so that its parts are encoded like the whole.
///
/// A cut lies before a space that stands alone between visible characters of European scripts. Stages tell whether
/// they respect it (`allowsCutting`, `cutting`). Stretches bound the memory that a long text takes, and repeat: most
/// of a text consists of few different ones.
enum Stretch {
  /// The end of the stretch that starts at a position of the text.
  static func end(of start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var position = start + 1
    while position < bytes.count {
      if bytes[position] == 32, isVisible(before: position, in: bytes), isVisible(after: position, in: bytes) {
        return position
      }
      position += 1
    }
    return bytes.count
  }

  /// Two-byte scalars of Latin, Greek and Cyrillic; combining ones lie elsewhere.
  @inline(__always)
  static func isEuropean(_ lead: UInt8) -> Bool {
    lead >= 0xC3 && lead <= 0xC9 || lead >= 0xCE && lead <= 0xD1
  }

  @inline(__always)
  private static func isVisible(before position: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let byte = bytes[position - 1]
    if byte < 0x80 { return byte > 32 && byte < 127 }
    return position > 1 && isEuropean(bytes[position - 2])
  }

  @inline(__always)
  private static func isVisible(after position: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard position + 1 < bytes.count else { return false }
    let byte = bytes[position + 1]
    return byte > 32 && byte < 127 || isEuropean(byte)
  }
}

/// The tokens of stretches that were met before: a table of fixed size where a new one takes an old one's place.
struct StretchCache: Sendable {
  /// How a stretch begins, which may change what becomes of it.
  enum Beginning: UInt64 {
    case space, textStart, segmentStart
  }

  /// 64 bytes: up to 24 bytes of text, its facts, up to four tokens.
  private struct Slot: Sendable {
    var key: (UInt64, UInt64, UInt64) = (0, 0, 0)
    /// From the lowest byte: length, beginning, tokens, words, bytes that start no scalar, reach.
    var facts: UInt64 = 0
    var tokens: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  }

  private static let slotBits = 16
  private static let longest = 24
  private var slots: [Slot] = []

  private struct Key {
    var words: (UInt64, UInt64, UInt64)
    var facts: UInt64
    var slot: Int

    @inline(__always)
    init?(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ beginning: Beginning) {
      guard range.count <= StretchCache.longest, let base = bytes.baseAddress else { return nil }
      words = (0, 0, 0)
      let raw = UnsafeRawPointer(base) + range.lowerBound
      if range.lowerBound + StretchCache.longest <= bytes.count {
        words.0 = raw.loadUnaligned(as: UInt64.self) & Self.mask(range.count)
        words.1 = raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self) & Self.mask(range.count - 8)
        words.2 = raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self) & Self.mask(range.count - 16)
      } else {
        for index in 0..<range.count {
          let bits = UInt64(bytes[range.lowerBound + index]) << UInt64(8 * (index & 7))
          if index < 8 { words.0 |= bits } else if index < 16 { words.1 |= bits } else { words.2 |= bits }
        }
      }
      facts = UInt64(range.count) | beginning.rawValue << 8
      var hash = (words.0 ^ facts) &* 0x9E37_79B9_7F4A_7C15
      hash = (hash ^ hash >> 29 ^ words.1) &* 0xBF58_476D_1CE4_E5B9
      hash = (hash ^ hash >> 32 ^ words.2) &* 0x94D0_49BB_1331_11EB
      slot = Int(truncatingIfNeeded: hash >> UInt64(64 - StretchCache.slotBits))
    }

    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
      count >= 8 ? .max : count <= 0 ? 0 : (1 << UInt64(8 * count)) - 1
    }
  }

  /// Makes room; before, nothing is remembered.
  mutating func open() {
    if slots.isEmpty { slots = Array(repeating: Slot(), count: 1 << Self.slotBits) }
  }

  /// Appends the tokens of a stretch that was met before; false where it was not, or where it may come out otherwise.
  /// - Parameter size: of the sum of scores before it; see `Reach`
  @inline(__always)
  func recall(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ beginning: Beginning, size: Int, origin: Int32,
    into tokens: inout [Token], _ word: inout Int32, _ continuations: inout Int
  ) -> Bool {
    guard let key = Key(bytes, range, beginning) else { return false }
    return slots.withUnsafeBufferPointer { slots in
      let slot = slots[key.slot]
      guard slot.facts & 0xFFFF == key.facts, slot.key.0 == key.words.0, slot.key.1 == key.words.1,
        slot.key.2 == key.words.2
      else { return false }
      guard size <= Int(slot.facts >> 40 & 0xFF) else { return false }
      let count = slot.facts >> 16 & 0xFF
      if count > 0 { tokens.append(Token(packed: slot.tokens.0, origin, word)) }
      if count > 1 { tokens.append(Token(packed: slot.tokens.1, origin, word)) }
      if count > 2 { tokens.append(Token(packed: slot.tokens.2, origin, word)) }
      if count > 3 { tokens.append(Token(packed: slot.tokens.3, origin, word)) }
      word += Int32(slot.facts >> 24 & 0xFF)
      continuations += Int(slot.facts >> 32 & 0xFF)
      return true
    }
  }

  /// Remembers the tokens of a stretch, unless there are too many of them.
  mutating func remember(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ beginning: Beginning, reach: Int, origin: Int32,
    _ tokens: ArraySlice<Token>, firstWord: Int32, words: Int32, continuations: Int
  ) {
    guard tokens.count <= 4, words < 256, continuations < 256, reach >= 0, let key = Key(bytes, range, beginning) else {
      return
    }
    var slot = Slot()
    slot.key = key.words
    slot.facts =
      key.facts | UInt64(tokens.count) << 16 | UInt64(words) << 24 | UInt64(continuations) << 32
      | UInt64(reach) << 40
    for (index, token) in tokens.enumerated() {
      guard let packed = token.packed(origin, firstWord) else { return }
      switch index {
      case 0: slot.tokens.0 = packed
      case 1: slot.tokens.1 = packed
      case 2: slot.tokens.2 = packed
      default: slot.tokens.3 = packed
      }
    }
    slots[key.slot] = slot
  }
}

extension Token {
  /// The id and, in a byte each, start, end and word from those of a stretch; nil where they do not fit.
  fileprivate func packed(_ origin: Int32, _ firstWord: Int32) -> UInt64? {
    let distances = [start - origin, end - origin, word - firstWord]
    guard distances.allSatisfy({ $0 >= 0 && $0 < 256 }) else { return nil }
    return UInt64(UInt32(bitPattern: id)) | UInt64(distances[0]) << 32 | UInt64(distances[1]) << 40
      | UInt64(distances[2]) << 48
  }

  @inline(__always)
  fileprivate init(packed: UInt64, _ origin: Int32, _ firstWord: Int32) {
    self.init(
      id: Int32(truncatingIfNeeded: packed), start: origin + Int32(packed >> 32 & 0xFF),
      end: origin + Int32(packed >> 40 & 0xFF), word: firstWord + Int32(packed >> 48 & 0xFF))
  }
}
