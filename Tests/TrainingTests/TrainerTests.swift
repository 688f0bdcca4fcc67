import Checkpoints
import Foundation
import Layers
import Models
import Tensors
import Testing
import Training

@Suite struct TrainerTests {
  /// Sequences of 3 to 9 tokens whose class is whether token 7 is among them.
  private static let examples: [Example] = {
    var generator = Generator(seed: 4)
    return (0..<22).map { row in
      let ids = (0..<3 + row % 7).map { _ in Int32.random(in: 5..<40, using: &generator) } + [row % 2 == 0 ? 7 : 8]
      return Example(ids: ids, typeIDs: ids.map { _ in 0 }, target: .label(row % 2), row: row)
    }
  }()

  private func model(lora: Bool = false, kind: Head.Kind = .sequenceClassification) throws -> TransformerModel {
    let folder = GoldenFiles.folder(kind == .maskedWords ? "bert-masked-lm" : "bert-sequence-classification")
    var configuration = try TransformerConfiguration(
      json: try FileContents.read(folder.appendingPathComponent("config.json")), file: "config.json")
    try configuration.setDropout(0.1)
    let adaptation = LowRankAdaptation(
      rank: 2, dropoutRate: 0.1, targets: .places(configuration.family.linearPlaces),
      trainedPlaces: configuration.family.headPlaces(kind))
    return try TransformerModel(
      configuration, kind, source: try Safetensors.open(folder: folder), adaptation: lora ? adaptation : nil)
  }

  private var recipe: Recipe {
    var recipe = Recipe()
    recipe.epochs = 3
    recipe.batchSize = 4
    recipe.learningRate = 1e-3
    return recipe
  }

  private func hooks(_ trainer: Trainer, stopAfter: Int? = nil, save: @escaping () throws -> Void = {}) -> Trainer.Hooks
  {
    Trainer.Hooks(
      onStep: { $0.step != stopAfter },
      evaluate: {
        var right = 0
        let loss = try Evaluation.run(trainer.model, Self.examples, stop: {}) {
          if $0.best(0) == Self.examples[$0.index].label { right += 1 }
        }
        return Measured(loss: loss, metrics: ["accuracy": Double(right) / Double(Self.examples.count)])
      }, save: save)
  }

  /// What a run ends with: every weight, and everything that was measured but the time.
  private func outcome(_ trainer: Trainer) -> [String] {
    trainer.model.parameters.map { "\($0.name) \($0.tensor.values.map(\.bitPattern))" }
      + trainer.state.losses.map { "\($0.bitPattern)" }
      + trainer.state.evaluations.map { "\($0.step) \($0.eval_loss.bitPattern) \($0.metrics)" }
      + ["\(String(describing: trainer.state.best))"]
  }

  static let recipes: [(name: String, lora: Bool, change: @Sendable (inout Recipe) -> Void)] = [
    ("plain", false, { _ in }),
    ("low rank", true, { _ in }),
    (
      "accumulated, grouped, recomputed", false,
      {
        $0.accumulationSteps = 2
        $0.groupsByLength = true
        $0.recomputes = true
      }
    ),
    (
      "steps, smoothing, layer decay", true,
      {
        $0.evaluation = .steps
        $0.evaluationSteps = 4
        $0.saving = .steps
        $0.savingSteps = 3
        $0.labelSmoothing = 0.1
        $0.layerDecay = 0.8
        $0.maximumSteps = 14
        $0.schedule = .cosine
      }
    ),
  ]

  @Test("A run that was stopped and taken up ends in the same bits as one that was not", arguments: recipes.indices)
  func resumes(_ number: Int) throws {
    let (_, lora, change) = Self.recipes[number]
    var recipe = recipe
    change(&recipe)
    let whole = Trainer(try model(lora: lora), recipe, Self.examples)
    #expect(try whole.run(hooks(whole)) == .finished)
    #expect(whole.state.evaluations.count >= 2)
    try inScratch { scratch in
      for stop in [1, 6, 8, whole.totalSteps - 1] where stop < whole.totalSteps {
        let first = Trainer(try model(lora: lora), recipe, Self.examples)
        #expect(try first.run(hooks(first, stopAfter: stop)) == .stopped)
        try TrainingCheckpoint.write(first, .init(base: "base", files: []), in: scratch)
        let second = Trainer(try model(lora: lora), recipe, Self.examples)
        try TrainingCheckpoint.restore(second, from: TrainingCheckpoint.place(stop, in: scratch))
        #expect(try second.run(hooks(second)) == .finished)
        #expect(outcome(second) == outcome(whole), "stopped after step \(stop)")
      }
    }
  }

