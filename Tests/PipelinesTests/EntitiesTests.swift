import Foundation
import Models
import Pipelines
import Testing

/// What transformers 4.57 (`golden.json`) and 5.23 (`extra.json`) answer with the same weights.
@Suite struct EntitiesTests {
  struct Found: Decodable {
    let entity: String?
    let entity_group: String?
    let score: Double
    let index: Int?
    let word: String
    let start: Int
    let end: Int
  }

  struct Golden: Decodable {
    let text: String
    let aggregation: String
    let stride: Int?
    let entities: [Found]
  }

  struct Extra: Decodable {
    let entities: [Golden]
  }

  private func expect(_ found: [Entity], _ golden: Golden) {
    func facts(_ tag: String?, _ index: Int?, _ word: String, _ start: Int, _ end: Int) -> String {
      "\(tag ?? "-") \(index ?? -1) '\(word)' \(start)-\(end)"
    }
    #expect(
      found.map { facts($0.entity ?? $0.entityGroup, $0.index, $0.word, $0.start, $0.end) }
        == golden.entities.map { facts($0.entity ?? $0.entity_group, $0.index, $0.word, $0.start, $0.end) },
      "\(golden.aggregation): \(golden.text.prefix(40))")
    #expect(zip(found, golden.entities).allSatisfy { close($0.score, $1.score) }, "\(golden.aggregation)")
    #expect(found.allSatisfy { ($0.entity == nil) == (golden.aggregation != "none") })
  }

  @Test func theGoldenCasesOneByOneAndInOneBatch() throws {
    let model = try TinyPipelines.open("entities")
    let golden: [Golden] = try TinyPipelines.golden("entities/golden.json")
    #expect(golden.count == 25)
    for aggregation in Aggregation.allCases {
      let cases = golden.filter { $0.aggregation == aggregation.rawValue }
      #expect(cases.count == 5)
      let together = try model.entities(cases.map(\.text), aggregation: aggregation)
      for (expected, reading) in zip(cases, together) {
        expect(reading.content, expected)
        expect(try model.entities([expected.text], aggregation: aggregation)[0].content, expected)
      }
    }
  }

  @Test func unknownWordsForeignScriptsAndWindows() throws {
    let model = try TinyPipelines.open("entities")
    let extra: Extra = try TinyPipelines.golden("extra.json")
    #expect(extra.entities.count == 15 && extra.entities.count { $0.stride != nil } == 4)
    for expected in extra.entities {
      let aggregation = try #require(Aggregation(rawValue: expected.aggregation))
      let reading = try model.entities([expected.text], aggregation: aggregation, stride: expected.stride)[0]
      expect(reading.content, expected)
      #expect(reading.isCut == (expected.text.count > 600 && expected.stride == nil))
    }
  }

  @Test func ofOverlappingEntitiesTheLongerOrTheSurerStays() throws {
    let grouping = EntityGrouping(labels: ["O", "B-PER", "I-PER"], aggregation: .simple) { $0.joined(separator: " ") }
    let tokens = [
      TaggedToken(word: "a", scores: [0, 0.6, 0.4], place: 0..<1, index: 1, goesOn: false),
      TaggedToken(word: "b", scores: [0, 0.1, 0.9], place: 2..<3, index: 2, goesOn: false),
      TaggedToken(word: "c", scores: [0, 0.8, 0.2], place: 4..<5, index: 3, goesOn: false),
    ]
    let entities = grouping(tokens)
    #expect(entities.map(\.word) == ["a b", "c"])
    #expect(close(entities[0].score, 0.75) && entities[0].entityGroup == "PER" && entities[0].end == 3)
  }

  @Test func theKeysAreHuggingFaces() throws {
    let model = try TinyPipelines.open("entities")
    func keys(_ aggregation: Aggregation) throws -> [String] {
      let entities = try model.entities(["Hello"], aggregation: aggregation)[0].content
      let object = try JSONSerialization.jsonObject(with: JSONEncoder().encode(entities))
      return ((object as? [[String: Any]])?.first?.keys.sorted()) ?? []
    }
    #expect(try keys(.none) == ["end", "entity", "index", "score", "start", "word"])
    #expect(try keys(.simple) == ["end", "entity_group", "score", "start", "word"])
  }
}
