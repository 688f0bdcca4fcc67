import Tensors

/// Everything beside weights and moments that decides how a run goes on: `trainer_state.json`.
package struct TrainerState: Codable, Sendable, Equatable {
  package static let fileName = "trainer_state.json"
  package static let optimizerName = "optimizer.safetensors"

  /// Optimizer steps that are done.
  package internal(set) var step = 0
  /// The epoch that is going on, from 1.
  package internal(set) var epoch = 1
  /// Examples of the present epoch that are done.
  package internal(set) var consumed = 0
  /// Where the generator of the order stood before the present epoch was shuffled.
  var orderState: UInt64
  var dropoutState: UInt64
  var collatorState: UInt64
  /// Tokens that went through the model in training; nil in a state of an earlier version.
  package internal(set) var tokens: Int?
  /// The training loss of every step.
  package internal(set) var losses: [Float] = []
  package internal(set) var evaluations: [TrainingRecord.Point] = []
  /// The evaluation with the best value of the metric, by its place in `evaluations`.
  package internal(set) var best: Int?
  /// Evaluations since the best.
  var worse = 0
  /// Of training and evaluation so far.
  package internal(set) var seconds = 0.0
  /// What was due after the last step and is not done yet.
  var owesEvaluation = false
  var owesSaving = false
  /// Losses since the last evaluation.
  var sinceEvaluation: [Float] = []

  init(seed: UInt64) {
    orderState = seed
    dropoutState = seed &+ 1
    collatorState = seed &+ 2
  }

  package var bestPoint: TrainingRecord.Point? { best.map { evaluations[$0] } }

  /// Whether nothing in it contradicts itself: it comes from a file.
  var isSound: Bool {
    let counts = [step, epoch, consumed, worse, tokens ?? 0] + evaluations.map(\.step)
    return counts.allSatisfy((0...1 << 53).contains) && epoch >= 1 && losses.count == step
      && best.map(evaluations.indices.contains) ?? true
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
  package let tokens: Int
  /// Over the steps of this sitting, without what lay between them.
  package let tokensPerSecond: Double
}

/// Why training stopped before its end.
package enum TrainingError: Error, Sendable, Equatable {
  /// The loss of this step is not a finite number. `rows` are the places of its examples in the data, from 0.
  /// - Parameters:
  ///   - rows: places in the data, from 0
  ///   - areAlone: whether each of them by itself has such a loss; else they are the batch's
  case lossNotFinite(step: Int, learningRate: Float, rows: [Int], areAlone: Bool)
  /// A checkpoint's record does not fit its run.
  case damagedCheckpoint(folder: String)
}
