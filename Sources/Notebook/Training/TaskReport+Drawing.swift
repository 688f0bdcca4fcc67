import Drawing
import Training

extension TaskReport {
  /// The parts below the headline: classes, confusion, mistakes.
  var drawing: Drawing {
    var parts: [Drawing] = []
    if let classes { parts += [table(of: classes), confusion(of: classes)] }
    if !mistakes.isEmpty { parts.append(table(of: mistakes)) }
    return .stack(parts)
  }

  private func table(of classes: ClassificationMetrics) -> Drawing {
    .table(
      .init(
        columns: ["label", .number("precision"), .number("recall"), .number("F1"), .number("rows")],
        rows: classes.labels.map { row in
          [
            .init(row.label), .init(number(row.scores.precision, digits: 3)),
            .init(number(row.scores.recall, digits: 3)), .init(number(row.scores.f1, digits: 3)),
            .init("\(row.support)"),
          ]
        }))
  }

  private func confusion(of classes: ClassificationMetrics) -> Drawing {
    let labels = classes.labels.map(\.label)
    return .table(
      .init(
        title: "Confusion: rows are the truth, columns what was said",
        columns: [""] + labels.map { .number($0) },
        rows: zip(labels, classes.confusion).map { label, counts in [.init(label)] + counts.map { .init("\($0)") } }))
  }

  private func table(of mistakes: [Mistake]) -> Drawing {
    .table(
      .init(
        title: "Surest mistakes", columns: [.number("line"), "text", "label", "said", .number("score")],
        rows: mistakes.map {
          [
            .init("\($0.line)"), .init($0.text), .init($0.label), .init($0.predicted),
            .init(number($0.score, digits: 2)),
          ]
        }))
  }
}
