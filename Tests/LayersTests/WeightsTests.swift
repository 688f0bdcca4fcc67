import Layers
import Tensors
import Testing

@Suite struct WeightsTests {
  private func loader(
    _ tensors: [(name: String, shape: [Int], fill: Float)], prefix: String = "bert", broken: Set<String> = []
  ) -> WeightLoader {
    WeightLoader(source: MemorySource(tensors, broken: broken), prefix: prefix, deviation: 0.02, seed: 1)
  }

  @Test("A place in the checkpoint names the parameter, and registers it in order")
  func naming() throws {
    let loader = loader([("bert.encoder.layer.3.weight", [2, 3], 5), ("bert.encoder.layer.3.bias", [2], 6)])
    let linear = Linear(Weights(loader)("bert")("encoder")("layer.3")(""), in: 3, out: 2)
    #expect(try loader.finish(ignoring: []) == WeightReport())
    #expect(loader.parameters.map(\.name) == ["bert.encoder.layer.3.weight", "bert.encoder.layer.3.bias"])
    #expect(linear.matrix.weight.tensor.values == [5, 5, 5, 5, 5, 5])
    #expect(linear.bias?.tensor.values == [6, 6])
    #expect(linear(Tensor([1, 3], [1, 1, 1]), Pass(boundaries: [0, 1])).values == [21, 21])
  }

  @Test(
    "A checkpoint may spell a name in other ways",
    arguments: [
      ("bert.pooler.weight", "bert.pooler.weight"), ("bert.pooler.weight", "pooler.weight"),
      ("classifier.weight", "bert.classifier.weight"), ("bert.LayerNorm.weight", "bert.LayerNorm.gamma"),
      ("bert.LayerNorm.bias", "bert.LayerNorm.beta"), ("bert.LayerNorm.weight", "LayerNorm.gamma"),
    ])
  func spellings(asked: String, stored: String) throws {
    let loader = loader([(stored, [2], 7)])
    let parameter = Weights(loader).parameter(asked, [2])
    #expect(try loader.finish(ignoring: []) == WeightReport())
    #expect(parameter.tensor.values == [7, 7])
    #expect(parameter.name == asked, "it keeps the name of its place")
  }

  @Test("Of two spellings the exact one is taken, and the other is left over")
  func exactSpellingWins() throws {
    let loader = loader([("pooler.weight", [1], 1), ("bert.pooler.weight", [1], 2)])
    #expect(Weights(loader).parameter("bert.pooler.weight", [1]).tensor.values == [2])
    #expect(try loader.finish(ignoring: []).unused == ["pooler.weight"])
  }

  @Test("Without a prefix only the name itself counts")
  func noPrefix() {
    let loader = loader([(".a", [1], 1), ("b.a", [1], 1)], prefix: "")
    _ = Weights(loader).parameter("a", [1])
    #expect(throws: WeightMismatch.self) { try loader.finish(ignoring: []) }
  }

