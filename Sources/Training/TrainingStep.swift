import Layers
import Models
import Tensors

/// One optimizer step: forward and backward for one batch or more, clipping, update.
package struct TrainingStep {
  private let model: TransformerModel
  private let optimizer: AdamW
  private let recomputes: Bool

  /// - Parameter recomputes: keeps only what goes into each block, and computes the rest again on the way back
  package init(_ model: TransformerModel, _ optimizer: AdamW, recomputes: Bool = false) {
    self.model = model
    self.optimizer = optimizer
    self.recomputes = recomputes
  }

  /// Averages the gradients of `count` batches and moves the parameters. Nothing moves when a loss or the gradient is not
  /// finite.
  /// - Returns: the mean loss before the step, and the length of its gradient
  package func take(
    _ batches: some Sequence<(TokenBatch, Labels)>, count: Int = 1, learningRate: Float, dropout: DropoutGenerator?,
    smoothing: Float = 0
  ) -> (loss: Float, norm: Float) {
    let tape = Tape()
    model.parameters.forEach { $0.join(tape) }
    defer { model.parameters.forEach { $0.leave() } }
    var sum: Float = 0
    for (batch, labels) in batches {
      let pass = Pass(boundaries: batch.boundaries, dropout: dropout, recomputing: recomputes ? tape : nil)
      let value = objective(model, batch, labels, pass, smoothing: smoothing, isTrained: true)
      let loss = value.loss
      guard loss.scalar.isFinite else { return (loss.scalar, 0) }
      sum += value.shown ?? loss.scalar
      tape.backward(from: count == 1 ? loss : scale(loss, by: 1 / Float(count)))
    }
    return (sum / Float(count), optimizer.step(learningRate: learningRate))
  }
}
