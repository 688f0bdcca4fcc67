import Foundation
import Tensors

/// A matrix of doubles, for definitions that are written to be read.
struct Matrix: Sendable {
  let columns: Int
  var values: [Double]

  init(columns: Int, _ values: [Double]) {
    self.columns = columns
    self.values = values
  }

  init(_ rows: Int, _ columns: Int) {
    self.init(columns: columns, Array(repeating: 0, count: rows * columns))
  }

  init(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Double) {
    self.init(rows, columns)
    for row in 0..<rows { for column in 0..<columns { self[row, column] = value(row, column) } }
  }

  var rows: Int { columns == 0 ? 0 : values.count / columns }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  func map(_ function: (Double) -> Double) -> Matrix { Matrix(columns: columns, values.map(function)) }

  static func + (a: Matrix, b: Matrix) -> Matrix {
    Matrix(columns: a.columns, zip(a.values, b.values).map { $0 + $1 })
  }

  static func * (a: Matrix, b: Matrix) -> Matrix {
    Matrix(columns: a.columns, zip(a.values, b.values).map { $0 * $1 })
  }
}

/// What each operation means, in doubles and without a thought for speed.
enum Definition {
  static func linear(_ x: Matrix, _ weight: Matrix, _ bias: Matrix? = nil) -> Matrix {
    Matrix(x.rows, weight.rows) { row, out in
      (0..<x.columns).reduce(bias?.values[out] ?? 0) { $0 + x[row, $1] * weight[out, $1] }
    }
  }