  @Test("Two small batches accumulated move the weights as one large batch does")
  func accumulates() throws {
    func weights(batch: Int, accumulated: Int) throws -> [[Float]] {
      let examples = Array(Self.examples.prefix(8))
      var recipe = recipe
      recipe.epochs = 1
      recipe.batchSize = batch
      recipe.accumulationSteps = accumulated
      recipe.warmupRatio = 0
      let folder = GoldenFiles.folder("bert-sequence-classification")
      var configuration = try TransformerConfiguration(
        json: try FileContents.read(folder.appendingPathComponent("config.json")), file: "config.json")
      try configuration.setDropout(0)
      let model = try TransformerModel(
        configuration, .sequenceClassification, source: try Safetensors.open(folder: folder))
      let trainer = Trainer(model, recipe, examples)
      #expect(trainer.totalSteps == 1)
      _ = try trainer.run(hooks(trainer))
      return model.parameters.map(\.tensor.values)
    }
    let (one, two) = (try weights(batch: 8, accumulated: 1), try weights(batch: 4, accumulated: 2))
    // Adam's first step is the sign of the gradient: rounding decides where that is near nothing.
    let near = zip(one.flatMap { $0 }, two.flatMap { $0 }).count { abs($0 - $1) < 1e-5 }
    #expect(Double(near) > 0.99 * Double(one.reduce(0) { $0 + $1.count }))
  }

  @Test("The first token is asked for the words of its whole document, the rarer the more")
  func bags() throws {
    func example(_ ids: [Int32], row: Int) -> Example {
      Example(ids: [2] + ids + [3], typeIDs: Array(repeating: 0, count: ids.count + 2), target: .words, row: row)
    }
    // 50 stands in every sequence, 60 in half of them; 70 and 80 in one each.
    let source = [
      example([50, 60], row: 0), example([50, 70], row: 0), example([50, 60], row: 1), example([50, 80], row: 2),
    ]
    let documents = DocumentExamples(source)
    #expect(documents.example(1).target == .document([2, 3, 50, 60, 70]))
    #expect(documents.example(2).target == .document([2, 3, 50, 60]))
    var masking = WordMasking(maskID: 4, vocabularySize: 99, special: [2, 3])
    masking.share = 1
    masking.bag = WordBag(weight: 2, examples: source, vocabularySize: 99, special: [2, 3])
    var generator = Generator(seed: 1)
    let (_, labels) = Collator.masking(masking)([documents.example(0), documents.example(3)], &generator)
    guard case .wordsAndBags(let words, let bags, let weight) = labels else {
      Issue.record("no bags are asked for")
      return
    }
    #expect(words == [-100, 50, 60, -100, -100, 50, 80, -100] && weight == 2)
    #expect(bags.map { $0?.classes } == [[60, 70], [80]])
    let shares = try #require(bags[0]?.shares)
    #expect(abs(shares[0] - log(Float(5) / 3) / (log(Float(5) / 3) + log(Float(5) / 2))) < 1e-6)
    #expect(abs(shares[0] + shares[1] - 1) < 1e-6)
  }

  @Test("Masked words are asked for in about their share, and most of them hidden")
  func masks() throws {
    let masking = WordMasking(maskID: 4, vocabularySize: 99, special: [2, 3])
    let text = Example(
      ids: [2] + Array(repeating: 50, count: 20_000) + [3], typeIDs: Array(repeating: 0, count: 20_002),
      target: .words, row: 0)
    var generator = Generator(seed: 1)
    let (batch, labels) = Collator.masking(masking)([text], &generator)
    guard case .words(let words) = labels else {
      Issue.record("no words are asked for")
      return
    }
    let asked = words.indices.filter { words[$0] != -100 }
    #expect(words[0] == -100 && words[20_001] == -100)
    #expect(asked.allSatisfy { words[$0] == 50 })
    #expect(abs(Double(asked.count) / 20_000 - 0.15) < 0.01)
    let hidden = Double(asked.count { batch.ids[$0] == 4 }) / Double(asked.count)
    let kept = Double(asked.count { batch.ids[$0] == 50 }) / Double(asked.count)
    #expect(abs(hidden - 0.8) < 0.03 && abs(kept - 0.1) < 0.03)
    #expect(batch.ids.indices.allSatisfy { words[$0] != -100 || batch.ids[$0] == text.ids[$0] })
  }

