/// Finds texts that are the same as a given one, or nearly, without comparing it with all of them.
///
/// Sketches are cut into 16 bands of 4 values, and only texts that agree in a band are compared (locality-sensitive
/// hashing). A pair with a similarity of 0.7 agrees in one with a probability of 0.99.
struct TextIndex {
  struct Entry {
    /// Its place among the rows.
    let row: Int
    /// Stands for its labels.
    let labels: UInt64
  }

  private static let bands = 16
  private static let width = TextSketch.size / bands

  private(set) var entries: [Entry] = []
  private var byText: [UInt64: Int32] = [:]
  private var sketches: [UInt16] = []
  /// For each band a table of entries by the hash of their values, counted from 1; 0 is free.
  private var slots: [UInt32]
  private let mask: Int

  /// - Parameter capacity: the most texts that will be added
  init(capacity: Int) {
    var size = 64
    while size < capacity * 2 { size *= 2 }
    mask = size - 1
    slots = [UInt32](repeating: 0, count: size * Self.bands)
  }

  /// The first text that was added with the same letters and digits.
  func same(as text: PlainText) -> Entry? { byText[Self.fingerprint(text)].map { entries[Int($0)] } }

  /// Texts that share a band, with the similarity that their sketches promise, the most alike first.
  func candidates(_ sketch: TextSketch) -> [(entry: Entry, similarity: Double)] {
    var found: [Int] = []  // at most one a band
    for band in 0..<Self.bands {
      let value = slots[slot(band, sketch.values[...])]
      if value > 0, !found.contains(Int(value) - 1) { found.append(Int(value) - 1) }
    }
    return found.sorted().map { number in
      let begin = number * TextSketch.size
      let equal = (0..<TextSketch.size).count { sketches[begin + $0] == sketch.values[$0] }
      return (entries[number], Double(equal) / Double(TextSketch.size))
    }.sorted { $0.similarity > $1.similarity }
  }

  mutating func add(_ text: PlainText, _ sketch: TextSketch, _ entry: Entry) {
    let number = entries.count
    entries.append(entry)
    sketches += sketch.values
    byText[Self.fingerprint(text)] = byText[Self.fingerprint(text)] ?? Int32(number)
    for band in 0..<Self.bands {
      // The first of those that agree in a band stands for all: the work stays in proportion to the texts.
      let slot = slot(band, sketch.values[...])
      if slots[slot] == 0 { slots[slot] = UInt32(number) + 1 }
    }
  }

  /// Where an entry with these values is, or would be.
  private func slot(_ band: Int, _ values: ArraySlice<UInt16>) -> Int {
    let begin = values.startIndex + band * Self.width
    let key = values[begin..<begin + Self.width].reduce(UInt64(band)) { mixed($0 << 16 ^ $0 >> 48 ^ UInt64($1)) }
    var place = Int(key & UInt64(mask))
    let base = band * (mask + 1)
    while slots[base + place] != 0 {
      let other = (Int(slots[base + place]) - 1) * TextSketch.size + band * Self.width
      if (0..<Self.width).allSatisfy({ sketches[other + $0] == values[begin + $0] }) { break }
      place = (place + 1) & mask
    }
    return base + place
  }

  private static func fingerprint(_ text: PlainText) -> UInt64 {
    textFingerprint(String(decoding: text.bytes, as: UTF8.self))
  }
}
