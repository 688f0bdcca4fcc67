import Foundation
import Testing
import Training

/// The expected numbers are seqeval 1.2.2's.
@Suite struct EntityMetricsTests {
  private func close(_ one: Double, _ other: Double) -> Bool { abs(one - other) < 1e-12 }

  private func close(_ scores: EntityMetrics.Scores, _ expected: (Double, Double, Double)) -> Bool {
    close(scores.precision, expected.0) && close(scores.recall, expected.1) && close(scores.f1, expected.2)
  }

  @Test func twoTagsAnEntity() {
    let metrics = EntityMetrics(
      expected: [
        ["O", "B-PER", "I-PER", "O", "B-LOC"], ["B-ORG", "I-ORG", "I-ORG", "O"], ["B-MISC", "O", "B-PER", "B-PER"],
      ],
      predicted: [
        ["O", "B-PER", "I-PER", "O", "B-ORG"], ["B-ORG", "I-ORG", "O", "O"], ["B-MISC", "O", "B-PER", "I-PER"],
      ])
    #expect(metrics.types.map(\.label) == ["LOC", "MISC", "ORG", "PER"])
    #expect(metrics.types.map(\.support) == [1, 1, 1, 3])
    #expect(close(metrics.types[3].scores, (0.5, 1.0 / 3, 0.4)))
    #expect(close(metrics.micro, (0.4, 1.0 / 3, 0.3636363636363636)))
    #expect(close(metrics.macro, (0.375, 1.0 / 3, 0.35)))
    #expect(close(metrics.weighted, (0.4166666666666667, 1.0 / 3, 0.3666666666666667)))
    #expect(close(metrics.accuracy, 0.7692307692307693))
    #expect(metrics.support == 6 && metrics.count == 3)
  }

  @Test func insideTagsAlone() {
    let metrics = EntityMetrics(
      expected: [["I-PER", "I-PER", "O", "I-LOC", "I-PER"], ["O", "I-ORG", "I-LOC"]],
      predicted: [["I-PER", "I-PER", "I-LOC", "I-LOC", "I-PER"], ["O", "I-ORG", "I-LOC"]])
    #expect(close(metrics.micro, (0.8, 0.8, 0.8)))
    #expect(close(metrics.macro, (5.0 / 6, 5.0 / 6, 5.0 / 6)))
    #expect(close(metrics.types[0].scores, (0.5, 0.5, 0.5)))
  }

  @Test func endsAndSingles() {
    let metrics = EntityMetrics(
      expected: [["S-PER", "O", "B-LOC", "I-LOC", "E-LOC", "S-LOC"], ["B-ORG", "E-ORG", "O", "S-PER", "S-PER"]],
      predicted: [["S-PER", "O", "B-LOC", "I-LOC", "E-LOC", "O"], ["B-ORG", "I-ORG", "O", "S-PER", "E-PER"]])
    #expect(close(metrics.micro, (1, 5.0 / 6, 0.9090909090909091)))
    #expect(close(metrics.macro, (1, 5.0 / 6, 0.8888888888888888)))
    #expect(close(metrics.accuracy, 0.7272727272727273))
  }

  @Test func tagsThatNoSchemeHas() {
    let metrics = EntityMetrics(
      expected: [["B", "I", "O", "B-X-Y", "I-X-Y"], ["I-X-Y", "E-X-Y", "I-X-Y"]],
      predicted: [["B", "I", "O", "B-X-Y", "I-X-Z"], ["I-X-Y", "E-X-Y", "I-X-Y"]])
    #expect(metrics.types.map(\.label) == ["X-Y", "X-Z", "_"])
    #expect(close(metrics.micro, (0.6, 0.75, 2.0 / 3)))
    #expect(close(metrics.macro, (5.0 / 9, 5.0 / 9, 5.0 / 9)))
    #expect(close(metrics.weighted, (0.75, 0.75, 0.75)))
  }

  @Test func anEntityEndsWithItsSentence() {
    let metrics = EntityMetrics(expected: [["I-PER"], ["I-PER"]], predicted: [["I-PER"], ["I-PER"]])
    #expect(metrics.support == 2 && metrics.f1 == 1)
    #expect(entitySpans(["I-PER", "I-PER", "B-PER"]).map(\.range) == [0...1, 2...2])
  }

  @Test func withoutEntitiesEverythingIsZeroButTheTags() {
    let metrics = EntityMetrics(expected: [["O", "O"], []], predicted: [["O", "O"], []])
    #expect(metrics.f1 == 0 && metrics.macro.f1 == 0 && metrics.weighted.f1 == 0 && metrics.accuracy == 1)
    #expect(metrics.types.isEmpty)
  }

  @Test func theWordsOfTheJSON() throws {
    let metrics = EntityMetrics(expected: [["B-PER"]], predicted: [["B-PER"]])
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(metrics), as: UTF8.self) == """
        {"f1_macro":1,"f1_weighted":1,"overall_accuracy":1,"overall_f1":1,"overall_number":1,\
        "overall_precision":1,"overall_recall":1,"precision_macro":1,"recall_macro":1,"samples":1,\
        "types":[{"f1":1,"number":1,"precision":1,"recall":1,"type":"PER"}]}
        """)
  }
}
