import Tensors

/// The tokens whose states a head looks at: of all others the last block has to make nothing but keys and values.
package struct AskedRows: Sendable {
  /// Rows of the batch, ascending.
  package let rows: [Int32]
  /// Where those of each sequence start, and the end of the last.
  package let boundaries: [Int]

  /// - Parameter batch: where the sequences start, and the end of the last
  /// - Returns: nil for rows in another order than the batch has them
  package init?(_ rows: [Int32], of batch: [Int]) {
    var boundaries: [Int] = []
    var next = 0
    for boundary in batch {
      while next < rows.count, Int(rows[next]) < boundary {
        if next > 0, rows[next] <= rows[next - 1] { return nil }
        next += 1
      }
      boundaries.append(next)
    }
    guard next == rows.count, boundaries.first == 0 else { return nil }
    self.rows = rows
    self.boundaries = boundaries
  }
}
