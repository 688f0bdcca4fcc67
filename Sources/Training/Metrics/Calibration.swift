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
    var tally = Tally(bins: count)
    for (confidence, isRight) in zip(confidences, isRight) { tally.add(confidence, isRight: isRight) }
    self.init(tally)
  }

  /// Answers that are added one by one; nothing of each is kept.
  package struct Tally: Sendable {
    fileprivate var bins: [(count: Int, right: Int, confidence: Double)]

    package init(bins count: Int = 10) { bins = (0..<count).map { _ in (0, 0, 0) } }

    package mutating func add(_ confidence: Double, isRight: Bool) {
      guard !confidence.isNaN else { return }
      let bin = max(0, Int((min(max(confidence, 0), 1) * Double(bins.count)).rounded(.up)) - 1)
      bins[bin].count += 1
      bins[bin].right += isRight ? 1 : 0
      bins[bin].confidence += confidence
    }
  }

  package init(_ tally: Tally) {
    let count = Double(tally.bins.count)
    bins = tally.bins.enumerated().map { index, bin in
      Bin(
        lower: Double(index) / count, upper: Double(index + 1) / count, count: bin.count,
        accuracy: quotient(bin.right, bin.count), confidence: quotient(bin.confidence, Double(bin.count)))
    }
    let gaps = bins.map { ($0.accuracy - $0.confidence).magnitude }
    expectedError = quotient(
      zip(bins, gaps).reduce(0) { $0 + Double($1.0.count) * $1.1 }, Double(bins.reduce(0) { $0 + $1.count }))
    maximumError = gaps.max() ?? 0
  }
}
