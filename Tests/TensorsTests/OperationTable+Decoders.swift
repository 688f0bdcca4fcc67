import Tensors

/// Operations that only decoders have, and variants that only they take.
extension OperationCase {
  /// Weights that are [in, out].
  static let transposed: [OperationCase] =
    [
      (5, 7, 3), (1, 7, 3), (1, 70, 300), (3, 7, 3), (301, 72, 100), (101, 150, 141),
    ].map { rows, inner, out in
      .init(
        "linear of \(rows) by a transposed weight of \(inner) by \(out)", [[rows, inner], [inner, out], [out]],
        { linear($0[0], [Affine($0[1], $0[2], isTransposed: true)], activation: .gelu) },
        { inputs in
          let weight = Matrix(out, inner) { inputs[1][$1, $0] }
          return Definition.linear(inputs[0], weight, inputs[2]).map(Definition.activation(.gelu))
        })
    }
    + [1, 4].map { rows in
      .init(
        "linear of \(rows) rows cut into bands", [[rows, 700], [300, 700], [300]],
        { linear($0[0], $0[1], $0[2]) }, { Definition.linear($0[0], $0[1], $0[2]) })
    }

  static let gates: [OperationCase] = [Activation.silu, .geluTanh, .relu].map { kind in
    .init("gate of \(kind)", [[5, 14]], { gate($0[0], kind) }, { Definition.gate($0[0], kind) })
  }

  /// Two heads of six in a row of fifteen, of which four or six columns turn.
  static let rotaries: [OperationCase] = [[1.0, 0.1], [1, 0.3, 0.01]].map { frequencies in
    .init(
      "rotary of \(frequencies.count) pairs", [[5, 15]],
      {
        rotary(
          $0[0], heads: 2, headWidth: 6,
          RotaryAngles(positions: [0, 1, 2, 7, 0], frequencies: frequencies.map(Float.init)))
      },
      {
        Definition.rotary(
          $0[0], heads: 2, headWidth: 6, positions: [0, 1, 2, 7, 0],
          frequencies: frequencies.map { Double(Float($0)) })
      })
  }

  /// Four heads of three, two of keys.
  static let grouped: [OperationCase] = [[0, 6], [0, 1, 5, 8], [0, 1, 2]].map { boundaries in
    let tokens = boundaries[boundaries.count - 1]
    let shape = AttentionShape(
      heads: 4, memoryHeads: 2, headWidth: 3, queries: boundaries, memory: boundaries, scale: 0.577, isCausal: true)
    return .init(
      "attention of grouped heads over \(boundaries)", [[tokens, 24]],
      { attention(Columns($0[0], from: 0), Columns($0[0], from: 12), Columns($0[0], from: 18), shape) },
      { Definition.attention(($0[0], 0), ($0[0], 12), ($0[0], 18), shape) })
  }

  /// Scores with a bias by distance; places ahead share a row of the table with some behind.
  static let biased: [OperationCase] = [false, true].flatMap { isCausal in
    [[0, 6], [0, 1, 5, 8], [0, 2]].map { boundaries in
      let tokens = boundaries[boundaries.count - 1]
      let shape = AttentionShape(
        heads: 2, headWidth: 3, queries: boundaries, memory: boundaries, scale: 1, isCausal: isCausal)
      let bucket: @Sendable (Int) -> Int = { min(4, abs($0)) }
      return .init(
        "attention with a bias\(isCausal ? ", causal," : "") over \(boundaries)", [[tokens, 18], [5, 2]],
        {
          attention(
            Columns($0[0], from: 0), Columns($0[0], from: 6), Columns($0[0], from: 12), shape,
            bias: RelativeBias($0[1], distances: -7...7, bucket: bucket))
        },
        {
          Definition.attention(
            ($0[0], 0), ($0[0], 6), ($0[0], 12), shape, bias: (table: $0[1], bucket: bucket))
        })
    }
  }

  /// Cells over sequences of several lengths, from zeros and from cells that are there.
  static let recurrences: [OperationCase] = [[0, 5], [0, 1, 5, 8]].flatMap { boundaries in
    [recurrence(boundaries, nil), recurrence(boundaries, normals(3 * (boundaries.count - 1), seed: 42))]
  }

  private static func recurrence(_ boundaries: [Int], _ starts: [Float]?) -> OperationCase {
    let shape = [boundaries[boundaries.count - 1], 6]
    let name = "recurrence over \(boundaries)" + (starts == nil ? "" : " from cells that are there")
    return OperationCase(name, [shape]) { inputs in
      let cells = starts.map { Tensor([boundaries.count - 1, 3], $0) }
      return Tensors.recurrence(inputs[0], boundaries: boundaries, starts: cells)
    } _: { inputs in
      let cells = starts.map { Matrix(columns: 3, $0.map(Double.init)) }
      return Definition.recurrence(inputs[0], boundaries: boundaries, starts: cells)
    }
  }
}
