import Drawing
import Training

extension TrainingOutcome {
  /// The curves, a row for each evaluation, and where the model is.
  var final: Drawing {
    let best = record.bestPoint
    let metrics = TrainingTask.named(record.task)?.columns ?? []
    var parts: [Drawing] = [curves, record.evaluations]
    if let best, let metric = metrics.first {
      parts.append(
        .words(
          .init("Best epoch \(best.epochText): \(metric.title) \(number(best.value(metric.key), digits: 3))", .strong),
          .init(
            " on \(record.validation_examples) rows, trained on \(record.examples) in \(duration(seconds: record.seconds))."
          )))
    }
    if record.method == "lora" {
      let share = 100 * Double(record.trained_parameters) / Double(max(1, record.parameters))
      parts.append(
        .words(
          .init(
            "Trained \(grouped(record.trained_parameters)) of \(grouped(record.parameters)) parameters (\(number(share, digits: 2))%).",
            .faint)))
    }
    parts.append(.words(.init("Saved in \(run.map { "run \($0), " } ?? "")\(output)", .faint)))
    return .stack(parts)
  }
}

extension TrainingRecord {
  /// A row for each evaluation, the best one set apart.
  var evaluations: Drawing {
    guard !epochs.isEmpty else { return .stack([]) }
    let metrics = (TrainingTask.named(task)?.columns ?? []).filter { column in
      epochs.contains { !$0.value(column.key).isNaN }
    }
    return .table(
      .init(
        columns: [.number("epoch"), .number("training loss"), .number("validation loss")]
          + metrics.map { .number($0.title) } + [.number("time")],
        rows: epochs.map { point in
          let role: Drawing.Role = point == bestPoint ? .good : .plain
          let values =
            [
              point.epochText, point.train_loss.map { number(Double($0), digits: 3) } ?? "-",
              number(Double(point.eval_loss), digits: 3),
            ] + metrics.map { number(point.value($0.key), digits: 3) } + [duration(seconds: point.seconds)]
          return values.map { .init($0, role) }
        }))
  }
}

extension TrainingRecord.Point {
  /// `2`, or `1.5` where it lies between two epochs.
  var epochText: String { Int(exactly: epoch).map(String.init) ?? number(epoch, digits: 2) }
}

extension EvaluateCommand.Answer {
  package var drawing: Drawing? {
    let named = columns.compactMap { column in
      report.metrics[column.key].map { "\(column.title) \(number($0, digits: 3))" }
    }
    return .stack([
      .words(
        .init(named.joined(separator: ", "), .strong),
        .init(", loss \(number(Double(report.loss), digits: 3)) on \(examples) rows, by \(model)")),
      report.drawing(reliability: reliability),
    ])
  }
}
