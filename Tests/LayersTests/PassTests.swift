import Layers
import Tensors
import Testing

@Suite struct PassTests {
  @Test("Sequences lie end to end, with the segments they came with")
  func tokenBatch() {
    let batch = TokenBatch([([5, 6, 7], nil), ([8], [1]), ([], nil), ([9, 9], [0, 1])])
    #expect(batch.ids == [5, 6, 7, 8, 9, 9])
    #expect(batch.typeIDs == [0, 0, 0, 1, 0, 1])
    #expect(batch.boundaries == [0, 3, 4, 4, 6])
    #expect((batch.count, batch.sequences) == (6, 4))
    #expect(batch.span(3) == 4..<6)
    #expect(TokenBatch([]).boundaries == [0])
  }

  @Test("Outside of training there is no dropout")
  func masks() {
    #expect(Pass(boundaries: [0, 1]).mask(rate: 0.5) == nil)
    #expect(Pass(boundaries: [0, 1], dropout: DropoutGenerator(seed: 1)).mask(rate: 0.5) != nil)
    #expect(Pass(boundaries: [0, 1], dropout: DropoutGenerator(seed: 1)).mask(rate: 0) == nil)
  }

  @Test("A watcher keeps what it wished for, off the tape")
  func watcher() {
    let x = Parameter("x", [2, 4], Tensor([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]).buffer)
    x.join(Tape())
    let hidden = Watcher([.hiddenStates])
    hidden.see(hidden: x.tensor)
    #expect(hidden.hiddenStates.map(\.values) == [[1, 2, 3, 4, 5, 6, 7, 8]])
    #expect(hidden.hiddenStates.allSatisfy { $0.node == nil })
    let nothing = Watcher([])
    nothing.see(hidden: x.tensor)
    #expect(nothing.hiddenStates.isEmpty)
  }

  @Test("Attention maps: one for each sequence and head, rows that sum to 1, and their mean")
  func attentionMaps() throws {
    let loader = WeightLoader(source: nil, prefix: "", deviation: 1, seed: 3)
    let layer = SelfAttention(
      Weights(loader), .init(query: "q", key: "k", value: "v", output: "o"),
      StackShape(layers: 1, width: 6, heads: 3, memoryHeads: 3, headWidth: 2, innerWidth: 6), BlockStyle(), layer: 0,
      isCausal: false)
    #expect(
      loader.parameters.map(\.name) == ["q", "k", "v", "o"].flatMap { ["\($0).weight", "\($0).bias"] })
    var generator = Generator(seed: 1)
    let x = Tensor([7, 6], (0..<42).map { _ in generator.normal(deviation: 1) })
    let watcher = Watcher([.attentions])
    let out = layer(x, Pass(boundaries: [0, 5, 7], watcher: watcher), TokenPlaces())
    #expect(out.shape == [7, 6])
    #expect(watcher.attentions.count == 1)
    let maps = try #require(watcher.attentions.first)
    for (sequence, count) in [(0, 5), (1, 2)] {
      let heads = (0..<3).map { maps.map(sequence: sequence, head: $0) }
      for map in heads {
        #expect(map.count == count && map.allSatisfy { $0.count == count })
        #expect(map.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 })
      }
      #expect(heads[0] != heads[1])
      for (row, line) in maps.mean(sequence: sequence).enumerated() {
        for (column, mean) in line.enumerated() {
          #expect(
            abs(mean - (heads[0][row][column] + heads[1][row][column] + heads[2][row][column]) / 3) < 1e-6)
        }
      }
    }
    let alone = Watcher([.attentions])
    _ = layer(gather(x, [5, 6]), Pass(boundaries: [0, 2], watcher: alone), TokenPlaces())
    #expect(alone.attentions[0].map(sequence: 0, head: 2) == maps.map(sequence: 1, head: 2))
  }
}
