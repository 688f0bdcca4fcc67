import Checkpoints
import Foundation
import Layers
import Pipelines
import Testing

/// The real model, fetched once into the cache.
enum MiniLM {
  /// Present, or fetched now. False without a network: what needs it is skipped, visibly.
  static let isHere: Bool = {
    let store = ModelStore()
    if store.locate("minilm") == nil { _ = try? store.pull("minilm") }
    return store.locate("minilm") != nil
  }()

  static func open() throws -> Repository {
    try Repository(try #require(ModelStore().locate("minilm")), name: "minilm")
  }
}

/// What transformers computes with the real weights, recorded in `Fixtures/real/minilm.json`.
@Suite(.enabled("model absent") { MiniLM.isHere })
struct MiniLMTests {
  struct Golden: Decodable {
    struct Case: Decodable {
      let text: String
      let ids: [Int32]
      let last_hidden_state_first8: [[Float]]
      let embedding_mean_normalised: [Float]
      /// By layer.
      let attention_head_mean: [String: [[Float]]]
      let attention_layer2_head5: [[Float]]
    }

    let tolerance: Float
    let cases: [Case]
  }

  static func golden() throws -> Golden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/real/minilm.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  static func largest(_ a: [[Float]], _ b: [[Float]]) -> Float {
    guard a.map(\.count) == b.map(\.count) else { return .infinity }
    return zip(a.joined(), b.joined()).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  @Test func tokensHiddenStatesEmbeddingsAndAttentionAreTheReferences() throws {
    let golden = try Self.golden()
    let minilm = try MiniLM.open()
    #expect(golden.cases.count == 6)
    for expected in golden.cases {
      let encoding = try #require(try minilm.encode([(expected.text, nil)]).first)
      #expect(encoding.ids == expected.ids)
      let batch = Repository.batch([encoding])
      let hidden = try minilm.model().hidden(batch, Pass(boundaries: batch.boundaries))
      let values = hidden.values
      let first8 = (0..<hidden.rows).map { Array(values[$0 * hidden.width..<$0 * hidden.width + 8]) }
      #expect(Self.largest(first8, expected.last_hidden_state_first8) < golden.tolerance)
      #expect(
        Self.largest(try minilm.embed([expected.text]).map(\.content), [expected.embedding_mean_normalised])
          < golden.tolerance)
      let reading = try minilm.attend(expected.text, pair: nil)
      for (layer, map) in expected.attention_head_mean {
        let layer = try #require(Int(layer))
        #expect(Self.largest(reading.map(layer: layer, head: nil), map) < golden.tolerance)
      }
      #expect(Self.largest(reading.map(layer: 2, head: 5), expected.attention_layer2_head5) < golden.tolerance)
    }
  }

  @Test func aTextInABatchIsTheTextAlone() throws {
    let minilm = try MiniLM.open()
    let texts = try Self.golden().cases.map(\.text)
    let together = try minilm.embed(texts).map(\.content)
    for (text, vector) in zip(texts, together) {
      #expect(Self.largest(try minilm.embed([text]).map(\.content), [vector]) < 1e-5)
    }
  }
}
