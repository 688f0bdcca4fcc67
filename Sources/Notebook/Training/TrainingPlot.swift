import Drawing
import Training

/// The curves of a run: drawn again as it goes, and once more at the end. Both fit a screen of 24 lines.
struct TrainingPlot {
  let name: String
  let epochs: Int
  /// The metric that is drawn beside the losses.
  let metric: (key: String, title: String)
  let beside: (name: String, record: TrainingRecord)?
  /// Of a pre-training, whose pace is shown in tokens.
  var cost: TrainingCost? { didSet { isPretraining = cost != nil } }
  /// Whether the losses stand alone: against a vocabulary they are far from the metric, which is a share.
  private var isPretraining = false

  init(name: String, epochs: Int, metric: (key: String, title: String), beside: (name: String, record: TrainingRecord)?)
  {
    self.name = name
    self.epochs = epochs
    self.metric = metric
    self.beside = beside
  }

  /// The plot of a run that is over.
  init(_ record: TrainingRecord) {
    let metric = TrainingTask.named(record.task)?.columns.first
    self.init(
      name: record.plotName, epochs: record.recipe.epochs,
      metric: metric ?? (record.recipe.bestMetric, record.recipe.bestMetric), beside: nil)
    isPretraining = record.method == TrainingTask.pretraining
  }

  /// What a run is called in a plot.
  static func name(_ method: String, fromScratch: Bool, base: String) -> String {
    switch method {
    case TrainingTask.pretraining: return "pre-training \(base)"
    case _ where fromScratch: return "random weights"
    case "lora": return "LoRA on \(base)"
    case "probe": return "new head on \(base)"
    default: return "pre-trained \(base)"
    }
  }

  /// Loss and metric so far, and a progress bar with rate and time left.
  func live(_ state: TrainerState, _ step: StepReport, _ samples: TrainingSamples) -> Drawing {
    let last = state.evaluations.last.map { ", \(metric.title) \(number($0.value(metric.key), digits: 3))" } ?? ""
    let rate = Double(step.step) / max(1e-3, state.seconds)
    let place = cost.map { cost in
      "\(counted(Int(step.tokensPerSecond)))/s, \(Int((100 * cost.share(step.tokensPerSecond)).rounded()))% of peak"
    }
    return .stack([
      curves(state.losses, state.evaluations, steps: step.totalSteps), samples.newest,
      .progress(
        .init(
          label: place ?? "epoch \(step.epoch)/\(epochs)\(last)", done: step.step, total: step.totalSteps,
          unit: .count("steps"), rate: rate, secondsLeft: Double(step.totalSteps - step.step) / rate)),
    ])
  }

  /// Loss and metric by step; or, with an earlier run beside it, both metrics by epoch.
  func final(_ record: TrainingRecord) -> Drawing {
    guard let beside else { return curves(record.losses, record.epochs, steps: record.losses.count) }
    let other = beside.record.plotName
    return TrainingPlot.runs(
      [(other == name ? "\(other), \(beside.name)" : other, beside.record), (name, record)], metric: metric,
      yRange: 0.4...1, height: 9)
  }

  /// What runs measured on their validation rows, epoch by epoch; as bars where none was measured more than once. A run
  /// whose task has another metric has no curve.
  static func runs(
    _ runs: [(name: String, record: TrainingRecord)], metric: (key: String, title: String),
    goal: Drawing.Curves.Goal = .high, yRange: ClosedRange<Double>? = nil, height: Int
  ) -> Drawing {
    let title = "\(metric.title.prefix(1).uppercased() + metric.title.dropFirst()) on the validation rows"
    guard runs.contains(where: { $0.record.epochs.count > 1 }) else {
      let values = runs.map { ($0.name, $0.record.epochs.first?.value(metric.key) ?? .nan) }
      let isShare = goal == .high && values.allSatisfy { $0.1.isNaN || (0...1).contains($0.1) }
      return .bars(
        .init(
          title: title, bars: values.map { .init($0, $1, text: $1.isNaN ? "-" : number($1, digits: 3)) },
          range: isShare ? 0...1 : nil))
    }
    return .curves(
      .init(
        title: title, xTitle: "epoch",
        series: runs.map { name, record in
          .init(name, record.epochs.map { .init($0.epoch, $0.value(metric.key)) }, goal: goal)
        }.filter { $0.points.contains { $0.y.isFinite } }, yRange: yRange, height: height))
  }

  private func curves(_ losses: [Float], _ evaluated: [TrainingRecord.Point], steps: Int) -> Drawing {
    let validation = evaluated.map { Drawing.Curves.Point(Double($0.step), Double($0.eval_loss)) }
    let losses = [
      Drawing.Curves.Series("training loss, smoothed", Self.smoothed(losses)), .init("validation loss", validation),
    ]
    let range = 0...Double(max(1, steps))
    guard !isPretraining else {
      return .curves(.init(title: "Loss", xTitle: "step", series: losses, xRange: range, height: 9))
    }
    return .curves(
      .init(
        title: "Loss and \(metric.title)", xTitle: "step",
        series: losses + [series(metric.title, evaluated) { Double($0.step) }], xRange: range, yRange: 0...1,
        height: 9))
  }

  private func series(
    _ name: String, _ points: [TrainingRecord.Point], at place: (TrainingRecord.Point) -> Double
  ) -> Drawing.Curves.Series {
    .init(name, points.map { .init(place($0), $0.value(metric.key)) }, goal: .high)
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

extension TrainingRecord {
  /// What the run is called in a plot.
  var plotName: String { TrainingPlot.name(method, fromScratch: from_scratch, base: base) }
}
