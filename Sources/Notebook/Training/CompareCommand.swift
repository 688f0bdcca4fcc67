import ArgumentParser
import Drawing
import Training

/// `compare`: runs side by side.
package struct CompareCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare runs: their curves in one plot, their scores in one table.")
  package static let group = CommandGroup.training
  package static let example = "compare 1 2"
  package static let needs = [FinetuneCommand.example, FinetuneCommand.example + " --from-scratch"]
  @Argument(help: "Numbers of runs, `last`, `last-1` for the one before, or folders of saved models.")
  package var runs: [String]
  @Option(help: "What is drawn, such as f1 or eval_loss; by default the task's first metric.")
  package var metric: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    guard (2...12).contains(runs.count) else { throw ValidationError("Give 2 to 12 runs, such as `compare 1 2`.") }
  }

  package struct Row: Encodable {
    let run: String
    let task: String
    let name: String
    /// Of the best evaluation; nil where the run's task does not measure it.
    let score: Double?
    let eval_loss: Float?
    let best_epoch: Double?
    let seconds: Double
    let peak_memory: Int
    let trained_parameters: Int
    /// Bytes of the weights that were saved.
    let saved: Int
  }

  package struct Answer: CommandAnswer {
    let metric: String
    let runs: [Row]
    let records: [TrainingRecord]
    let title: String

    enum CodingKeys: String, CodingKey { case metric, runs }
  }

  package func answer(in session: Session) throws -> Answer {
    let records = try runs.map { try session.runs.record($0) }
    let column = TrainingTask.named(records[0].task)?.columns.first
    let key = metric ?? column?.key ?? records[0].recipe.bestMetric
    guard records.contains(where: { record in record.epochs.contains { !$0.value(key).isNaN } }) else {
      let known = Set(records.flatMap(\.epochs).flatMap(\.metrics.keys)).sorted() + ["eval_loss"]
      throw Failure(
        "No run measured '\(sanitized(key))'; they have \(known.joined(separator: ", ")).", .usage)
    }
    let rows = try zip(runs, records).map { name, record in
      let best = record.bestPoint ?? record.epochs.last
      return Row(
        run: session.runs.label(name), task: record.task, name: record.plotName,
        score: best.map { $0.value(key) }.flatMap { $0.isNaN ? nil : $0 },
        eval_loss: best?.eval_loss, best_epoch: best?.epoch, seconds: record.seconds, peak_memory: record.peak_memory,
        trained_parameters: record.trained_parameters, saved: try session.runs.savedBytes(name))
    }
    return Answer(metric: key, runs: rows, records: records, title: metric ?? column?.title ?? key)
  }
}

extension CompareCommand.Answer {
  package var drawing: Drawing? {
    let goal: Drawing.Curves.Goal = metric.hasSuffix("loss") || metric == "mse" || metric == "mae" ? .low : .high
    return .stack([
      TrainingPlot.runs(
        zip(runs, records).map { ("run \($0.run), \($0.name)", $1) }, metric: (metric, title), goal: goal, height: 10),
      .table(
        .init(
          columns: [
            "run", "trained", .number(title), .number("loss"), .number("time"), .number("memory"),
            .number("parameters"), .number("saved"),
          ],
          rows: runs.map { row in
            [
              .init(row.run, .strong), .init(row.name), .init(row.score.map { number($0, digits: 3) } ?? "-"),
              .init(row.eval_loss.map { number(Double($0), digits: 3) } ?? "-"), .init(duration(seconds: row.seconds)),
              .init(measured(bytes(row.peak_memory))), .init(counted(row.trained_parameters)),
              .init(sizeText(row.saved)),
            ]
          })),
    ])
  }
}