  @Test("Missing, mis-shaped and left-over names are reported together")
  func mismatch() {
    let loader = loader([
      ("bert.a", [3, 2], 1), ("bert.b", [4], 1), ("bert.c", [1], 1), ("extra.z", [1], 1), ("extra.a", [1], 1),
      ("bert.position_ids", [1], 1),
    ])
    let weights = Weights(loader, path: "bert")
    for (name, shape) in [("a", [2, 3]), ("b", [5]), ("c", [1]), ("d", [1]), ("e", [2, 2])] {
      _ = weights.parameter(name, shape)
    }
    var expected = WeightReport()
    expected.missing = ["bert.d", "bert.e"]
    expected.misshaped = [
      .init(name: "bert.a", expected: [2, 3], found: [3, 2]),
      .init(name: "bert.b", expected: [5], found: [4]),
    ]
    expected.unused = ["extra.a", "extra.z"]
    #expect {
      try loader.finish(ignoring: ["position_ids"])
    } throws: { ($0 as? WeightMismatch)?.report == expected }
  }

  @Test("The same number of values in another shape is mis-shaped, and so is another rank")
  func shapes() {
    for found in [[6], [3, 2], [1, 2, 3], [2, 3, 1], []] {
      let loader = loader([("a", found, 1)])
      _ = Weights(loader).parameter("a", [2, 3])
      #expect(throws: WeightMismatch.self) { try loader.finish(ignoring: []) }
    }
  }

  @Test("Left-over names alone are no error")
  func leftOver() throws {
    let loader = loader([("a", [1], 1), ("cls.seq_relationship.weight", [2], 1), ("z", [1], 1)])
    _ = Weights(loader).parameter("a", [1])
    #expect(try loader.finish(ignoring: ["cls.seq_relationship"]).unused == ["z"])
  }

  @Test("A head that is wholly absent starts fresh; one that is partly absent is missing")
  func freshGroups() throws {
    let absent = loader([("bert.a", [1], 1)])
    _ = Weights(absent).parameter("bert.a", [1])
    let classifier = Linear(Weights(absent)("classifier").orFresh, in: 4, out: 2)
    let report = try absent.finish(ignoring: [])
    #expect(report.fresh == ["classifier.weight", "classifier.bias"])
    #expect(report.missing.isEmpty)
    #expect(classifier.bias?.tensor.values == [0, 0])
    #expect(classifier.matrix.weight.tensor.values.allSatisfy { $0 != 0 && abs($0) < 0.2 })

    let partial = loader([("classifier.bias", [2], 1)])
    _ = Linear(Weights(partial)("classifier").orFresh, in: 4, out: 2)
    #expect {
      try partial.finish(ignoring: [])
    } throws: {
      let report = ($0 as? WeightMismatch)?.report
      return report?.missing == ["classifier.weight"] && report?.fresh == []
    }
  }

  @Test("Each fresh group stands for itself")
  func twoGroups() throws {
    let loader = loader([("dense.weight", [2, 2], 1), ("dense.bias", [2], 1)])
    let top = Weights(loader)
    _ = Linear(top("dense").orFresh, in: 2, out: 2)
    _ = Linear(top("output").orFresh, in: 2, out: 2)
    #expect(try loader.finish(ignoring: []).fresh == ["output.weight", "output.bias"])
  }

  @Test("The source's own error comes through, and nothing is read after it")
  func sourceError() {
    let loader = loader([("a", [1], 1), ("b", [1], 1)], broken: ["a", "b"])
    for name in ["a", "b", "missing"] { _ = Weights(loader).parameter(name, [1]) }
    #expect(throws: MemorySource.Broken(name: "a")) { try loader.finish(ignoring: []) }
  }

  @Test("A shape that no memory could hold is refused by name, not tried")
  func absurdShape() {
    let loader = loader([("table", [10, 4], 1)])
    for name in ["table", "other", "third"] {
      _ = Weights(loader).parameter(name, [1 << 24, 1 << 16], paddingRow: 3)
    }
    #expect {
      try loader.finish(ignoring: [])
    } throws: {
      let report = ($0 as? WeightMismatch)?.report
      return report?.missing == ["other", "third"]
        && report?.misshaped == [.init(name: "table", expected: [1 << 24, 1 << 16], found: [10, 4])]
    }
  }

  @Test("Without a checkpoint a seed decides where everything starts")
  func seededStart() throws {
    func start(_ seed: UInt64) throws -> [[Float]] {
      let loader = WeightLoader(source: nil, prefix: "bert", deviation: 0.5, seed: seed)
      let weights = Weights(loader, path: "bert")
      _ = Linear(weights("dense"), in: 30, out: 20)
      _ = LayerNorm(weights("norm"), width: 6, epsilon: 1e-5)
      _ = Embedding(weights("words"), rows: 4, width: 3, paddingRow: 2)
      #expect(try loader.finish(ignoring: []) == WeightReport())
      return loader.parameters.map(\.tensor.values)
    }
    let values = try start(7)
    #expect(try start(7) == values)
    #expect(try start(8)[0] != values[0])
    let deviation = (values[0].reduce(0) { $0 + $1 * $1 } / 600).squareRoot()
    #expect(abs(deviation - 0.5) < 0.05)
    #expect(values[1].allSatisfy { $0 == 0 })
    #expect(values[2].allSatisfy { $0 == 1 })
    #expect(values[3].allSatisfy { $0 == 0 })
    #expect(Array(values[4][6..<9]) == [0, 0, 0], "the padding row")
    #expect(values[4].enumerated().allSatisfy { (6..<9).contains($0.offset) || $0.element != 0 })
  }
}
