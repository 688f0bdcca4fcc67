/// Whether a model is right as often as it says: of all answers with a confidence of 0.8, 80% should be right.
package struct Calibration: Equatable, Sendable, Codable {
  /// The answers whose confidence lies above `lower` and up to `upper`.
  package struct Bin: Equatable, Sendable, Codable {
    package let lower: Double
    package let upper: Double
    package let count: Int
    /// The share that is right; 0 of an empty bin.
    package let accuracy: Double
    /// The mean of what they said; 0 of an empty bin.
    package let confidence: Double
  }

  /// The mean distance of accuracy and confidence, each bin weighing as many answers as it holds (Guo et al. 2017).
  package let expectedError: Double
  /// The largest distance of a bin.
  package let maximumError: Double
  /// Of one width, from 0 to 1.
  package let bins: [Bin]

  enum CodingKeys: String, CodingKey {
    case expectedError = "ece"
    case maximumError = "mce"
    case bins
  }

  /// - Parameters:
  ///   - confidences: the probability of each answer that was given, 0 to 1
  ///   - isRight: whether it was right
  package init(confidences: [Double], isRight: [Bool], bins count: Int = 10) {
    precondition(confidences.count == isRight.count && count > 0)
    var members = [[Int]](repeating: [], count: count)
    for (place, confidence) in confidences.enumerated() where !confidence.isNaN {
      let bin = Int((min(max(confidence, 0), 1) * Double(count)).rounded(.up)) - 1
      members[max(0, bin)].append(place)
    }
    bins = members.enumerated().map { index, places in
      Bin(
        lower: Double(index) / Double(count), upper: Double(index + 1) / Double(count), count: places.count,
        accuracy: quotient(places.count { isRight[$0] }, places.count),
        confidence: average(places.map { confidences[$0] }))
    }
    let gaps = bins.map { ($0.accuracy - $0.confidence).magnitude }
    expectedError = quotient(
      zip(bins, gaps).reduce(0) { $0 + Double($1.0.count) * $1.1 }, Double(bins.reduce(0) { $0 + $1.count }))
    maximumError = gaps.max() ?? 0
  }
}
