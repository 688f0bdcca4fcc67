import Foundation
import Testing
import Training

/// The expected numbers are scikit-learn 1.9.1's.
@Suite struct MetricsTests {
  private func close(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-12 }

  private func close(_ scores: ClassificationMetrics.Scores, _ expected: (Double, Double, Double)) -> Bool {
    close(scores.precision, expected.0) && close(scores.recall, expected.1) && close(scores.f1, expected.2)
  }

  @Test func twoLabels() {
    let metrics = ClassificationMetrics(
      expected: [1, 1, 1, 1, 0, 0, 0, 0, 0, 0], predicted: [1, 1, 1, 0, 1, 1, 0, 0, 0, 0],
      labels: ["NEGATIVE", "POSITIVE"])
    #expect(close(metrics.accuracy, 0.7))
    #expect(close(metrics.matthews, 0.408248290463863))
    #expect(metrics.confusion == [[4, 2], [1, 3]])
    #expect(close(metrics.headline, (0.6, 0.75, 2 / 3)))
    #expect(close(metrics.macro, (0.7, 0.7083333333333333, 0.696969696969697)))
    #expect(close(metrics.micro, (0.7, 0.7, 0.7)))
    #expect(close(metrics.weighted, (0.72, 0.7, 0.7030303030303029)))
    #expect(close(metrics.labels[0].scores, (0.8, 2 / 3, 8.0 / 11)))
    #expect(metrics.labels.map(\.support) == [6, 4])
    #expect(metrics.labels.map(\.label) == ["NEGATIVE", "POSITIVE"])
  }

  /// Label 3 is known but occurs nowhere: it has scores of 0 and no part in the averages.
  @Test func fiveLabelsOfWhichFourOccur() {
    let metrics = ClassificationMetrics(
      expected: [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 4], predicted: [0, 0, 1, 2, 1, 1, 0, 2, 2, 2, 1, 4, 2],
      labels: ["a", "b", "c", "d", "e"])
    #expect(close(metrics.accuracy, 0.5384615384615384))
    #expect(close(metrics.matthews, 0.3474576271186441))
    #expect(close(metrics.macro, (0.44166666666666665, 0.44166666666666665, 0.4357142857142857)))
    #expect(close(metrics.weighted, (0.5512820512820512, 0.5384615384615384, 0.5384615384615384)))
    #expect(close(metrics.micro, (7.0 / 13, 7.0 / 13, 7.0 / 13)))
    #expect(metrics.headline == metrics.macro)
    #expect(metrics.labels.map(\.support) == [4, 3, 5, 0, 1])
    #expect(close(metrics.labels[3].scores, (0, 0, 0)))
    #expect(metrics.confusion[2] == [0, 1, 3, 0, 1])
  }

  @Test func aDivisorOfZeroGivesZero() {
    let labels = ["NEGATIVE", "POSITIVE"]
    let onlyNegative = ClassificationMetrics(expected: [0, 0, 0], predicted: [0, 0, 0], labels: labels)
    #expect(onlyNegative.accuracy == 1 && onlyNegative.f1 == 0 && onlyNegative.matthews == 0)
    #expect(close(onlyNegative.macro, (1, 1, 1)))
    let always = ClassificationMetrics(expected: [0, 1, 0, 1], predicted: [1, 1, 1, 1], labels: labels)
    #expect(close(always.headline, (0.5, 1, 2 / 3)) && always.matthews == 0)
    #expect(close(always.macro, (0.25, 0.5, 1 / 3)))
    let none = ClassificationMetrics(expected: [], predicted: [], labels: labels)
    #expect(none.accuracy == 0 && none.f1 == 0 && none.macro.f1 == 0 && none.weighted.recall == 0)
  }

  @Test func theWordsOfTheJSON() throws {
    let metrics = ClassificationMetrics(expected: [1, 0], predicted: [1, 1], labels: ["no", "yes"])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(metrics), as: UTF8.self) == """
        {"accuracy":0.5,"confusion_matrix":[[0,1],[0,1]],"f1":0.6666666666666666,\
        "f1_macro":0.3333333333333333,"f1_micro":0.5,"f1_weighted":0.3333333333333333,"labels":[\
        {"f1":0,"label":"no","precision":0,"recall":0,"support":1},\
        {"f1":0.6666666666666666,"label":"yes","precision":0.5,"recall":1,"support":1}],\
        "matthews_correlation":0,"precision":0.5,"precision_macro":0.25,"recall":1,"recall_macro":0.5,\
        "samples":2}
        """)
  }
}
