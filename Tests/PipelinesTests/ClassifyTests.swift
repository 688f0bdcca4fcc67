import Foundation
import Models
import Pipelines
import Testing

/// What transformers 4.57 (`golden.json`) and 5.23 (`extra.json`) answer with the same weights.
@Suite struct ClassifyTests {
  struct Score: Decodable {
    let label: String
    let score: Double
  }

  struct Golden: Decodable {
    let text: String
    let all: [Score]
    let top1: [Score]
  }

  struct Extra: Decodable {
    struct Case: Decodable {
      let text: String
      let text_pair: String?
      let problem_type: String?
      let scores: [Score]
    }

    let classify: [Case]
  }

  private func expect(_ found: [ClassScore], _ expected: [Score], _ text: String) {
    #expect(found.map(\.label) == expected.map(\.label), "\(text)")
    #expect(zip(found, expected).allSatisfy { close($0.score, $1.score) }, "\(text)")
  }

  @Test func theGoldenCasesOneByOneAndInOneBatch() throws {
    let model = try TinyPipelines.open("classify")
    let golden: [Golden] = try TinyPipelines.golden("classify/golden.json")
    #expect(golden.count == 5)
    let together = try model.classify(golden.map { ($0.text, nil) })
    for (expected, scores) in zip(golden, together.map(\.content)) {
      expect(scores, expected.all, expected.text)
      expect(try model.classify([(expected.text, nil)])[0].content, expected.all, expected.text)
      #expect(scores.first?.label == expected.top1.first?.label)
    }
  }

  @Test func theProblemTypeDecidesTheFunction() throws {
    let extra: Extra = try TinyPipelines.golden("extra.json")
    #expect(extra.classify.count == 13)
    for expected in extra.classify {
      let changes = expected.problem_type.map { ["problem_type": $0] } ?? [:]
      let model = try TinyPipelines.open("classify", configuration: changes)
      expect(try model.classify([(expected.text, expected.text_pair)])[0].content, expected.scores, expected.text)
    }
  }

  @Test func aFunctionCanBeAskedFor() throws {
    let model = try TinyPipelines.open("classify")
    let raw = try model.classify([("Hello", nil)], function: ScoreFunction.none)[0].content
    let sigmoid = try model.classify([("Hello", nil)], function: .sigmoid)[0].content
    for (logit, score) in zip(raw, sigmoid) { #expect(close(1 / (1 + exp(-logit.score)), score.score)) }
    #expect(model.scoreFunction == .softmax)
  }

  @Test func anotherHeadIsRefused() throws {
    let model = try TinyPipelines.open("fill")
    #expect(throws: RepositoryError.noHead(folder: "fill", wanted: .sequenceClassification)) {
      try model.classify([("Hello", nil)])
    }
  }

  @Test func batchesAreShortToLongAndBounded() {
    #expect(Repository.batches(of: [5, 1, 4, 1, 9], tokens: 6) == [[1, 3, 2], [0], [4]])
    #expect(Repository.batches(of: [], tokens: 6).isEmpty)
  }
}
