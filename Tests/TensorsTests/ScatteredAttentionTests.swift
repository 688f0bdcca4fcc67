import Tensors
import Testing

/// Attention to rows of a cache, which is only ever read.
@Suite struct ScatteredAttentionTests {
  private let q = randomTensor([4, 12], seed: 1)
  private let memory = randomTensor([9, 12], seed: 2)
  private let table = randomTensor([5, 4], seed: 3)

  static let memories: [[MemoryRows]] = [
    [.span(2..<9), .span(2..<9)], [.scattered([0, 3, 4, 8]), .scattered([0, 3, 5])],
    [.span(0..<3), .scattered([8, 1, 0, 7, 2])],
  ]

  @Test("Rows that several sequences share, in any order, with grouped heads and a bias", arguments: memories)
  func rows(_ rows: [MemoryRows]) {
    for queries in [[0, 1, 2], [0, 3, 4]] {
      let shape = AttentionShape(
        heads: 4, memoryHeads: 2, headWidth: 3, queries: queries, memory: rows, scale: 0.7, isCausal: true)
      let bucket: (Int) -> Int = { min(4, abs($0)) }
      let asked = Tensor([queries[2], 12], Array(q.values.prefix(queries[2] * 12)))
      var probabilities: [Float] = []
      let ours = attention(
        Columns(asked, from: 0), Columns(memory, from: 0), Columns(memory, from: 6), shape,
        bias: RelativeBias(table, distances: -9...9, bucket: bucket),
        watch: { buffer in probabilities = (0..<shape.offsets[2]).map { buffer.base[$0] } })
      func matrix(_ x: Tensor) -> Matrix { Matrix(columns: x.width, x.values.map(Double.init)) }
      let wanted = Definition.attention(
        (matrix(asked), 0), (matrix(memory), 0), (matrix(memory), 6), shape,
        bias: (table: matrix(table), bucket: bucket))
      #expect(relativeError(ours.values, wanted.values) < 1e-5)
      // Each query's probabilities, where it sees anything at all, are whole.
      #expect(abs(probabilities.reduce(0, +) - Float(4 * queries[2])) < 1e-4)
    }
  }
}
