import Tensors
import Testing

/// One differentiable operation: how the engine computes it, and what it means.
struct OperationCase: Sendable, CustomTestStringConvertible {
  struct Input: Sendable {
    let shape: [Int]
    /// Gathered by rows, so that its gradient stays sparse.
    var isTable = false
    /// The row that gets no gradient.
    var paddingRow: Int32?
  }

  let name: String
  let inputs: [Input]
  let ours: @Sendable ([Tensor]) -> Tensor
  let definition: @Sendable ([Matrix]) -> Matrix

  init(
    _ name: String, _ inputs: [Input], _ ours: @escaping @Sendable ([Tensor]) -> Tensor,
    _ definition: @escaping @Sendable ([Matrix]) -> Matrix
  ) {
    self.name = name
    self.inputs = inputs
    self.ours = ours
    self.definition = definition
  }

  init(
    _ name: String, _ shapes: [[Int]], _ ours: @escaping @Sendable ([Tensor]) -> Tensor,
    _ definition: @escaping @Sendable ([Matrix]) -> Matrix
  ) {
    self.init(name, shapes.map { Input(shape: $0) }, ours, definition)
  }

  var testDescription: String { name }

  /// Every differentiable operation, in the variants that take another way through its code.
  static let all =
    linears + transposed + lowRanks + attentions + biased + grouped + rotaries + gates + recurrences + norms
    + elementwise + gathers
    + shapes + losses + otherLosses + joined
}

extension OperationCase {
  static let linears: [OperationCase] =
    [
      .init(
        "linear", [[5, 7], [3, 7], [3]], { linear($0[0], $0[1], $0[2]) },
        { Definition.linear($0[0], $0[1], $0[2]) }),
      .init(
        "linear without bias", [[5, 7], [3, 7]], { linear($0[0], $0[1], nil) },
        { Definition.linear($0[0], $0[1]) }),
      .init("linear of one value", [[1, 1], [1, 1], [1]], { linear($0[0], $0[1], $0[2]) }) {
        Definition.linear($0[0], $0[1], $0[2])
      },
      .init(
        "linear of three joint maps", [[4, 6], [5, 6], [5], [2, 6], [3, 6], [3]],
        { linear($0[0], [Affine($0[1], $0[2]), Affine($0[3], nil), Affine($0[4], $0[5])]) },
        {
          Definition.concatenate([
            Definition.linear($0[0], $0[1], $0[2]), Definition.linear($0[0], $0[3]),
            Definition.linear($0[0], $0[4], $0[5]),
          ])
        }),
      .init(
        "linear of one map joined twice", [[4, 6], [5, 6], [5]],
        { linear($0[0], [Affine($0[1], $0[2]), Affine($0[1], $0[2])]) },
        {
          let once = Definition.linear($0[0], $0[1], $0[2])
          return Definition.concatenate([once, once])
        }),
      .init(
        "linear cut by rows", [[301, 72], [100, 72], [100]],
        { linear($0[0], $0[1], $0[2], activation: .gelu) }
      ) {
        Definition.linear($0[0], $0[1], $0[2]).map(Definition.activation(.gelu))
      },
      .init(
        "linear cut by columns", [[101, 150], [141, 150], [141]],
        { linear($0[0], $0[1], $0[2], activation: .tanh) }
      ) {
        Definition.linear($0[0], $0[1], $0[2]).map(Definition.activation(.tanh))
      },
    ]
    + Activation.allCases.map { kind in
      .init(
        "linear, then \(kind)", [[5, 7], [3, 7], [3]], { linear($0[0], $0[1], $0[2], activation: kind) }
      ) {
        Definition.linear($0[0], $0[1], $0[2]).map(Definition.activation(kind))
      }
    }
    + Activation.allCases.map { kind in
      .init(
        "linear of two joint maps, then \(kind)", [[5, 7], [3, 7], [3], [4, 7]],
        { linear($0[0], [Affine($0[1], $0[2]), Affine($0[3], nil)], activation: kind) },
        {
          Definition.concatenate([Definition.linear($0[0], $0[1], $0[2]), Definition.linear($0[0], $0[3])])
            .map(Definition.activation(kind))
        })
    }

