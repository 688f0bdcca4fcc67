/// What a run leaves beside its model: `training.json`.
package struct TrainingRecord: Codable, Sendable {
  package static let fileName = "training.json"

  /// One evaluation on the validation rows.
  package struct Epoch: Codable, Sendable, Equatable {
    /// 0 is before the first step.
    package let epoch: Int
    /// The mean over the epoch's steps; nil before the first.
    package let train_loss: Float?
    package let eval_loss: Float
    package let accuracy: Double
    package let f1: Double
    /// Since the run began.
    package let seconds: Double

    package init(epoch: Int, trainLoss: Float?, evalLoss: Float, accuracy: Double, f1: Double, seconds: Double) {
      self.epoch = epoch
      train_loss = trainLoss
      eval_loss = evalLoss
      self.accuracy = accuracy
      self.f1 = f1
      self.seconds = seconds
    }
  }

  package let task: String
  package let base: String
  package let from_scratch: Bool
  package let freeze_body: Bool
  package let data: String
  package let labels: [String]
  package let recipe: Recipe
  /// The training loss of every step.
  package let losses: [Float]
  package let epochs: [Epoch]
  package let best_epoch: Int

  package init(
    task: String, base: String, fromScratch: Bool, freezeBody: Bool, data: String, labels: [String], recipe: Recipe,
    losses: [Float], epochs: [Epoch], bestEpoch: Int
  ) {
    self.task = task
    self.base = base
    from_scratch = fromScratch
    freeze_body = freezeBody
    self.data = data
    self.labels = labels
    self.recipe = recipe
    self.losses = losses
    self.epochs = epochs
    best_epoch = bestEpoch
  }

  package var best: Epoch? { epochs.first { $0.epoch == best_epoch } }
}
