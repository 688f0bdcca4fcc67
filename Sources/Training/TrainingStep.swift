import Layers
import Models
import Tensors

/// One optimizer step at a time on batches that the caller makes: for measuring.
package final class TrainingStep {
  private let model: EncoderModel
  private let optimizer: AdamW
  private let dropout: DropoutGenerator
  private let learningRate: Float

  package init(_ model: EncoderModel, learningRate: Float = 2e-5) {
    self.model = model
    self.learningRate = learningRate
    optimizer = AdamW(model.parameters, .init())
    dropout = DropoutGenerator(seed: 1)
  }

  /// Forward, backward, clipping, update.
  /// - Returns: the loss before the step, and the length of its gradient
  @discardableResult
  package func take(_ batch: TokenBatch, _ labels: Labels) -> (loss: Float, norm: Float) {
    Trainer.take(model, batch, labels, optimizer, learningRate: learningRate, dropout)
  }
}