  /// Inputs: x, the weight, then the two halves.
  static let lowRanks: [OperationCase] = [
    .init(
      "linear with a low-rank addition", [[5, 7], [3, 7], [2, 7], [3, 2]],
      { linear($0[0], [Affine($0[1], nil, lowRank: LowRank(down: $0[2], up: $0[3], scale: 1.5))]) },
      { Definition.lowRank($0[0], $0[0], $0[1], $0[2], $0[3], scale: 1.5) }),
    .init(
      "linear with a low-rank addition and dropout", [[5, 7], [3, 7], [2, 7], [3, 2]],
      {
        let mask = DropoutMask(key: 9, rate: 0.4)
        return linear(
          $0[0], [Affine($0[1], nil, lowRank: LowRank(down: $0[2], up: $0[3], scale: 0.5, dropout: mask))])
      },
      {
        let factors = Definition.factors(DropoutMask(key: 9, rate: 0.4), 5, 7)
        return Definition.lowRank($0[0], $0[0] * factors, $0[1], $0[2], $0[3], scale: 0.5)
      }),
    .init(
      "linear of a joint map with a low-rank addition beside a plain one, cut by rows",
      [[301, 72], [60, 72], [3, 72], [60, 3], [50, 72]],
      {
        linear(
          $0[0], [Affine($0[1], nil, lowRank: LowRank(down: $0[2], up: $0[3], scale: 2)), Affine($0[4], nil)],
          activation: .gelu)
      },
      {
        Definition.concatenate([
          Definition.lowRank($0[0], $0[0], $0[1], $0[2], $0[3], scale: 2), Definition.linear($0[0], $0[4]),
        ]).map(Definition.activation(.gelu))
      }),
    .init(
      "linear with a low-rank addition cut by columns", [[101, 150], [141, 150], [4, 150], [141, 4]],
      { linear($0[0], [Affine($0[1], nil, lowRank: LowRank(down: $0[2], up: $0[3], scale: 0.25))]) },
      { Definition.lowRank($0[0], $0[0], $0[1], $0[2], $0[3], scale: 0.25) }),
  ]

  static let norms: [OperationCase] = [
    .init("rmsNorm", [[5, 8], [8]], { rmsNorm($0[0], weight: $0[1], epsilon: 1e-5) }) {
      Definition.rmsNorm($0[0], $0[1], epsilon: 1e-5)
    },
    .init("rmsNorm of many rows", [[150, 19], [19]], { rmsNorm($0[0], weight: $0[1], epsilon: 1e-6) }) {
      Definition.rmsNorm($0[0], $0[1], epsilon: 1e-6)
    },
    .init("layerNorm", [[5, 8], [8], [8]], { layerNorm($0[0], weight: $0[1], bias: $0[2], epsilon: 1e-5) }) {
      Definition.layerNorm($0[0], $0[1], $0[2], epsilon: 1e-5)
    },
    .init(
      "layerNorm of many rows", [[150, 19], [19], [19]],
      { layerNorm($0[0], weight: $0[1], bias: $0[2], epsilon: 1e-12) }
    ) {
      Definition.layerNorm($0[0], $0[1], $0[2], epsilon: 1e-12)
    },
    .init(
      "layerNorm of a residual sum", [[5, 8], [5, 8], [8], [8]],
      { layerNorm($0[0], residual: $0[1], weight: $0[2], bias: $0[3], epsilon: 1e-5) },
      { Definition.layerNorm($0[0] + $0[1], $0[2], $0[3], epsilon: 1e-5) }),
    .init(
      "layerNorm of x added to itself", [[5, 8], [8], [8]],
      { layerNorm($0[0], residual: $0[0], weight: $0[1], bias: $0[2], epsilon: 1e-5) },
      { Definition.layerNorm($0[0] + $0[0], $0[1], $0[2], epsilon: 1e-5) }),
    .init(
      "layerNorm of a residual sum with dropout", [[70, 9], [70, 9], [9], [9]],
      {
        layerNorm(
          $0[0], residual: $0[1], dropout: DropoutMask(key: 5, rate: 0.3), weight: $0[2], bias: $0[3],
          epsilon: 1e-5)
      },
      {
        let factors = Definition.factors(DropoutMask(key: 5, rate: 0.3), 70, 9)
        return Definition.layerNorm($0[0] * factors + $0[1], $0[2], $0[3], epsilon: 1e-5)
      }),
  ]

