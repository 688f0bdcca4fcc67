import Tensors

/// Seeded values from a normal distribution.
func normals(_ count: Int, seed: UInt64, deviation: Float = 1) -> [Float] {
  var generator = Generator(seed: seed)
  return (0..<count).map { _ in generator.normal(deviation: deviation) }
}

func randomTensor(_ shape: [Int], seed: UInt64, deviation: Float = 1) -> Tensor {
  Tensor(shape, normals(shape.reduce(1, *), seed: seed, deviation: deviation))
}

func randomParameter(
  _ shape: [Int], seed: UInt64, isTable: Bool = false, paddingRow: Int32? = nil
) -> Parameter {
  Parameter(
    "p\(seed)", shape, randomTensor(shape, seed: seed).buffer, isTable: isTable, paddingRow: paddingRow)
}

/// The sum of every value times its own random factor: any wrong gradient shows in it.
func projected(_ x: Tensor, seed: UInt64 = 99) -> Tensor {
  linear(x.reshaped([1, x.count]), randomTensor([1, x.count], seed: seed), nil)  // [1, 1]
}

extension Parameter {
  /// The gradient as a whole array; nil where none arrived.
  var whole: [Float]? {
    switch gradient {
    case nil: return nil
    case .dense(let buffer): return (0..<count).map { buffer.base[$0] }
    case .rows(let rows):
      var values = [Float](repeating: 0, count: count)
      for (place, row) in rows.rows.enumerated() {
        for column in 0..<rows.width {
          values[Int(row) * rows.width + column] = rows.pointer[place * rows.width + column]
        }
      }
      return values
    }
  }

  var isSparse: Bool {
    if case .rows = gradient { true } else { false }
  }
}

/// The largest difference, as a share of the largest wanted value (at least of 1). Not-a-number is infinite.
func relativeError(_ ours: [Float], _ wanted: [Double]) -> Double {
  guard ours.count == wanted.count else { return .infinity }
  let magnitude = wanted.reduce(1) { max($0, abs($1)) }
  return zip(ours, wanted).reduce(0) { worst, pair in
    let difference = abs(Double(pair.0) - pair.1)
    return difference.isNaN ? .infinity : max(worst, difference / magnitude)
  }
}

func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }
