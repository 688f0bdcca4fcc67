/// A text without what makes no difference between two that say the same: case, white space, punctuation.
struct PlainText {
  /// Letters and digits in lower case as UTF-8, one space between words; the text itself where it has none of them.
  let bytes: [UInt8]

  init(_ text: String) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var isGap = false
    func add(_ part: some Sequence<UInt8>) {
      if isGap, !bytes.isEmpty { bytes.append(0x20) }
      isGap = false
      bytes += part
    }
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": add(CollectionOfOne(UInt8(truncatingIfNeeded: scalar.value)))
      case "A"..."Z": add(CollectionOfOne(UInt8(truncatingIfNeeded: scalar.value) | 0x20))
      case _ where scalar.isASCII: isGap = true
      case _ where scalar.properties.isAlphabetic || scalar.properties.numericType != nil:
        add(scalar.properties.lowercaseMapping.utf8)
      default: isGap = true
      }
    }
    self.bytes = bytes.isEmpty ? Array(text.utf8) : bytes
  }

  static let pieceLength = 5

  /// Calls `body` with every stretch of five bytes, as a number; with the whole text where it is shorter.
  func forEachPiece(_ body: (UInt64) -> Void) {
    var window: UInt64 = 0
    for (place, byte) in bytes.enumerated() {
      window = (window << 8 | UInt64(byte)) & 0xFF_FFFF_FFFF
      if place + 1 >= Self.pieceLength || place + 1 == bytes.count { body(window) }
    }
  }

  /// The share of stretches that both texts have, of all that either has (Jaccard).
  func similarity(_ other: PlainText) -> Double {
    let (mine, its) = (sortedPieces, other.sortedPieces)
    var (shared, all, left, right) = (0, 0, 0, 0)
    while left < mine.count || right < its.count {
      let least = min(left < mine.count ? mine[left] : .max, right < its.count ? its[right] : .max)
      let (isMine, isIts) = (left < mine.count && mine[left] == least, right < its.count && its[right] == least)
      if isMine, isIts { shared += 1 }
      all += 1
      while left < mine.count, mine[left] == least { left += 1 }
      while right < its.count, its[right] == least { right += 1 }
    }
    return quotient(shared, all)
  }

  private var sortedPieces: [UInt64] {
    var pieces: [UInt64] = []
    pieces.reserveCapacity(bytes.count)
    forEachPiece { pieces.append($0) }
    pieces.sort()
    return pieces
  }
}

/// A text in 64 numbers: of two, about as many are equal as their similarity says (MinHash with one permutation, Li
/// et al. 2012; empty bins filled as in Shrivastava 2017).
struct TextSketch {
  static let size = 64
  let values: [UInt16]

  init(_ text: PlainText) {
    var lowest = [UInt64](repeating: .max, count: Self.size)
    text.forEachPiece { piece in
      let hash = mixed(piece &+ 0x9E37_79B9_7F4A_7C15)
      let bin = Int(hash % UInt64(Self.size))
      lowest[bin] = min(lowest[bin], hash / UInt64(Self.size))
    }
    values = lowest.indices.map { bin in
      var source = bin
      var attempt: UInt64 = 0
      while lowest[source] == .max, attempt < 4096 {
        attempt += 1
        source = Int(mixed(UInt64(bin) << 32 | attempt) % UInt64(Self.size))
      }
      return UInt16(truncatingIfNeeded: lowest[source])
    }
  }
}
