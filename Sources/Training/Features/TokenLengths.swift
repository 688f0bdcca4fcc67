import Tensors
import Tokenizers

/// How long rows are in tokens, special ones included and nothing cut.
package struct TokenLengths: Sendable, Equatable {
  /// How many rows have each length.
  private(set) var counts: [Int: Int] = [:]
  package private(set) var count = 0
  /// Over all rows.
  package private(set) var tokens = 0

  package init() {}

  package mutating func add(_ length: Int) {
    counts[length, default: 0] += 1
    count += 1
    tokens += length
  }

  /// Tokenizes all rows on the engine's threads.
  /// - Parameter advance: told how many rows are done; stops the work by throwing
  /// - Throws: `DataError`, `TokenizerError` and what `advance` throws
  package init<Data: DataSet>(
    _ data: Data, _ tokenizer: Tokenizer, advance: (Int) throws -> Void = { _ in }
  ) throws {
    var blocks = try data.rows.blocks()
    let chunk = 16
    while let block = try blocks.next() {
      var lengths = [Result<[Int], any Error>](repeating: .success([]), count: (block.count + chunk - 1) / chunk)
      lengths.withUnsafeMutableBufferPointer { lengths in
        parallel(block.count, chunk: chunk) { range in
          lengths[range.lowerBound / chunk] = Result {
            try range.map { place in
              let (text, pair) = data.sequence(of: block[place])
              return try tokenizer.encode(text, pair: pair).count
            }
          }
        }
      }
      for length in try lengths.flatMap({ try $0.get() }) { add(length) }
      try advance(blocks.done)
    }
  }

  package var mean: Double { quotient(tokens, count) }
  package var longest: Int { counts.keys.max() ?? 0 }
  package var shortest: Int { counts.keys.min() ?? 0 }

  /// The smallest length that this share of rows does not exceed (nearest rank).
  package func percentile(_ share: Double) -> Int {
    var left = max(1, Int((share * Double(count)).rounded(.up)))
    for (length, rows) in counts.sorted(by: { $0.key < $1.key }) {
      left -= rows
      if left <= 0 { return length }
    }
    return longest
  }

  /// Rows that are longer.
  package func count(above limit: Int) -> Int { counts.reduce(0) { $0 + ($1.key > limit ? $1.value : 0) } }

  /// Counts by length in at most `most` steps of one width, a round number, up to the longest.
  package func bins(_ most: Int) -> [(range: ClosedRange<Int>, count: Int)] {
    guard longest > 0, most > 0 else { return [] }
    let widths = [1, 2, 5].flatMap { step in (0..<9).map { step * power(of: $0) } }.sorted()
    let first = shortest
    let width = widths.first { longest / $0 - first / $0 < most } ?? longest
    return (first / width...longest / width).map { bin in
      let range = bin * width...bin * width + width - 1
      return (range, counts.reduce(0) { $0 + (range.contains($1.key) ? $1.value : 0) })
    }
  }

  private func power(of exponent: Int) -> Int { (0..<exponent).reduce(1) { power, _ in power * 10 } }
}
