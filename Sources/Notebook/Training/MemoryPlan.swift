import Models
import Training

extension MemoryEstimate.Plan {
  /// Measured: the program with a vocabulary of 30,000.
  static let usualResident = 52 << 20

  /// Batches that are looked at for the largest.
  private static let mostBatches = 1_000

  /// What a run that is about to begin will do.
  /// - Parameter resident: bytes that the program held before there was a model
  init(_ trainer: Trainer, _ validation: any TaskData, resident: Int) {
    let batches = trainer.firstBatches(Self.mostBatches)
    var (largest, smallest) = (BatchShape(), Int.max)
    var words: Set<Int32> = []
    for numbers in batches {
      let examples = numbers.map(trainer.examples.example)
      let shape = BatchShape(examples)
      largest.widen(to: shape)
      smallest = min(smallest, numbers.count < trainer.recipe.batchSize ? .max : shape.tokens + shape.written)
      for example in examples { words.formUnion(example.ids) }
    }
    self.init(largest, resident: resident)
    // Evaluations and hidden words ask for buffers of other sizes, too.
    isRagged =
      smallest < largest.tokens + largest.written || trainer.recipe.evaluation != .no
      || trainer.model.kind == .maskedWords
    recomputes = trainer.recipe.recomputes
    keepsBest = trainer.recipe.keepsBestInMemory
    guard trainer.recipe.evaluation != .no else {
      self.words = batches.count < Self.mostBatches ? words.count : nil
      return
    }
    let rows = min(validation.examples.count, 32)
    var tokens = 0
    for index in 0..<min(validation.examples.count, Self.mostBatches * 16) {
      words.formUnion(validation.examples.example(index).ids)
      tokens = max(tokens, validation.examples.length(index))
    }
    let most = max(1, min(rows, Evaluation.batchTokens(trainer.model) / max(1, tokens)))
    // What is written is about as long as what is read.
    evaluation = BatchShape(rows: most, length: tokens, target: tokens, kind: trainer.model.kind)
    self.words = batches.count < Self.mostBatches ? words.count : nil
  }
}

extension Recipe {
  /// Whether the best weights have to wait in memory: no checkpoint holds them, and others follow.
  fileprivate var keepsBestInMemory: Bool { loadsBest && saving == .no && evaluation != .no }
}
