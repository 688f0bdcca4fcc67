/// Where a scalar of normalised text came from: a range of scalars of the original.
package struct Place: Equatable, Sendable {
  var start: Int32
  var end: Int32
}

/// Text on its way to words: scalars, each with the scalars of the original that it stands for.
///
/// A stage reads `scalars` and `places`, appends its result with `emit`, and calls `commit`. The two pairs of
/// arrays change roles, so that a long text is normalised without new memory. Words are ranges of the scalars.
package struct AlignedText: Sendable {
  private(set) var scalars: [UInt32] = []
  private(set) var places: [Place] = []
  private var newScalars: [UInt32] = []
  private var newPlaces: [Place] = []
  /// The words that the text is split into so far; whoever changes the text splits it anew.
  private(set) var words: [Range<Int>] = []
  private var newWords: [Range<Int>] = []
  /// The scalar of the original that the text starts at.
  private(set) var base: Int32 = 0
  private var taken = 0
  /// The pattern of a stage that could not be matched in reasonable time.
  var slowPattern: String?

  package init() {}

  package var count: Int { scalars.count }
  var capacity: Int { scalars.capacity }

  mutating func removeAll() {
    scalars.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
  }

  /// Appends UTF-8 text whose first scalar is number `origin` of the original; returns its scalars' number.
  mutating func append(utf8 bytes: UnsafeBufferPointer<UInt8>, origin: Int) -> Int {
    var position = 0
    var index = Int32(truncatingIfNeeded: origin)
    let first = index
    if scalars.isEmpty { base = index }
    while position < bytes.count {
      scalars.append(bytes.scalar(at: &position))
      places.append(Place(start: index, end: index + 1))
      index += 1
    }
    return Int(index - first)
  }

  /// Appends to the next version of the text.
  @inline(__always)
  mutating func emit(_ scalar: UInt32, _ place: Place) {
    newScalars.append(scalar)
    newPlaces.append(place)
  }

  /// Appends a scalar that replaces the next one not yet taken and takes `-change` more along, or, where
  /// `change` is positive, is added after what was taken. Replacing is aligned by position, as in the reference.
  mutating func emit(_ scalar: UInt32, change: Int) {
    if change > 0 {
      emit(scalar, taken > 0 ? places[min(taken, places.count) - 1] : Place(start: base, end: base))
    } else {
      emit(scalar, taken < places.count ? places[taken] : places.last ?? Place(start: base, end: base))
      taken += 1 - change
    }
  }

  /// Makes what was emitted the text.
  mutating func commit() {
    swap(&scalars, &newScalars)
    swap(&places, &newPlaces)
    newScalars.removeAll(keepingCapacity: true)
    newPlaces.removeAll(keepingCapacity: true)
    taken = 0
  }

  /// Makes the whole text one word, before it is split.
  mutating func beginWords() {
    words.removeAll(keepingCapacity: true)
    if !scalars.isEmpty { words.append(0..<scalars.count) }
  }

  /// Splits every word further: `split` appends the parts that are kept.
  @inline(__always)
  mutating func splitWords(
    _ split: (_ text: UnsafeBufferPointer<UInt32>, _ word: Range<Int>, _ parts: inout [Range<Int>]) -> Void
  ) {
    newWords.removeAll(keepingCapacity: true)
    scalars.withUnsafeBufferPointer { text in
      for word in words { split(text, word, &newWords) }
    }
    swap(&words, &newWords)
  }

  /// Rewrites every word: `rewrite` emits what it becomes.
  @inline(__always)
  mutating func rewriteWords(_ rewrite: (_ text: inout AlignedText, _ word: Range<Int>) -> Void) {
    var old: [Range<Int>] = []
    var new: [Range<Int>] = []
    swap(&old, &words)
    swap(&new, &newWords)
    new.removeAll(keepingCapacity: true)
    for word in old {
      let start = newScalars.count
      rewrite(&self, word)
      if newScalars.count > start { new.append(start..<newScalars.count) }
    }
    commit()
    words = new
    newWords = old
  }

  /// Replaces each scalar in place, keeping its alignment.
  @inline(__always)
  mutating func mapInPlace(_ change: (UInt32) -> UInt32) {
    for index in scalars.indices { scalars[index] = change(scalars[index]) }
  }

  /// The part of the text in a range, as a text of its own.
  func slice(_ range: Range<Int>) -> AlignedText {
    var part = AlignedText()
    part.scalars = Array(scalars[range])
    part.places = Array(places[range])
    return part
  }

  /// The scalars of the original that a range that is not empty came from.
  func origin(of range: Range<Int>) -> Range<Int> {
    let start = Int(places[range.lowerBound].start)
    return start..<max(start, Int(places[range.upperBound - 1].end))
  }

  func string(_ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    appendUTF8(range, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends a range of the text in UTF-8.
  @inline(__always)
  func appendUTF8(_ range: Range<Int>, to bytes: inout [UInt8]) {
    for scalar in scalars[range] {
      if scalar < 0x80 {
        bytes.append(UInt8(scalar))
        continue
      }
      if scalar < 0x800 {
        bytes.append(UInt8(0xC0 | scalar >> 6))
      } else {
        if scalar < 0x10000 {
          bytes.append(UInt8(0xE0 | scalar >> 12))
        } else {
          bytes.append(UInt8(0xF0 | scalar >> 18))
          bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
        }
        bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
      }
      bytes.append(UInt8(0x80 | scalar & 0x3F))
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Decodes one scalar of valid UTF-8 and moves past it; U+FFFD for one that is cut off.
  @inline(__always)
  func scalar(at position: inout Int) -> UInt32 {
    let first = UInt32(self[position])
    position += 1
    if first < 0x80 { return first }
    let count = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
    guard position + count <= self.count else {
      position = self.count
      return 0xFFFD
    }
    var scalar = first & (0x3F >> UInt32(count))
    for _ in 0..<count {
      scalar = scalar << 6 | UInt32(self[position] & 0x3F)
      position += 1
    }
    return scalar
  }
}

extension UInt8 {
  /// Whether this byte goes on with a UTF-8 sequence rather than starting one.
  @inline(__always)
  var isContinuation: Bool { self & 0xC0 == 0x80 }
}
