import Tensors

extension OperationCase {
  static let attentions: [OperationCase] = [
    own("attention", [0, 6]),
    own("attention over one token", [0, 1]),
    own("attention over a ragged batch", [0, 3, 4, 9]),
    own("attention that is causal", [0, 6], isCausal: true),
    own("attention that is causal over a ragged batch", [0, 1, 5, 8], isCausal: true),
    own("attention with dropout", [0, 7], rate: 0.3),
    own(
      "attention that is causal over a ragged batch with dropout", [0, 3, 4, 9], isCausal: true, rate: 0.3),
    own("attention over sequences longer than a chunk", [0, 70, 75]),
    other("attention of queries to another memory", queries: [0, 2, 5], memory: [0, 4, 7]),
    other("attention of queries to a shorter memory", queries: [0, 5, 6], memory: [0, 2, 5]),
    other("attention of the newest queries, causal", queries: [0, 2, 3], memory: [0, 5, 9], isCausal: true),
    other("attention to another memory with dropout", queries: [0, 2, 5], memory: [0, 4, 7], rate: 0.4),
    .init(
      "attention of a tensor to itself", [[5, 6]],
      {
        attention(
          Columns($0[0], from: 0), Columns($0[0], from: 0), Columns($0[0], from: 0),
          small([0, 2, 5], [0, 2, 5]))
      },
      { Definition.attention(($0[0], 0), ($0[0], 0), ($0[0], 0), small([0, 2, 5], [0, 2, 5])) }),
  ]

  /// Queries, keys and values side by side in one tensor.
  private static func own(
    _ name: String, _ boundaries: [Int], isCausal: Bool = false, rate: Float = 0
  ) -> OperationCase {
    let tokens = boundaries[boundaries.count - 1]
    return .init(
      name, [[tokens, 18]],
      {
        attention(
          Columns($0[0], from: 0), Columns($0[0], from: 6), Columns($0[0], from: 12),
          small(boundaries, boundaries, isCausal), dropout: mask(rate))
      },
      {
        Definition.attention(
          ($0[0], 0), ($0[0], 6), ($0[0], 12), small(boundaries, boundaries, isCausal),
          factors: factors(rate, tokens))
      })
  }

  /// Queries in one tensor, keys and values in two others of other widths.
  private static func other(
    _ name: String, queries: [Int], memory: [Int], isCausal: Bool = false, rate: Float = 0
  ) -> OperationCase {
    let (tokens, places) = (queries[queries.count - 1], memory[memory.count - 1])
    return .init(
      name, [[tokens, 6], [places, 8], [places, 7]],
      {
        attention(
          Columns($0[0], from: 0), Columns($0[1], from: 2), Columns($0[2], from: 1),
          small(queries, memory, isCausal),
          dropout: mask(rate))
      },
      {
        Definition.attention(
          ($0[0], 0), ($0[1], 2), ($0[2], 1), small(queries, memory, isCausal), factors: factors(rate, tokens)
        )
      })
  }

  /// Two heads of three.
  private static func small(_ queries: [Int], _ memory: [Int], _ isCausal: Bool = false) -> AttentionShape {
    AttentionShape(heads: 2, headWidth: 3, queries: queries, memory: memory, scale: 0.577, isCausal: isCausal)
  }

  private static func mask(_ rate: Float) -> DropoutMask? {
    rate > 0 ? DropoutMask(key: 77, rate: rate) : nil
  }

  private static func factors(_ rate: Float, _ tokens: Int) -> Matrix? {
    mask(rate).map { Definition.factors($0, 2 * tokens, 16) }
  }
}
