import ArgumentParser
import Foundation
import Models
import Pipelines
import Training

/// Something that a model can be adapted to: a row of the table that `finetune` and `evaluate` read.
package struct TrainingTask: Sendable {
  package let name: String
  package let aliases: [String]
  /// Ends "adapt a model to ...".
  package let summary: String
  package let head: Head.Kind
  /// What best means where nobody says.
  package let bestMetric: String
  /// The metrics that tables show, by key, with their titles.
  package let columns: [(key: String, title: String)]
  /// Reads a file's rows; throws what is wrong with the first bad one.
  let read: @Sendable (URL, TaskOptions) throws -> any TaskRows

  package static func named(_ name: String) -> TrainingTask? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }

  package static let all: [TrainingTask] = [.sentiment]

  /// The task of a model that has been trained; nil for a body without a head.
  package static func of(_ repository: Repository) -> TrainingTask? { all.first { $0.head == repository.kind } }
}

extension TrainingTask: ExpressibleByArgument {
  package init?(argument: String) {
    guard let task = TrainingTask.named(argument) else { return nil }
    self = task
  }

  package static var allValueStrings: [String] { all.map(\.name) }
  package var defaultValueDescription: String { name }
}

/// The rows of a file under a task, before any model reads them.
protocol TaskRows {
  var count: Int { get }
  /// The labels that a new head learns; throws when there is nothing to tell apart.
  func labelsForTraining() throws -> [String]
  func prefix(_ count: Int?) throws -> Self
  func split(heldOut fraction: Double, seed: UInt64) throws -> (Self, Self)
  /// The rows as model input. `labels` are the head's, in the order of their ids.
  func data(_ repository: Repository, _ labels: [String], _ options: TaskOptions) throws -> any TaskData
}

/// Rows as model input, and what a model makes of them.
protocol TaskData {
  /// Of the file, not of windows.
  var rowCount: Int { get }
  var examples: any ExampleSource { get }
  var collator: Collator { get }
  /// Runs the model over all examples.
  func report(_ model: EncoderModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport
}

extension TaskData {
  var collator: Collator { .plain }
}

/// How rows are read and measured, where the file does not say.
package struct TaskOptions: ParsableArguments {
  @Option(help: "Cut texts to this many tokens; by default the model's limit.") package var maxLength: Int?

  package init() {}

  package mutating func validate() throws {
    try maxLength.map { try RecipeOptions.require("--max-length", $0, in: 8...1_000_000) }
  }
}