  static func activation(_ kind: Activation) -> (Double) -> Double {
    switch kind {
    case .gelu: { 0.5 * $0 * erfc(-$0 / 2.0.squareRoot()) }
    case .geluTanh:
      { 0.5 * $0 * (1 + Foundation.tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
    case .relu: { max(0, $0) }
    case .tanh: { Foundation.tanh($0) }
    case .silu: { $0 < -700 ? 0 : $0 / (1 + exp(-$0)) }
    }
  }

  static func softmax(_ row: [Double]) -> [Double] {
    let largest = row.max() ?? 0
    let powers = row.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  static func softmax(_ x: Matrix) -> Matrix {
    Matrix(columns: x.columns, (0..<x.rows).flatMap { row in softmax((0..<x.columns).map { x[row, $0] }) })
  }

  static func layerNorm(_ x: Matrix, _ weight: Matrix, _ bias: Matrix, epsilon: Double) -> Matrix {
    var out = x
    for row in 0..<x.rows {
      let values = (0..<x.columns).map { x[row, $0] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      for (column, value) in values.enumerated() {
        out[row, column] =
          (value - mean) / (variance + epsilon).squareRoot() * weight.values[column] + bias.values[column]
      }
    }
    return out
  }

  static func rmsNorm(_ x: Matrix, _ weight: Matrix, epsilon: Double) -> Matrix {
    Matrix(x.rows, x.columns) { row, column in
      let squares = (0..<x.columns).reduce(0) { $0 + x[row, $1] * x[row, $1] }
      return x[row, column] / (squares / Double(x.columns) + epsilon).squareRoot() * weight.values[column]
    }
  }

  static func gate(_ x: Matrix, _ kind: Activation) -> Matrix {
    let width = x.columns / 2
    return Matrix(x.rows, width) { row, column in activation(kind)(x[row, column]) * x[row, width + column] }
  }

  /// The first `heads` heads of every row turned, pair by pair.
  static func rotary(_ x: Matrix, heads: Int, headWidth: Int, positions: [Int], frequencies: [Double]) -> Matrix {
    var out = x
    let half = frequencies.count
    for row in 0..<x.rows {
      for head in 0..<heads {
        for (pair, frequency) in frequencies.enumerated() {
          let (angle, first) = (Double(positions[row]) * frequency, head * headWidth + pair)
          let (a, b) = (x[row, first], x[row, first + half])
          out[row, first] = a * cos(angle) - b * sin(angle)
          out[row, first + half] = b * cos(angle) + a * sin(angle)
        }
      }
    }
    return out
  }

  /// - Parameters:
  ///   - factors: of the probabilities, [heads * queries of all sequences, longest memory]
  ///   - bias: a table [buckets, heads], and its row for memory minus query
  static func attention(
    _ q: (Matrix, Int), _ k: (Matrix, Int), _ v: (Matrix, Int), _ shape: AttentionShape,
    factors: Matrix? = nil, bias: (table: Matrix, bucket: (Int) -> Int)? = nil
  ) -> Matrix {
    let width = shape.headWidth
    var out = Matrix(shape.queries.last ?? 0, shape.heads * width)
    for sequence in 0..<shape.queries.count - 1 {
      let (queries, memory) = shape.sizes(sequence)
      let firstQuery = shape.queries[sequence]
      let rows: [Int] =
        switch shape.memory[sequence] {
        case .span(let span): Array(span)
        case .scattered(let rows): rows.map(Int.init)
        }
      for head in 0..<shape.heads {
        let memoryHead = head * shape.memoryHeads / shape.heads
        for query in 0..<queries {
          let seen = shape.isCausal ? query + 1 + memory - queries : memory
          let scores = (0..<seen).map { key in
            (0..<width).reduce(0.0) { sum, column in
              sum + q.0[firstQuery + query, q.1 + head * width + column]
                * k.0[rows[key], k.1 + memoryHead * width + column]
            } * Double(shape.scale)
              + (bias.map { $0.table[$0.bucket(key - query - memory + queries), head] } ?? 0)
          }
          for (key, probability) in softmax(scores).enumerated() {
            let factor = factors?[firstQuery * shape.heads + head * queries + query, key] ?? 1
            for column in 0..<width {
              out[firstQuery + query, head * width + column] +=
                factor * probability * v.0[rows[key], v.1 + memoryHead * width + column]
            }
          }
        }
      }
    }
    return out
  }

  static func gather(_ tables: [(Matrix, [Int32])]) -> Matrix {
    Matrix(tables[0].1.count, tables[0].0.columns) { token, column in
      tables.reduce(0) { $1.1[token] < 0 ? $0 : $0 + $1.0[Int($1.1[token]), column] }
    }
  }

  static func recurrence(_ x: Matrix, boundaries: [Int], starts: Matrix?) -> Matrix {
    let width = x.columns / 2
    var cells = Matrix(x.rows, width)
    for (sequence, (start, end)) in zip(boundaries, boundaries.dropFirst()).enumerated() {
      for token in start..<end {
        for column in 0..<width {
          let keep = 1 / (1 + exp(-x[token, column]))
          let before = token > start ? cells[token - 1, column] : starts?[sequence, column] ?? 0
          cells[token, column] = keep * before + (1 - keep) * x[token, width + column]
        }
      }
    }
    return cells
  }

  static func slice(_ x: Matrix, _ columns: Range<Int>) -> Matrix {
    Matrix(x.rows, columns.count) { x[$0, columns.lowerBound + $1] }
  }

  static func concatenate(_ parts: [Matrix]) -> Matrix {
    var values: [Double] = []
    for row in 0..<parts[0].rows {
      for part in parts { values += (0..<part.columns).map { part[row, $0] } }
    }
    return Matrix(columns: parts.reduce(0) { $0 + $1.columns }, values)
  }

  static func mean(_ x: Matrix, _ boundaries: [Int]) -> Matrix {
    Matrix(boundaries.count - 1, x.columns) { sequence, column in
      let span = boundaries[sequence]..<boundaries[sequence + 1]
      return span.reduce(0) { $0 + x[$1, column] } / Double(span.count)
    }
  }

  static func crossEntropy(
    _ logits: Matrix, _ predictions: [Prediction], smoothing: Double = 0
  ) -> Matrix {
    guard !predictions.isEmpty else { return Matrix(columns: 1, [0]) }
    let losses = predictions.map { prediction in
      let costs = softmax((0..<prediction.count).map { logits.values[prediction.start + $0 * prediction.stride] })
        .map { -log($0) }
      return (1 - smoothing) * costs[prediction.target] + smoothing * costs.reduce(0, +) / Double(costs.count)
    }
    return Matrix(columns: 1, [losses.reduce(0, +) / Double(losses.count)])
  }

  static func crossEntropy(_ logits: Matrix, rows: [Int], _ mixtures: [Mixture]) -> Matrix {
    let losses = zip(rows, mixtures).map { row, mixture in
      let costs = softmax((0..<logits.columns).map { logits[row, $0] }).map { -log($0) }
      return zip(mixture.classes, mixture.shares).reduce(0) { $0 + Double($1.1) * costs[$1.0] }
    }
    return Matrix(columns: 1, [losses.reduce(0, +) / Double(losses.count)])
  }

  static func binaryCrossEntropy(_ logits: Matrix, _ targets: [Double]) -> Matrix {
    let losses = zip(logits.values, targets).map { x, target in
      let probability = 1 / (1 + exp(-x))
      return -target * log(probability) - (1 - target) * log(1 - probability)
    }
    return Matrix(columns: 1, [losses.reduce(0, +) / Double(losses.count)])
  }

  static func meanSquaredError(_ x: Matrix, _ targets: [Double]) -> Matrix {
    let squares = zip(x.values, targets).map { ($0 - $1) * ($0 - $1) }
    return Matrix(columns: 1, [squares.reduce(0, +) / Double(squares.count)])
  }

  static func lowRank(
    _ x: Matrix, _ dropped: Matrix, _ weight: Matrix, _ down: Matrix, _ up: Matrix, scale: Double
  ) -> Matrix {
    linear(x, weight) + linear(linear(dropped, down), up).map { scale * $0 }
  }

  /// What the mask multiplies with, read off by sending ones through it.
  static func factors(_ mask: DropoutMask, _ rows: Int, _ columns: Int) -> Matrix {
    let ones = Tensor([rows, columns], Array(repeating: 1, count: rows * columns))
    return Matrix(columns: columns, dropout(ones, mask).values.map(Double.init))
  }
}
