import CKernels

/// A learned number for each head and each distance from query to memory, added to the scores (Raffel et al. 2020).
package struct RelativeBias {
  /// [buckets, heads]
  let table: Tensor
  /// The row of the table for each distance, from `-behind` on.
  let buckets: [Int32]
  let behind: Int
  /// [heads, distances]: the table spread out, so that a query's biases stand side by side.
  let lines: Buffer

  /// - Parameters:
  ///   - table: [buckets, heads]
  ///   - distances: of memory minus query, all that will be asked for
  ///   - bucket: the table's row for a distance
  package init(_ table: Tensor, distances: ClosedRange<Int>, bucket: (Int) -> Int) {
    self.table = table
    buckets = distances.map { Int32(bucket($0)) }
    behind = -distances.lowerBound
    let (heads, count) = (table.width, buckets.count)
    lines = Buffer(count: heads * count)
    for (place, bucket) in buckets.enumerated() {
      for head in 0..<heads { lines.base[head * count + place] = table.pointer[Int(bucket) * heads + head] }
    }
  }

  var distances: Int { buckets.count }

  /// Where the distance of the first memory place stands, for a query whose own place in the memory is `place`.
  func offset(ofQueryAt place: Int) -> Int { behind - place }

  /// The biases of a query of one head, from the first memory place on.
  func line(_ head: Int, queryAt place: Int) -> UnsafeMutablePointer<Float> {
    lines.base + head * distances + offset(ofQueryAt: place)
  }

  /// Adds gradients of the biases, [sequences, heads, distances], to the table's.
  func flowBack(_ sums: Buffer, sequences: Int) {
    guard let flow = table.node?.zeroedSlot() else { return }
    let heads = table.width
    for sequence in 0..<sequences {
      for head in 0..<heads {
        let line = sums.base + (sequence * heads + head) * distances
        for (place, bucket) in buckets.enumerated() { flow[Int(bucket) * heads + head] += line[place] }
      }
    }
  }
}
