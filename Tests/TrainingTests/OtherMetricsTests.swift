import Foundation
import Testing
import Training

/// The expected numbers are scipy 1.17.1's and scikit-learn 1.9.1's.
@Suite struct OtherMetricsTests {
  private func close(_ one: Double?, _ other: Double) -> Bool { one.map { abs($0 - other) < 1e-12 } ?? false }

  private func close(_ scores: MultiLabelMetrics.Scores, _ expected: (Double, Double, Double)) -> Bool {
    close(scores.precision, expected.0) && close(scores.recall, expected.1) && close(scores.f1, expected.2)
  }

  @Test func numbersWithTies() {
    let metrics = RegressionMetrics(
      expected: [1, 2, 2, 4, 5.5, 3, 3, 3], predicted: [2, 1, 1.5, 4, 5, 3, 2, 2.5])
    #expect(close(metrics.pearson, 0.8844856553463465) && close(metrics.spearman, 0.8521116419926434))
    #expect(close(metrics.meanSquaredError, 0.46875) && close(metrics.meanAbsoluteError, 0.5625))
    #expect(metrics.count == 8)
  }

  @Test func aConstantHasNoCorrelation() throws {
    let metrics = RegressionMetrics(expected: [1, 2, 3], predicted: [3, 3, 3])
    #expect(metrics.pearson == nil && metrics.spearman == nil && metrics.meanAbsoluteError == 1)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = String(decoding: try encoder.encode(metrics), as: UTF8.self)
    #expect(json.hasPrefix(#"{"mae":1,"mse":1.66"#) && !json.contains("pearsonr"))
    #expect(RegressionMetrics(expected: [], predicted: []).meanSquaredError == 0)
  }

  @Test func severalLabelsAText() {
    func rows(_ text: String) -> [[Bool]] { text.split(separator: " ").map { $0.map { $0 == "1" } } }
    let metrics = MultiLabelMetrics(
      expected: rows("101 010 000 110 001"), predicted: rows("100 011 000 100 100"), labels: ["a", "b", "c"])
    #expect(close(metrics.micro, (0.6, 0.5, 0.5454545454545454)))
    #expect(close(metrics.macro, (0.5555555555555555, 0.5, 0.48888888888888893)))
    #expect(close(metrics.weighted, (0.5555555555555555, 0.5, 0.48888888888888893)))
    #expect(close(metrics.samples, (0.5, 0.4, 0.4)))
    #expect(close(metrics.accuracy, 0.2) && close(metrics.hammingLoss, 1.0 / 3))
    #expect(close(metrics.labels[0].scores, (2.0 / 3, 1, 0.8)) && close(metrics.labels[2].scores, (0, 0, 0)))
    #expect(metrics.labels.map(\.support) == [2, 2, 2] && metrics.count == 5)
  }

  @Test func confidenceAndAccuracy() {
    let metrics = Calibration(
      confidences: [0.95, 0.9, 0.9, 0.85, 0.72, 0.65, 0.55, 0.5, 0.51, 0.3, 1, 0],
      isRight: [true, true, false, true, true, false, true, false, true, false, true, false])
    #expect(close(metrics.expectedError, 0.2808333333333333) && close(metrics.maximumError, 0.65))
    #expect(metrics.bins.map(\.count) == [1, 0, 1, 0, 1, 2, 1, 1, 3, 2])
    #expect(close(metrics.bins[8].accuracy, 2.0 / 3) && close(metrics.bins[8].confidence, 0.8833333333333333))
    #expect(close(metrics.bins[9].upper, 1) && close(metrics.bins[1].confidence, 0))
  }

  @Test func ofNothingNothingIsWrong() {
    let metrics = Calibration(confidences: [], isRight: [], bins: 5)
    #expect(metrics.expectedError == 0 && metrics.maximumError == 0 && metrics.bins.count == 5)
  }
}
