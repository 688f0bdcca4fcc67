import Drawing
import Training

/// The curves of a run: drawn again at every step, and once more at the end. Both fit a screen of 24 lines.
struct TrainingPlot {
  let name: String
  let epochs: Int
  let beside: (name: String, record: TrainingRecord)?

  /// Loss and accuracy so far, and a progress bar with rate and time left.
  func live(
    _ losses: [Float], _ evaluated: [TrainingRecord.Epoch], _ step: StepReport, _ seconds: Double
  ) -> Drawing {
    let accuracy = evaluated.last.map { ", accuracy \(number($0.accuracy, digits: 3))" } ?? ""
    let rate = Double(step.step) / max(1e-3, seconds)
    return .stack([
      curves(losses, evaluated, steps: step.totalSteps),
      .progress(
        .init(
          label: "epoch \(step.epoch)/\(epochs)\(accuracy)", done: step.step, total: step.totalSteps,
          unit: .count("steps"), rate: rate, secondsLeft: Double(step.totalSteps - step.step) / rate)),
    ])
  }

  /// Loss and accuracy by step; or, with an earlier run beside it, both accuracies by epoch.
  func final(_ record: TrainingRecord) -> Drawing {
    guard let beside else { return curves(record.losses, record.epochs, steps: record.losses.count) }
    let other = beside.record.from_scratch ? "random weights" : "pre-trained \(beside.record.base)"
    return .curves(
      .init(
        title: "Accuracy on the validation rows", xTitle: "epoch",
        series: [
          Self.accuracy(other, beside.record.epochs) { Double($0.epoch) },
          Self.accuracy(name, record.epochs) { Double($0.epoch) },
        ], yRange: 0.4...1, height: 9))
  }

  private func curves(_ losses: [Float], _ evaluated: [TrainingRecord.Epoch], steps: Int) -> Drawing {
    let perEpoch = Double(steps) / Double(max(1, epochs))
    let validation = evaluated.map { Drawing.Curves.Point(Double($0.epoch) * perEpoch, Double($0.eval_loss)) }
    return .curves(
      .init(
        title: "Loss and accuracy", xTitle: "step",
        series: [
          .init("training loss", Self.smoothed(losses)), .init("validation loss", validation),
          Self.accuracy("accuracy", evaluated) { Double($0.epoch) * perEpoch },
        ], xRange: 0...Double(max(1, steps)), yRange: 0...1, height: 9))
  }

  private static func accuracy(
    _ name: String, _ epochs: [TrainingRecord.Epoch], at place: (TrainingRecord.Epoch) -> Double
  ) -> Drawing.Curves.Series {
    .init(name, epochs.map { .init(place($0), $0.accuracy) }, goal: .high)
  }

  /// The running mean that loss curves are usually shown with (factor 0.9, without its early bias).
  private static func smoothed(_ losses: [Float]) -> [Drawing.Curves.Point] {
    var (sum, weight) = (0.0, 0.0)
    return losses.enumerated().map { step, loss in
      sum = 0.9 * sum + 0.1 * Double(loss)
      weight = 0.9 * weight + 0.1
      return .init(Double(step + 1), sum / weight)
    }
  }
}