  static let elementwise: [OperationCase] =
    Activation.allCases.map { kind in
      .init(
        "\(kind)", [[7, 11]], { kind(scale($0[0], by: 3)) },
        { $0[0].map { Definition.activation(kind)(3 * $0) } })
    } + [
      .init("add", [[3, 5], [3, 5]], { add($0[0], $0[1]) }, { $0[0] + $0[1] }),
      .init("add to itself", [[3, 5]], { add($0[0], $0[0]) }, { $0[0] + $0[0] }),
      .init("add many", [[70_001], [70_001]], { add($0[0], $0[1]) }, { $0[0] + $0[1] }),
      .init("multiply", [[3, 5], [3, 5]], { multiply($0[0], $0[1]) }, { $0[0] * $0[1] }),
      .init("multiply by itself", [[3, 5]], { multiply($0[0], $0[0]) }, { $0[0] * $0[0] }),
      .init("multiply many", [[70_001], [70_001]], { multiply($0[0], $0[1]) }, { $0[0] * $0[1] }),
      .init("scale", [[3, 5]], { scale($0[0], by: -2.5) }, { $0[0].map { -2.5 * $0 } }),
      .init("dropout", [[9, 13]], { dropout($0[0], DropoutMask(key: 1, rate: 0.5)) }) {
        $0[0] * Definition.factors(DropoutMask(key: 1, rate: 0.5), 9, 13)
      },
      .init("dropout of rate nothing", [[9, 13]], { dropout($0[0], nil) }, { $0[0] }),
      .init("softmax", [[4, 9]], { softmax($0[0]) }, { Definition.softmax($0[0]) }),
      .init("softmax of one", [[4, 1]], { softmax($0[0]) }, { Definition.softmax($0[0]) }),
      .init("softmax of many rows", [[600, 31]], { softmax(scale($0[0], by: 4)) }) {
        Definition.softmax($0[0].map { 4 * $0 })
      },
    ]

  static let gathers: [OperationCase] = [
    .init(
      "gather of three tables with a padding row",
      [
        .init(shape: [9, 4], isTable: true, paddingRow: 0), .init(shape: [6, 4], isTable: true),
        .init(shape: [2, 4]),
      ],
      {
        gather([
          Lookup($0[0], [3, 0, 3, 8, 0], paddingRow: 0), Lookup($0[1], [0, 1, 2, 3, 4]),
          Lookup($0[2], [0, 0, 1, 1, 1]),
        ])
      },
      {
        Definition.gather([($0[0], [3, 0, 3, 8, 0]), ($0[1], [0, 1, 2, 3, 4]), ($0[2], [0, 0, 1, 1, 1])])
      }),
    .init(
      "gather of more rows than a sparse gradient first holds", [.init(shape: [300, 3], isTable: true)],
      { gather([Lookup($0[0], (0..<290).map { Int32($0 * 7 % 300) })]) },
      { Definition.gather([($0[0], (0..<290).map { Int32($0 * 7 % 300) })]) }),
    .init(
      "gather of one table under two names of rows", [.init(shape: [5, 3], isTable: true)],
      { gather([Lookup($0[0], [1, 2]), Lookup($0[0], [2, 4])]) },
      { Definition.gather([($0[0], [1, 2]), ($0[0], [2, 4])]) }),
    .init(
      "gather with a row that stands for nothing", [.init(shape: [5, 3], isTable: true), .init(shape: [4, 3])],
      { gather([Lookup($0[0], [1, -1, 1]), Lookup($0[1], [-1, -1, 3])]) },
      { Definition.gather([($0[0], [1, -1, 1]), ($0[1], [-1, -1, 3])]) }),
    .init("gather of rows of an activation", [[6, 3]], { gather(scale($0[0], by: 2), [5, 0, 5]) }) {
      Definition.gather([($0[0].map { 2 * $0 }, [5, 0, 5])])
    },
  ]

