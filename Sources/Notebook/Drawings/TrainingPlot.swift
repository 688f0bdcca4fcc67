import Drawing
import Training

/// The curves of a run: drawn again at every step, and once more at the end.
struct TrainingPlot {
  let name: String
  let epochs: Int
  let beside: (name: String, record: TrainingRecord)?

  /// Loss so far, a progress bar with rate and time left.
  func live(
    _ losses: [Float], _ evaluated: [TrainingRecord.Epoch], _ step: StepReport, _ seconds: Double
  ) -> Drawing {
    let perEpoch = Double(step.totalSteps) / Double(max(1, epochs))
    let validation = evaluated.map { Drawing.Curves.Point(Double($0.epoch) * perEpoch, Double($0.eval_loss)) }
    let accuracy = evaluated.last.map { ", accuracy \(number($0.accuracy, digits: 3))" } ?? ""
    let rate = Double(step.step) / max(1e-3, seconds)
    return .stack([
      .curves(
        .init(
          title: "Loss", xTitle: "step",
          series: [
            .init("training", TrainingPlot.smoothed(losses)), .init("validation", validation),
          ], xRange: 0...Double(step.totalSteps))),
      .progress(
        .init(
          label: "epoch \(step.epoch)/\(epochs)\(accuracy)", done: step.step, total: step.totalSteps,
          unit: .count("steps"), rate: rate, secondsLeft: Double(step.totalSteps - step.step) / rate)),
    ])
  }

  /// Loss by step, accuracy by epoch, with the earlier run beside it.
  func final(_ record: TrainingRecord) -> Drawing {
    let mine = Self.accuracy(name, record)
    let other = beside.map { beside in
      Self.accuracy(beside.record.from_scratch ? "random weights" : "pre-trained \(beside.record.base)", beside.record)
    }
    let accuracy = Drawing.curves(
      .init(
        title: "Accuracy on the validation rows", xTitle: "epoch", series: (other.map { [$0] } ?? []) + [mine],
        yRange: 0.4...1))
    guard beside == nil else { return accuracy }
    let perEpoch = Double(record.losses.count) / Double(max(1, epochs))
    let loss = Drawing.curves(
      .init(
        title: "Loss", xTitle: "step",
        series: [
          .init("training", Self.smoothed(record.losses)),
          .init("validation", record.epochs.map { .init(Double($0.epoch) * perEpoch, Double($0.eval_loss)) }),
        ]))
    return record.epochs.count > 1 ? .stack([loss, accuracy]) : loss
  }

  private static func accuracy(_ name: String, _ record: TrainingRecord) -> Drawing.Curves.Series {
    .init(name, record.epochs.map { .init(Double($0.epoch), $0.accuracy) }, goal: .high)
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
