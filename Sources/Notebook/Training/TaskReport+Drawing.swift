import Drawing
import Training

extension TaskReport {
  /// The parts below the headline: classes, confusion, mistakes; the reliability plot where it is asked for.
  func drawing(reliability: Bool = false) -> Drawing {
    var parts: [Drawing] = []
    if !classes.isEmpty { parts.append(table(of: classes)) }
    if let confusion, confusion.labels.count <= 12 { parts.append(table(of: confusion)) }
    if let calibration {
      if reliability { parts.append(plot(of: calibration)) }
      parts.append(
        .words(
          .init(
            "Calibration: it is off by \(number(calibration.expectedError, digits: 3)) on average from how sure it says it is.",
            .faint)))
    }
    if let samples, !samples.isEmpty { parts.append(table(of: samples)) }
    if !mistakes.isEmpty { parts.append(table(of: mistakes)) }
    return .stack(parts)
  }

  private func table(of classes: [ClassRow]) -> Drawing {
    .table(
      .init(
        columns: ["label", .number("precision"), .number("recall"), .number("F1"), .number("rows")],
        rows: classes.map { row in
          [
            .init(row.label), .init(number(row.precision, digits: 3)), .init(number(row.recall, digits: 3)),
            .init(number(row.f1, digits: 3)), .init("\(row.support)"),
          ]
        }))
  }

  private func table(of confusion: Confusion) -> Drawing {
    .table(
      .init(
        title: "Confusion: rows are the truth, columns what was said",
        columns: [""] + confusion.labels.map { .number($0) },
        rows: zip(confusion.labels, confusion.counts).map { label, counts in
          [.init(label)] + counts.map { .init("\($0)") }
        }))
  }

  /// How often it is right, by how sure it says it is; on the straight line both agree.
  private func plot(of calibration: Calibration) -> Drawing {
    let bins = calibration.bins.filter { $0.count > 0 }
    return .curves(
      .init(
        title: "Reliability: how often right, by how sure", xTitle: "how sure",
        series: [
          .init("as sure as right", [.init(0, 0), .init(1, 1)]),
          .init("this model", bins.map { .init($0.confidence, $0.accuracy) }, goal: .high),
        ], xRange: 0...1, yRange: 0...1, height: 11))
  }

  private func table(of samples: [Sample]) -> Drawing {
    .table(
      .init(
        title: "What it writes", columns: [.number("line"), "source", "target", "written"],
        rows: samples.map { [.init("\($0.line)"), .init($0.source), .init($0.target), .init($0.written)] }))
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
