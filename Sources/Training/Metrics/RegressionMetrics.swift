/// How near predicted numbers come to the expected ones, under the names of Hugging Face's `evaluate`.
package struct RegressionMetrics: Equatable, Sendable, Encodable {
  package let meanSquaredError: Double
  package let meanAbsoluteError: Double
  /// Linear correlation; nil where one side is constant.
  package let pearson: Double?
  /// Correlation of ranks, equal numbers sharing the mean of theirs; nil where one side is constant.
  package let spearman: Double?
  /// How many rows were compared.
  package let count: Int

  enum CodingKeys: String, CodingKey {
    case meanSquaredError = "mse"
    case meanAbsoluteError = "mae"
    case pearson = "pearsonr"
    case spearman = "spearmanr"
    case count = "samples"
  }

  /// Compares row by row; both lists are of one length.
  package init(expected: [Double], predicted: [Double]) {
    precondition(expected.count == predicted.count)
    let errors = zip(expected, predicted).map { $1 - $0 }
    meanSquaredError = average(errors.map { $0 * $0 })
    meanAbsoluteError = average(errors.map(\.magnitude))
    pearson = Self.correlation(expected, predicted)
    spearman = Self.correlation(Self.ranks(expected), Self.ranks(predicted))
    count = expected.count
  }

  private static func correlation(_ one: [Double], _ other: [Double]) -> Double? {
    func deviations(_ values: [Double]) -> [Double] {
      let mean = average(values)
      return values.map { $0 - mean }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let (a, b) = (deviations(one), deviations(other))
    let spread = (product(a, a) * product(b, b)).squareRoot()
    guard spread > 0, spread.isFinite else { return nil }
    return max(-1, min(1, product(a, b) / spread))
  }

  /// Ranks from 1; equal numbers share the mean of their ranks.
  private static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      let end = order[start...].firstIndex { values[$0] != values[order[start]] } ?? order.count
      for place in order[start..<end] { ranks[place] = Double(start + end + 1) / 2 }
      start = end
    }
    return ranks
  }
}