  static let shapes: [OperationCase] = [
    .init("slice", [[4, 9]], { slice($0[0], columns: 2..<6) }, { Definition.slice($0[0], 2..<6) }),
    .init(
      "slices that overlap", [[4, 9]], { add(slice($0[0], columns: 0..<5), slice($0[0], columns: 3..<8)) }
    ) {
      Definition.slice($0[0], 0..<5) + Definition.slice($0[0], 3..<8)
    },
    .init("concatenate", [[4, 2], [4, 5], [4, 1]], { concatenate($0) }, { Definition.concatenate($0) }),
    .init("concatenate with itself", [[4, 2]], { concatenate([$0[0], $0[0]]) }) {
      Definition.concatenate([$0[0], $0[0]])
    },
    .init(
      "mean", [[9, 3]], { mean($0[0], boundaries: [0, 4, 5, 9]) }, { Definition.mean($0[0], [0, 4, 5, 9]) }),
  ]

  static let losses: [OperationCase] = [
    .init(
      "crossEntropy with ignored targets", [[5, 4]],
      { crossEntropy($0[0], Prediction.rows([2, -100, 0, -100, 3], classes: 4)) }
    ) {
      Definition.crossEntropy($0[0], Prediction.rows([2, -100, 0, -100, 3], classes: 4))
    },
    .init("crossEntropy with nothing to predict", [[2, 4]], { crossEntropy($0[0], []) }) {
      Definition.crossEntropy($0[0], [])
    },
    .init(
      "crossEntropy of strided columns", [[7, 2]], { crossEntropy($0[0], spans) },
      { Definition.crossEntropy($0[0], spans) }),
    .init("crossEntropy of one row asked twice", [[2, 4]], { crossEntropy($0[0], twice) }) {
      Definition.crossEntropy($0[0], twice)
    },
    .init("crossEntropy of mixtures", [[4, 5]], { crossEntropy($0[0], rows: [3, 1], mixtures) }) {
      Definition.crossEntropy($0[0], rows: [3, 1], mixtures)
    },
    .init("crossEntropy of no mixture", [[2, 4]], { crossEntropy($0[0], rows: [], []) }) {
      Definition.crossEntropy($0[0], [])
    },
  ]

  private static let mixtures = [
    Mixture(classes: [0, 4], shares: [0.25, 0.75]), Mixture(classes: [2], shares: [1]),
  ]

  /// Losses that do not ask for one class.
  static let otherLosses: [OperationCase] = [
    .init(
      "crossEntropy with smoothed targets", [[3, 4]],
      { crossEntropy($0[0], Prediction.rows([2, -100, 0], classes: 4), smoothing: 0.2) },
      { Definition.crossEntropy($0[0], Prediction.rows([2, -100, 0], classes: 4), smoothing: 0.2) }),
    .init(
      "crossEntropy of a map's outputs", [[5, 6], [4, 6], [4]],
      { crossEntropy($0[0], Affine($0[1], $0[2]), targets: [2, 0, 3, 3, 1], smoothing: 0.1) },
      {
        Definition.crossEntropy(
          Definition.linear($0[0], $0[1], $0[2]), Prediction.rows([2, 0, 3, 3, 1], classes: 4), smoothing: 0.1)
      }),
    .init(
      "crossEntropy of an adapted map's outputs", [[5, 6], [4, 6], [2, 6], [4, 2]],
      {
        crossEntropy(
          $0[0], Affine($0[1], nil, lowRank: LowRank(down: $0[2], up: $0[3], scale: 1.5)), targets: [2, 0, 3, 3, 1])
      },
      {
        Definition.crossEntropy(
          Definition.lowRank($0[0], $0[0], $0[1], $0[2], $0[3], scale: 1.5),
          Prediction.rows([2, 0, 3, 3, 1], classes: 4))
      }),
    .init(
      "binaryCrossEntropy", [[2, 3]], { binaryCrossEntropy(scale($0[0], by: 4), [1, 0, 0.25, 0, 1, 1]) },
      { Definition.binaryCrossEntropy($0[0].map { 4 * $0 }, [1, 0, 0.25, 0, 1, 1]) }),
    .init(
      "meanSquaredError", [[3, 1]], { meanSquaredError($0[0], [0.5, -2, 7]) },
      { Definition.meanSquaredError($0[0], [0.5, -2, 7]) }),
  ]

