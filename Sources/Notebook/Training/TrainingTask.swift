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
  /// Which rows of the head it reads; nil reads all.
  let problem: ProblemType?
  /// What best means where nobody says.
  package let bestMetric: String
  /// The metrics that tables show, by key, with their titles; the first is drawn.
  package let columns: [(key: String, title: String)]
  /// Metrics that `evaluate` tells besides.
  package var otherColumns: [(key: String, title: String)] = []
  /// Reads a file's rows; throws what is wrong with the first bad one.
  let read: @Sendable (URL, ReadingOptions, TaskOptions) throws -> any TaskRows

  package static let all: [TrainingTask] = [
    .sentiment, .topics, .ratings, .entities, .answers, .fill, .generate, .summarize, .translate,
  ]

  package static func named(_ name: String) -> TrainingTask? {
    all.first { $0.name == name || $0.aliases.contains(name) }
  }

  /// The tokens of a sequence where nothing is said, and the model's limit is not the usual length.
  static let usualTokens: [Head.Kind: Int] = [
    .questionAnswering: WindowCut.defaultTokens, .maskedWords: 128, .causalWords: 512, .targetWords: 512,
  ]

  package static var names: [String] { all.map(\.name) }

  /// The task of a model that has been trained; nil for a body without a head. Most classifiers that were not saved here
  /// name no `problem_type`: one label is a number, several are classes, as transformers has it.
  package static func of(_ configuration: TransformerConfiguration, _ kind: Head.Kind) -> TrainingTask? {
    let problem = configuration.problemType ?? (configuration.labels.count == 1 ? .number : .oneLabel)
    return all.first { $0.head == kind && ($0.problem == nil || $0.problem == problem) }
  }
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
  /// The rows themselves, seen as any others.
  var contents: any ShownRows { get }
  /// The labels that a new head learns; throws when there is nothing to tell apart. Empty where the head has none.
  func labelsForTraining() throws -> [String]
  /// Rows to train on and rows to hold out.
  func split(heldOut fraction: Double, seed: UInt64) throws -> Split
  /// All rows as model input. `labels` are the head's, in the order of their ids.
  func data(_ reader: RowReader, _ labels: [String]) throws -> any TaskData
}

/// Rows as model input, and what a model makes of them.
protocol TaskData {
  /// Of the file, not of windows.
  var rowCount: Int { get }
  var examples: any ExampleSource { get }
  var collator: Collator { get }
  /// How rows became tokens: how many, and what was cut.
  var facts: FeatureFacts { get }
  /// Some of the rows: one side of a split.
  func selecting(_ rows: RowSet) -> Self
  /// Runs the model over all examples.
  /// - Parameter mistakes: how many of the surest are kept
  func report(_ model: TransformerModel, mistakes: Int, stop: () throws -> Void) throws -> TaskReport
}

extension TaskData {
  var collator: Collator { .plain }
}

/// Who reads rows for a model: its tokenizer and limit, the cache, the options.
struct RowReader {
  let repository: Repository
  let options: TaskOptions
  let cache: FeatureCache
  let screen: any Screen

  init(_ repository: Repository, _ options: TaskOptions, _ session: Session) {
    self.repository = repository
    self.options = options
    cache = FeatureCache(session.home.cache)
    screen = session.screen
  }

  func limit() throws -> Int { min(try repository.maximumTokens(), options.maxLength ?? .max) }

  /// The most tokens of a sequence: what was asked for, or what is usual for the task.
  func limit(for task: TrainingTask) throws -> Int {
    min(try limit(), options.maxLength ?? TrainingTask.usualTokens[task.head] ?? .max)
  }

  /// Tokenized rows, from the cache where an earlier run left them.
  func features<Row>(_ rows: DataRows<Row>, _ featurizer: some Featurizer<Row>) throws -> Features {
    try Features(rows, featurizer, cache: cache) { done, total in
      try Interrupt.check()
      if total > 20_000 {
        screen.live(.progress(.init(label: "reading", done: done, total: total, unit: .count("rows"))))
      }
    }
  }
}
