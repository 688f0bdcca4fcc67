import Foundation
import Pipelines
import Testing

/// What transformers 4.57 (`golden.json`) and 5.23 (`extra.json`) answer with the same weights.
@Suite struct FillTests {
  struct Found: Decodable {
    let score: Double
    let token: Int
    let token_str: String
    let sequence: String
  }

  struct Golden: Decodable {
    let text: String
    let top5: OneOrMany<OneOrMany<Found>>
  }

  struct Extra: Decodable {
    struct Case: Decodable {
      let text: String
      let top_k: Int
      let targets: [String]
      let fillings: OneOrMany<OneOrMany<Found>>
    }

    let fill: [Case]
  }

  private func expect(_ found: [[Filling]], _ answer: OneOrMany<OneOrMany<Found>>, _ text: String) {
    // A single gap comes as a flat list, several as a list a gap.
    let isFlat = answer.elements.allSatisfy { $0.elements.count == 1 }
    let expected = isFlat ? [answer.elements.flatMap(\.elements)] : answer.elements.map(\.elements)
    #expect(found.map { $0.map(\.token) } == expected.map { $0.map(\.token) }, "\(text)")
    #expect(found.map { $0.map(\.tokenText) } == expected.map { $0.map(\.token_str) }, "\(text)")
    #expect(found.map { $0.map(\.sequence) } == expected.map { $0.map(\.sequence) }, "\(text)")
    for (one, other) in zip(found.joined(), expected.joined()) { #expect(close(one.score, other.score), "\(text)") }
  }

  @Test func theGoldenCasesOneByOneAndInOneBatch() throws {
    let model = try TinyPipelines.open("fill")
    let golden: [Golden] = try TinyPipelines.golden("fill/golden.json")
    #expect(golden.count == 3)
    let together = try model.fill(golden.map(\.text)).map(\.content)
    for (expected, gaps) in zip(golden, together) {
      expect(gaps, expected.top5, expected.text)
      expect(try model.fill([expected.text])[0].content, expected.top5, expected.text)
    }
    #expect(together.map(\.count) == [1, 1, 2])
  }

  @Test func targetsAreTheOnlyCandidates() throws {
    let model = try TinyPipelines.open("fill")
    let extra: Extra = try TinyPipelines.golden("extra.json")
    #expect(extra.fill.count == 3)
    for expected in extra.fill {
      let targets = try model.fillTargets(expected.targets)
      #expect(targets.allSatisfy { !$0.isPart })
      let found = try model.fill([expected.text], count: expected.top_k, targets: targets.map(\.token))
      expect(found[0].content, expected.fillings, expected.text)
    }
    let part = try #require(try model.fillTargets(["elon"]).first)
    #expect(try model.tokenizer().token(of: part.token) == "el" && part.isPart)
    #expect(throws: FillError.emptyTarget(" ")) { try model.fillTargets([" "]) }
  }

  @Test func aTextWithoutAGapIsRefused() throws {
    let model = try TinyPipelines.open("fill")
    #expect(throws: FillError.noMask(text: "Hello", mask: "[MASK]")) { try model.fill(["A [MASK].", "Hello"]) }
  }
}