  private static let spans = [
    Prediction(start: 0, stride: 2, count: 3, target: 2),
    Prediction(start: 1, stride: 2, count: 3, target: 0),
    Prediction(start: 6, stride: 2, count: 4, target: 1),
    Prediction(start: 7, stride: 2, count: 4, target: 3),
  ]
  private static let twice = [
    Prediction(start: 4, stride: 1, count: 4, target: 0),
    Prediction(start: 4, stride: 1, count: 4, target: 2),
  ]

  /// Tensors that more than one operation reads.
  static let joined: [OperationCase] = [
    .init(
      "a table that is gathered and is the head too",
      [.init(shape: [8, 5], isTable: true), .init(shape: [8])],
      { linear(gather([Lookup($0[0], [1, 4, 1])]), $0[0], $0[1]) },
      { Definition.linear(Definition.gather([($0[0], [1, 4, 1])]), $0[0], $0[1]) }),
    .init(
      "a table that is the head first and then gathered",
      [.init(shape: [8, 5], isTable: true), .init(shape: [3, 5])],
      { add(linear($0[1], $0[0], nil), linear(gather([Lookup($0[0], [2, 2, 7])]), $0[0], nil)) },
      {
        Definition.linear($0[1], $0[0]) + Definition.linear(Definition.gather([($0[0], [2, 2, 7])]), $0[0])
      }),
    .init(
      "a table that is read whole and then gathered", [.init(shape: [4, 5], isTable: true)],
      { add(softmax($0[0]), gather([Lookup($0[0], [1, 3, 1, 0])])) },
      { Definition.softmax($0[0]) + Definition.gather([($0[0], [1, 3, 1, 0])]) }),
    .init(
      "a table that is gathered and then read whole", [.init(shape: [4, 5], isTable: true)],
      {
        let rows = gather([Lookup($0[0], [1, 3, 1, 0])])
        return add(rows, softmax($0[0]))
      },
      { Definition.softmax($0[0]) + Definition.gather([($0[0], [1, 3, 1, 0])]) }),
    .init(
      "one gradient shared by three tensors", [[3, 4], [3, 4]],
      { add(add($0[0], $0[1]), multiply(add($0[0], $0[1]), $0[0])) },
      { ($0[0] + $0[1]) + ($0[0] + $0[1]) * $0[0] }),
    .init(
      "a block with a residual", [[6, 8], [12, 8], [12], [8, 12], [8], [8], [8]],
      {
        let inner = linear($0[0], $0[1], $0[2], activation: .gelu)
        return layerNorm(
          linear(inner, $0[3], $0[4]), residual: $0[0], weight: $0[5], bias: $0[6], epsilon: 1e-12)
      },
      {
        let inner = Definition.linear($0[0], $0[1], $0[2]).map(Definition.activation(.gelu))
        return Definition.layerNorm(
          Definition.linear(inner, $0[3], $0[4]) + $0[0], $0[5], $0[6], epsilon: 1e-12)
      }),
  ]
}
