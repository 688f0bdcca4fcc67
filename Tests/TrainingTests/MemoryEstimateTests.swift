import Checkpoints
import Foundation
import Layers
import Models
import Testing
import Training

@Suite struct MemoryEstimateTests {
  private static let heads: [(name: String, kind: Head.Kind)] = [
    ("sequence-classification", .sequenceClassification), ("token-classification", .tokenClassification),
    ("question-answering", .questionAnswering), ("masked-lm", .maskedWords),
  ]
  static let cases = ["bert", "distilbert", "roberta"].flatMap { family in
    heads.map { ("\(family)-\($0.name)", $0.kind) }
  }

  private func configuration(_ name: String) throws -> TransformerConfiguration {
    let file = GoldenFiles.folder(name).appendingPathComponent("config.json")
    return try TransformerConfiguration(json: try FileContents.read(file), file: file.path)
  }

  @Test("The sizes from the configuration are those of the model, adapted or not", arguments: cases)
  func sizes(_ name: String, kind: Head.Kind) throws {
    let configuration = try configuration(name)
    let adaptation = LowRankAdaptation(
      rank: 3, targets: .places(configuration.family.linearPlaces),
      trainedPlaces: configuration.family.headPlaces(kind))
    for adaptation in [nil, adaptation] {
      let model = try TransformerModel(configuration, kind, source: nil, adaptation: adaptation)
      let sizes = ParameterSizes(configuration, kind, adaptation)
      #expect(sizes.total == model.parameters.reduce(0) { $0 + $1.count })
      #expect(sizes.tables == model.parameters.filter(\.isTable).reduce(0) { $0 + $1.count })
      #expect(sizes.added == model.parameters.filter { $0.name.contains(".lora_") }.reduce(0) { $0 + $1.count })
    }
  }

  @Test("Fewer rows, a low-rank addition, a probe and recomputation each take less")
  func order() throws {
    let file = GoldenFiles.folder("").deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("samples/configs/bert-base.json")
    let configuration = try TransformerConfiguration(json: try FileContents.read(file), file: file.path)
    func total(_ change: (inout MemoryEstimate.Plan) -> Void) -> Int {
      var plan = MemoryEstimate.Plan()
      plan.batchSize = 64
      change(&plan)
      return MemoryEstimate(configuration, .sequenceClassification, plan).total
    }
    let full = total { _ in }
    let lora = total { $0.adaptation = LowRankAdaptation(rank: 2, targets: .places(["query"])) }
    #expect(lora < full)
    #expect(total { $0.isProbe = true } < lora)
    #expect(total { $0.recomputes = true } < full)
    #expect(total { $0.batchSize = 8 } < full)
    #expect(total { $0.length = 256 } > full)
  }
}

@Suite struct TagSpreadingTests {
  @Test("Later pieces of a word carry its tag inside, special tokens none")
  func spreads() {
    let spreading = TagSpreading(labels: ["B-PER", "I-PER", "O", "B-X"], special: [2, 3])
    let example = Example(
      ids: [2, 10, 11, 12, 13, 14, 15, 3, 16], typeIDs: Array(repeating: 0, count: 9),
      target: .tags([-100, 0, -100, 1, -100, 2, -100, -100, -100]), row: 0)
    #expect(spreading.tags(of: example) == [-100, 0, 1, 1, 1, 2, 2, -100, -100])
    let other = Example(ids: [10, 11], typeIDs: [0, 0], target: .tags([3, -100]), row: 0)
    #expect(spreading.tags(of: other) == [3, 3], "a tag without an inside form stands for itself")
  }
}
