import Drawing
import Training

extension ClassifyCommand.Answer {
  package var drawing: Drawing? {
    .stack(
      results.map { row in
        .bars(
          .init(
            title: row.text,
            bars: row.scores.map { .init($0.label, $0.score, text: number($0.score, digits: 3)) }, range: 0...1))
      })
  }
}

extension FinetuneCommand.Answer {
  /// The curves, a row for each epoch, and where the model is.
  var final: Drawing {
    .stack([
      curves,
      .table(
        .init(
          columns: [
            .number("epoch"), .number("training loss"), .number("validation loss"), .number("accuracy"), .number("F1"),
            .number("time"),
          ],
          rows: epochs.map { epoch in
            let role: Drawing.Role = epoch.epoch == best_epoch ? .good : .plain
            return [
              .init("\(epoch.epoch)", role), .init(epoch.train_loss.map { number(Double($0), digits: 3) } ?? "-", role),
              .init(number(Double(epoch.eval_loss), digits: 3), role), .init(number(epoch.accuracy, digits: 3), role),
              .init(number(epoch.f1, digits: 3), role), .init(duration(seconds: epoch.seconds), role),
            ]
          })),
      .words(
        .init("Best epoch \(best_epoch): accuracy \(number(accuracy, digits: 3))", .strong),
        .init(" on \(validation_examples) rows, trained on \(examples) in \(duration(seconds: seconds)).")),
      .words(.init("Saved in \(run.map { "run \($0), " } ?? "")\(output)", .faint)),
    ])
  }
}

extension EvaluateCommand.Answer {
  package var drawing: Drawing? {
    let labels = metrics.labels.map(\.label)
    var parts: [Drawing] = [
      .words(
        .init("accuracy \(number(accuracy, digits: 3)), F1 \(number(f1, digits: 3))", .strong),
        .init(", loss \(number(Double(loss), digits: 3)) on \(examples) rows")),
      .table(
        .init(
          columns: ["label", .number("precision"), .number("recall"), .number("F1"), .number("rows")],
          rows: metrics.labels.map { row in
            [
              .init(row.label), .init(number(row.scores.precision, digits: 3)),
              .init(number(row.scores.recall, digits: 3)),
              .init(number(row.scores.f1, digits: 3)), .init("\(row.support)"),
            ]
          })),
      .table(
        .init(
          title: "Confusion: rows are the truth, columns what was said",
          columns: [""] + labels.map { .number($0) },
          rows: zip(labels, metrics.confusion).map { label, counts in [.init(label)] + counts.map { .init("\($0)") } })),
    ]
    if !mistakes.isEmpty {
      parts.append(
        .table(
          .init(
            title: "Surest mistakes", columns: [.number("line"), "text", "label", "said", .number("score")],
            rows: mistakes.map {
              [
                .init("\($0.line)"), .init($0.text), .init($0.label), .init($0.predicted),
                .init(number($0.score, digits: 2)),
              ]
            })))
    }
    return .stack(parts)
  }
}
