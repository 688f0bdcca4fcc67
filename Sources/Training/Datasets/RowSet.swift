/// Some of the rows of a file, ascending, a bit for each row of the file: the k-th is found without walking there.
package struct RowSet: RandomAccessCollection, Equatable, Sendable {
  private var words: [UInt64] = []
  /// How many members stand before every eighth word.
  private var counts: [Int] = []
  private(set) package var count = 0

  /// - Parameters:
  ///   - total: the rows of the file
  ///   - contains: asked once for each of them, in order
  package init(of total: Int, where contains: (Int) throws -> Bool) rethrows {
    words.reserveCapacity((total + 63) / 64)
    for begin in stride(from: 0, to: total, by: 64) {
      if words.count.isMultiple(of: RowSet.stretch) { counts.append(count) }
      var word: UInt64 = 0
      for row in begin..<Swift.min(begin + 64, total) where try contains(row) { word |= 1 << (row - begin) }
      words.append(word)
      count += word.nonzeroBitCount
    }
  }

  /// All rows of a file.
  package init(all total: Int) { self.init(of: total) { _ in true } }

  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  /// The row at a place.
  package subscript(place: Int) -> Int {
    precondition(place >= 0 && place < count)
    var (low, high) = (0, counts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if counts[middle] <= place { low = middle } else { high = middle }
    }
    var left = place - counts[low]
    var word = low * RowSet.stretch
    while left >= words[word].nonzeroBitCount {
      left -= words[word].nonzeroBitCount
      word += 1
    }
    var bits = words[word]
    for _ in 0..<left { bits &= bits - 1 }
    return word * 64 + bits.trailingZeroBitCount
  }

  package func contains(_ row: Int) -> Bool {
    row >= 0 && row / 64 < words.count && words[row / 64] & 1 << (row % 64) != 0
  }

  private static let stretch = 8
}
