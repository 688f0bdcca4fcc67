import Layers
import Models
import Tensors
import Testing

/// How an encoder begins whose heads see at once what stands beside a token.
@Suite struct NeighbourStartTests {
  private func model(_ kind: Head.Kind, seed: UInt64 = 1) throws -> TransformerModel {
    let size = try #require(TransformerSize.named("pocket"))
    let configuration = try TransformerConfiguration(
      size, .forPretraining(kind), kind, vocabularySize: 500, tokens: [:], name: "a new one")
    return try TransformerModel(configuration, kind, source: nil, seed: seed)
  }

  private func maps(_ model: TransformerModel) -> AttentionMaps {
    let watcher = Watcher([.attentions])
    let ids = (0..<40).map { Int32(($0 * 37 + 11) % 500) }
    let batch = TokenBatch([(ids, nil)])
    _ = model.hidden(batch, Pass(boundaries: batch.boundaries, watcher: watcher))
    return watcher.attentions[0]
  }

  /// The share of tokens whose head looks hardest at the token so many places ahead.
  private func share(_ maps: AttentionMaps, head: Int, looking shift: Int) -> Double {
    let weights = maps.map(sequence: 0, head: head)
    let rows = weights.indices.filter { weights.indices.contains($0 + shift) }
    let right = rows.filter { row in weights[row].indices.max { weights[row][$0] < weights[row][$1] } == row + shift }
    return Double(right.count) / Double(rows.count)
  }

  @Test func headsLookAtNeighbours() throws {
    let model = try model(.maskedWords)
    let before = maps(model)
    #expect(model.canStartAtNeighbours)
    model.startAtNeighbours(seed: 1)
    let after = maps(model)
    for (head, shift) in [-1, 1, -2, 2].enumerated() {
      #expect(share(before, head: head, looking: shift) < 0.2)
      #expect(share(after, head: head, looking: shift) > 0.6)
    }
  }

  @Test func theSameSeedGivesTheSameStart() throws {
    let (one, same, other) = (try model(.maskedWords), try model(.maskedWords), try model(.maskedWords))
    one.startAtNeighbours(seed: 7)
    same.startAtNeighbours(seed: 7)
    other.startAtNeighbours(seed: 8)
    func values(_ model: TransformerModel) -> [[Float]] { model.parameters.map { $0.tensor.values } }
    #expect(values(one) == values(same))
    #expect(values(one) != values(other))
  }

  /// A decoder sees its neighbour at once, since every token asks for the next; its weights stay as they are.
  @Test func leavesADecoderAlone() throws {
    let model = try model(.causalWords)
    let before = model.parameters.map { $0.tensor.values }
    #expect(!model.canStartAtNeighbours)
    model.startAtNeighbours(seed: 1)
    #expect(model.parameters.map { $0.tensor.values } == before)
  }
}
