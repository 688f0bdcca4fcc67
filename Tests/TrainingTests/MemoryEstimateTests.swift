import Checkpoints
import Foundation
import Layers
import Models
import Testing
import Training

@Suite struct MemoryEstimateTests {
  static let cases: [(String, Head.Kind)] = [
    ("bert-sequence-classification", .sequenceClassification), ("roberta-token-classification", .tokenClassification),
    ("distilbert-question-answering", .questionAnswering), ("bert-masked-lm", .maskedWords),
    ("gpt2-causal-lm", .causalWords), ("llama-causal-lm", .causalWords), ("t5-seq2seq-lm", .targetWords),
    ("bart-seq2seq-lm", .targetWords),
  ]

  private func configuration(_ file: URL) throws -> TransformerConfiguration {
    try TransformerConfiguration(json: try FileContents.read(file), file: file.path)
  }

  private func golden(_ name: String) throws -> TransformerConfiguration {
    try configuration(GoldenFiles.folder(name).appendingPathComponent("config.json"))
  }

  @Test("The parts that follow from the parameters alone do", arguments: cases)
  func parameters(_ name: String, kind: Head.Kind) throws {
    let configuration = try golden(name)
    let lora = LowRankAdaptation(
      rank: 3, targets: .places(configuration.family.linearPlaces),
      trainedPlaces: configuration.family.headPlaces(kind))
    for adaptation in [nil, lora] {
      let model = try TransformerModel(configuration, kind, source: nil, adaptation: adaptation)
      let shape = try TransformerModel(configuration, kind, source: nil, adaptation: adaptation, isShapeOnly: true)
      #expect(shape.parameters.map(\.name) == model.parameters.map(\.name))
      #expect(shape.parameters.map(\.shape) == model.parameters.map(\.shape))
      var plan = MemoryEstimate.Plan(BatchShape(rows: 2, length: 8, target: 4, kind: kind), resident: 1_000)
      plan.keepsBest = true
      let estimate = MemoryEstimate(model, plan)
      let all = model.parameters.reduce(0) { $0 + 4 * $1.count }
      let trained = model.parameters.reduce(0) { $0 + ($1.isTrained ? 4 * $1.count : 0) }
      // Values that lie in memory of their own are there whole.
      #expect(estimate.weights == all)
      #expect(estimate.best == trained)
      #expect(estimate.optimizer <= 2 * trained && estimate.optimizer > 0)
      #expect(estimate.activations > 0 && estimate.gradients > 0 && estimate.program > 1_000)
      #expect(
        estimate.total == estimate.weights + estimate.optimizer + estimate.best
          + max(estimate.gradients, estimate.activations) + estimate.idle + estimate.program)
    }
  }

  @Test("Fewer rows, a low-rank addition, a probe and recomputation each take less")
  func order() throws {
    let file = GoldenFiles.folder("").deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("samples/configs/bert-base.json")
    let configuration = try configuration(file)
    func total(
      rows: Int = 64, length: Int = 128, _ adaptation: LowRankAdaptation? = nil, isProbe: Bool = false,
      recomputes: Bool = false
    ) throws -> Int {
      let model = try TransformerModel(
        configuration, .sequenceClassification, source: nil, adaptation: adaptation, isShapeOnly: true)
      if isProbe { for other in model.parameters where model.depthBelowHead(other) > 0 { other.isTrained = false } }
      var plan = MemoryEstimate.Plan(
        BatchShape(rows: rows, length: length, kind: .sequenceClassification), resident: 0)
      plan.recomputes = recomputes
      return MemoryEstimate(model, plan).total
    }
    let full = try total()
    let lora = try total(LowRankAdaptation(rank: 2, targets: .places(["query"])))
    #expect(lora < full)
    #expect(try total(isProbe: true) < lora)
    #expect(try total(recomputes: true) < full)
    #expect(try total(rows: 8) < full)
    #expect(try total(length: 256) > full)
  }

  @Test("A batch is as large as its examples, and the largest of several as the largest in each way")
  func shapes() {
    func example(_ count: Int, _ target: Target) -> Example {
      Example(
        ids: Array(repeating: 1, count: count), typeIDs: Array(repeating: 0, count: count), target: target, row: 0)
    }
    let pairs = BatchShape([example(3, .text([1, 2])), example(5, .text([1]))])
    #expect(pairs.tokens == 8 && pairs.pairs == 34 && pairs.written == 3 && pairs.asked == 3)
    #expect(pairs.writtenPairs == 5 && pairs.crossPairs == 11)
    var both = BatchShape([example(9, .label(0))])
    both.widen(to: pairs)
    #expect(both.tokens == 9 && both.pairs == 81 && both.written == 3)
    #expect(both.halved.tokens == 5)
    #expect(BatchShape(rows: 2, length: 6, kind: .causalWords).asked == 12)
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
