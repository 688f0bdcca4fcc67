import ArgumentParser
import Drawing
import Foundation
import Training

/// `runs`: what was trained here, and how it went.
package struct RunsCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List your fine-tuned runs; `runs show N` replays one, `runs remove N` deletes it.",
    discussion: "A run that was interrupted or killed is listed too; `finetune --resume N` goes on with it.")
  package static let group = CommandGroup.training
  package static let example = "runs"
  @Argument(help: "list, show or remove.") package var action = Action.list
  @Argument(help: "The run's number, `last`, or the folder of a saved model.") package var run: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package enum Action: String, CaseIterable, ExpressibleByArgument, Sendable { case list, show, remove }

  package mutating func validate() throws {
    if action != .list, run == nil { throw ValidationError("Say which run, such as `runs \(action.rawValue) last`.") }
  }

  package struct Row: Encodable {
    let run: Int
    let task: String
    let base: String
    let method: String
    let data: String
    let metric: String
    let score: Double?
    let seconds: Double
    let peak_memory: Int

    init(_ number: Int, _ record: TrainingRecord) {
      run = number
      task = record.task
      base = record.base
      method = record.from_scratch && record.method != TrainingTask.pretraining ? "scratch" : record.method
      data = record.data
      let column = TrainingTask.named(record.task)?.columns.first
      metric = column?.title ?? record.recipe.bestMetric
      let value = record.bestPoint?.value(column?.key ?? record.recipe.bestMetric)
      score = value.flatMap { $0.isNaN ? nil : $0 }
      seconds = record.seconds
      peak_memory = record.peak_memory
    }
  }

  package struct Answer: CommandAnswer {
    let runs: [Row]
    /// Numbers of runs that can go on.
    let unfinished: [Int]
    /// The lines that go on with them.
    var ways: [String] = []
    let record: TrainingRecord?
    let report: TaskReport?
    let removed: Int?

    enum CodingKeys: String, CodingKey { case runs, unfinished, record, report, removed }
  }

  package func answer(in session: Session) throws -> Answer {
    let runs = session.runs
    switch (action, run) {
    case (.show, let name?):
      return Answer(
        runs: [], unfinished: [], record: try runs.record(name), report: try runs.report(name), removed: nil)
    case (.remove, let name?):
      return Answer(runs: [], unfinished: [], record: nil, report: nil, removed: try remove(name, session))
    default:
      let rows = runs.numbers.compactMap { number in
        (try? runs.record(String(number))).map { Row(number, $0) }
      }
      let unfinished = runs.unfinishedNumbers
      return Answer(
        runs: rows, unfinished: unfinished, ways: unfinished.map { "\(runs.command(of: $0)) --resume \($0)" },
        record: nil,
        report: nil, removed: nil)
    }
  }

  private func remove(_ name: String, _ session: Session) throws -> Int {
    let place: URL
    if let number = Int(name), session.runs.unfinishedNumbers.contains(number) {
      place = try session.runs.unfinished(name)
      _ = try Runs.lock(place)
      rmdir(session.runs.folder(of: number).path)
    } else {
      place = try session.runs.find(name)
      session.shelf.close(place)
    }
    guard session.screen.confirms("Delete run \(name)?") else { throw Failure("Nothing was deleted.", .interrupted) }
    do { try FileManager.default.removeItem(at: place) } catch {
      throw Failure("\(place.path) cannot be deleted; check its permissions.", .cannotWrite)
    }
    return Int(place.deletingPathExtension().lastPathComponent) ?? 0
  }
}

extension RunsCommand.Answer {
  package var drawing: Drawing? {
    if let removed { return .plain("Run \(removed) is deleted.") }
    if let record {
      return .stack([
        TrainingPlot(record).final(record), record.evaluations, record.words,
        report?.drawing(reliability: true) ?? .stack([]),
      ])
    }
    guard !runs.isEmpty || !unfinished.isEmpty else {
      return .plain("No runs yet; `finetune` makes the first one.")
    }
    var parts: [Drawing] = []
    if !runs.isEmpty {
      parts.append(
        .table(
          .init(
            columns: [
              .number("run"), "task", "base", "method", "data", .number("score"), .number("time"),
              .number("memory"),
            ],
            rows: runs.map { row in
              [
                .init("\(row.run)", .strong), .init(row.task), .init(row.base), .init(row.method), .init(row.data),
                .init(row.score.map { "\(row.metric) \(number($0, digits: 3))" } ?? "-"),
                .init(duration(seconds: row.seconds)), .init(measured(bytes(row.peak_memory))),
              ]
            })))
    }
    for (number, way) in zip(unfinished, ways) {
      parts.append(.words(.init("Run \(number) is unfinished; `\(way)` goes on with it.", .faint)))
    }
    return .stack(parts)
  }
}

extension TrainingRecord {
  /// What was trained on what, in one line.
  var words: Drawing {
    let share = 100 * Double(trained_parameters) / Double(max(1, parameters))
    return .stack([
      .words(
        .init(
          "\(task) on \(base), \(from_scratch ? "from random weights" : method): \(grouped(trained_parameters)) of \(grouped(parameters)) parameters (\(number(share, digits: 1))%)"
        )),
      .words(
        .init(
          "\(examples) rows of \(data), measured on \(validation_examples); \(duration(seconds: seconds)), at most \(measured(bytes(peak_memory))) in memory (\(bytes(estimated_memory)) expected).",
          .faint)),
    ])
  }
}
