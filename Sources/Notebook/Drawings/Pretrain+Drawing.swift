import Drawing
import Training

extension TrainingOutcome {
  /// The curves, what was measured on the way, what became of the text, and what more of it would cost.
  var pretrained: Drawing {
    var parts: [Drawing] = [curves, record.measured, samples.drawing()]
    let pace = record.tokens_per_second ?? 0
    if let cost, pace > 0 {
      parts.append(
        .words(
          .init("\(counted(record.tokens ?? 0)) tokens in \(duration(seconds: record.seconds))", .strong),
          .init(
            ": \(measured(counted(Int(pace)))) a second, \(measured("\(Int((100 * cost.share(pace)).rounded()))"))% of what this machine's products reach."
          )))
      if let scale = cost.atScale(pace) {
        parts.append(
          .words(
            .init(
              "BERT-base on 3.3 billion words, \(counted(Int(scale.tokens))) tokens in all, would take \(measured(grouped(Int(scale.days_here.rounded())))) days at this rate, or \(grouped(Int(scale.gpu_hours.rounded()))) hours of a card that keeps up \(Int(scale.gpu_operations_per_second / 1e12)) TFLOP/s.",
              .faint)))
      }
    }
    parts.append(.words(.init("Saved in \(run.map { "run \($0), " } ?? "")\(output)", .faint)))
    return .stack(parts)
  }
}

extension TrainingRecord {
  /// A row for each evaluation of a pre-training, by what the model had read.
  fileprivate var measured: Drawing {
    let perStep = Double(tokens ?? 0) / Double(max(1, losses.count))
    let columns = [("accuracy", "accuracy"), ("perplexity", "perplexity"), ("word_perplexity", "per word")].filter {
      key, _ in epochs.contains { !$0.value(key).isNaN }
    }
    return .table(
      .init(
        columns: [.number("tokens"), .number("training loss"), .number("held-out loss")]
          + columns.map { .number($0.1) } + [.number("time")],
        rows: epochs.map { point in
          let values =
            [
              counted(Int((Double(point.step) * perStep).rounded())),
              point.train_loss.map { number(Double($0), digits: 3) } ?? "-", number(Double(point.eval_loss), digits: 3),
            ]
            + columns.map { key, _ in number(point.value(key), digits: key == "accuracy" ? 3 : 1) }
            + [duration(seconds: point.seconds)]
          return values.map { .init($0) }
        }))
  }
}
