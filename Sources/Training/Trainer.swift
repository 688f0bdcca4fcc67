import Layers
import Models
import Tensors

/// How to train, under the names that Hugging Face's `TrainingArguments` uses.
package struct Recipe: Sendable, Equatable, Codable {
  package var epochs = 3
  package var batchSize = 16
  package var learningRate: Float = 2e-5
  package var weightDecay: Float = 0.01
  /// Share of all steps that warm up.
  package var warmupRatio: Float = 0.1
  package var maximumNorm: Float = 1
  package var seed: UInt64 = 42

  package init() {}

  enum CodingKeys: String, CodingKey {
    case epochs = "num_train_epochs"
    case batchSize = "per_device_train_batch_size"
    case learningRate = "learning_rate"
    case weightDecay = "weight_decay"
    case warmupRatio = "warmup_ratio"
    case maximumNorm = "max_grad_norm"
    case seed
  }
}

/// What happened in one step.
package struct StepReport: Sendable {
  /// From 1.
  package let step: Int
  package let totalSteps: Int
  /// From 1.
  package let epoch: Int
  package let loss: Float
  package let gradientNorm: Float
  package let learningRate: Float
  package let examples: Int
}

/// Why training stopped before its end.
package enum TrainingError: Error, Sendable, Equatable {
  /// The loss of this step is not a finite number. `rows` are the places of its examples in the data.
  case lossNotFinite(step: Int, rows: [Int])
}

/// Trains a sequence classifier. It knows no text, no files and no screen.
package final class Trainer {
  package let model: EncoderModel
  package let recipe: Recipe

  package init(_ model: EncoderModel, _ recipe: Recipe) {
    self.model = model
    self.recipe = recipe
  }

  /// Goes through the examples `recipe.epochs` times, in an order that the seed decides.
  ///
  /// The last step is finished when a stop is asked for; what was learnt so far stays in the model.
  /// - Parameters:
  ///   - onStep: after every step; returning false stops the run
  ///   - onEpoch: after every epoch, counted from 1: where the caller evaluates; returning false stops the run
  /// - Returns: whether the run came to its end
  @discardableResult
  package func run(
    _ examples: [Example], onStep: (StepReport) throws -> Bool, onEpoch: (Int) throws -> Bool
  ) throws -> Bool {
    let stepsPerEpoch = (examples.count + recipe.batchSize - 1) / recipe.batchSize
    let total = stepsPerEpoch * recipe.epochs
    let warmup = Int((Float(total) * recipe.warmupRatio).rounded(.up))
    let schedule = Schedule(peak: recipe.learningRate, warmupSteps: warmup, totalSteps: total)
    let optimizer = AdamW(
      model.parameters, .init(weightDecay: recipe.weightDecay, maximumNorm: recipe.maximumNorm))
    let dropout = DropoutGenerator(seed: recipe.seed &+ 1)
    var generator = Generator(seed: recipe.seed)
    var step = 0
    for epoch in 1...max(1, recipe.epochs) {
      let order = examples.indices.shuffled(using: &generator)
      for start in stride(from: 0, to: order.count, by: recipe.batchSize) {
        let rows = Array(order[start..<min(order.count, start + recipe.batchSize)])
        let rate = schedule.learningRate(at: step)
        step += 1
        let batch = TokenBatch(rows.map { (examples[$0].ids, examples[$0].typeIDs) })
        let labels = Labels(rows.map { examples[$0].target })
        let (loss, norm) = Trainer.take(model, batch, labels, optimizer, learningRate: rate, dropout)
        guard loss.isFinite, norm.isFinite else { throw TrainingError.lossNotFinite(step: step, rows: rows) }
        let report = StepReport(
          step: step, totalSteps: total, epoch: epoch, loss: loss, gradientNorm: norm, learningRate: rate,
          examples: rows.count)
        guard try onStep(report) else { return false }
      }
      guard try onEpoch(epoch) else { return false }
    }
    return true
  }

  /// One optimizer step. Nothing is changed when the loss is not finite.
  static func take(
    _ model: EncoderModel, _ batch: TokenBatch, _ labels: Labels, _ optimizer: AdamW, learningRate: Float,
    _ dropout: DropoutGenerator
  ) -> (loss: Float, norm: Float) {
    let tape = Tape()
    model.parameters.forEach { $0.join(tape) }
    defer { model.parameters.forEach { $0.leave() } }
    let pass = Pass(boundaries: batch.boundaries, dropout: dropout)
    let loss = objective(model, batch, labels, pass).loss
    guard loss.scalar.isFinite else { return (loss.scalar, 0) }
    tape.backward(from: loss)
    return (loss.scalar, optimizer.step(learningRate: learningRate))
  }
}

/// The logits and mean loss of a classifier on examples, in their order.
package struct Evaluation: Sendable {
  /// One row of class scores an example.
  package let logits: [[Float]]
  package let loss: Float

  /// - Parameter stop: asked between batches; its throw ends the evaluation
  package init(_ model: EncoderModel, _ examples: [Example], batchSize: Int = 32, stop: () throws -> Void) rethrows {
    var logits = [[Float]](repeating: [], count: examples.count)
    var sum = 0.0
    // Sequences of like length share a batch, so the last thread is not left alone with a long one.
    let order = examples.indices.sorted { (examples[$0].ids.count, $0) < (examples[$1].ids.count, $1) }
    for start in stride(from: 0, to: order.count, by: batchSize) {
      try stop()
      let rows = order[start..<min(order.count, start + batchSize)]
      let batch = TokenBatch(rows.map { (examples[$0].ids, examples[$0].typeIDs) })
      let labels = Labels(rows.map { examples[$0].target })
      let (loss, scores) = objective(model, batch, labels, Pass(boundaries: batch.boundaries))
      sum += Double(loss.scalar) * Double(rows.count)
      let values = scores.values
      for (place, row) in rows.enumerated() {
        logits[row] = Array(values[place * scores.width..<(place + 1) * scores.width])
      }
    }
    self.logits = logits
    self.loss = Float(sum / Double(max(1, examples.count)))
  }

  /// The class with the highest score of each example.
  package var predictions: [Int] {
    logits.map { row in row.indices.max { row[$0] < row[$1] } ?? 0 }
  }
}