  @Test("Pieces of a word are asked for together, where whole words are")
  func masksWholeWords() throws {
    var masking = WordMasking(maskID: 4, vocabularySize: 99, special: [2, 3])
    masking.continuations = (0..<99).map { $0 >= 90 }
    // A word of one piece, then one of three.
    let words: [Int32] = (0..<4000).flatMap { _ -> [Int32] in [50, 60, 90, 91] }
    let text = Example(
      ids: [2] + words + [3], typeIDs: Array(repeating: 0, count: words.count + 2), target: .words, row: 0)
    var generator = Generator(seed: 1)
    guard case .words(let asked) = Collator.masking(masking)([text], &generator).1 else {
      Issue.record("no words are asked for")
      return
    }
    for start in stride(from: 2, to: words.count, by: 4) {
      #expect(Set(asked[start..<start + 3].map { $0 == -100 }).count == 1)
    }
    let share = Double(asked.count { $0 != -100 }) / Double(words.count)
    #expect(abs(share - 0.15) < 0.015)
    #expect(asked.indices.allSatisfy { asked[$0] == -100 || asked[$0] == Int(text.ids[$0]) })
  }

  @Test("A metric that stops getting better ends the run after its patience")
  func stopsEarly() throws {
    var recipe = recipe
    recipe.epochs = 9
    recipe.patience = 2
    let trainer = Trainer(try model(), recipe, Self.examples)
    var values = [0.5, 0.7, 0.7, 0.6, 0.9].makeIterator()
    let ending = try trainer.run(
      .init(onStep: { _ in true }, evaluate: { Measured(loss: 1, metrics: ["accuracy": values.next() ?? 0]) }))
    #expect(ending == .stoppedEarly)
    #expect(trainer.state.evaluations.map { $0.value("accuracy") } == [0.5, 0.7, 0.7, 0.6])
    #expect(trainer.state.best == 1)
  }

  @Test("A loss that is no number names the step and its rows, and moves nothing")
  func notFinite() throws {
    let model = try model()
    let recipe = recipe
    model.parameters.first { $0.name == "classifier.bias" }?.value.base[0] = .nan
    let before = model.parameters.filter { $0.name != "classifier.bias" }.map(\.tensor.values)
    let trainer = Trainer(model, recipe, Self.examples)
    #expect {
      try trainer.run(hooks(trainer))
    } throws: { error in
      guard case .lossNotFinite(1, _, let rows, false)? = error as? TrainingError else { return false }
      return rows.count == 4 && rows == rows.sorted() && Set(rows).isSubset(of: 0..<22)
    }
    #expect(model.parameters.filter { $0.name != "classifier.bias" }.map(\.tensor.values) == before)
  }

  @Test("Where one row alone is at fault, only that is named")
  func oneRowAtFault() throws {
    let model = try model()
    var examples = Self.examples
    // An embedding that no other row reads.
    let read = Set(examples.flatMap(\.ids))
    let tables = model.parameters.filter(\.isTable)
    let table = try #require(tables.first)
    let unreadWords = (0..<Int32(table.shape[0])).filter { !read.contains($0) }
    let unread = try #require(unreadWords.first)
    table.value.base[Int(unread) * table.shape[1]] = .infinity
    let poisoned = examples[7]
    examples[7] = Example(
      ids: poisoned.ids + [unread], typeIDs: poisoned.typeIDs + [0], target: poisoned.target, row: poisoned.row)
    let trainer = Trainer(model, recipe, examples)
    #expect {
      while try trainer.run(hooks(trainer)) == .stopped {}
    } throws: { error in
      guard case .lossNotFinite(_, _, let rows, true)? = error as? TrainingError else { return false }
      return rows == [poisoned.row]
    }
  }

  @Test(
    "The shapes of the schedule are those of transformers' get_scheduler(…, 2 warm-up steps, 6 in all)",
    arguments: [
      (.linear, [0, 0.5, 1, 0.75, 0.5, 0.25, 0]), (.cosine, [0, 0.5, 1, 0.8535534, 0.5, 0.1464466, 0]),
      (.constant, [0, 0.5, 1, 1, 1, 1, 1]), (.polynomial, [0, 0.5, 1, 0.750125, 0.50025, 0.250375, 0.0005]),
    ] as [(Schedule.Shape, [Float])])
  func shapes(shape: Schedule.Shape, rates: [Float]) {
    let schedule = Schedule(peak: 2e-4, warmupSteps: 2, totalSteps: 6, shape: shape)
    for (step, rate) in rates.enumerated() {
      #expect(abs(schedule.learningRate(at: step) / 2e-4 - rate) < 1e-5, "step \(step)")
    }
  }
}
