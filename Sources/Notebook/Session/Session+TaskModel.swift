import Drawing
import Foundation
import Models
import Pipelines

/// What this installation has for a task where no model is named.
package struct TaskModel: Sendable {
  /// Below `samples/adapters`; nil where nothing ships.
  package let shipped: String?
  /// The command that trains a model for it.
  package let training: String

  /// By the head that the task needs.
  package static let all: [Head.Kind: TaskModel] = [
    .sequenceClassification: .init(shipped: "sentiment", training: "finetune --task sentiment --data FILE"),
    .tokenClassification: .init(shipped: "entities", training: "finetune --task entities --data FILE"),
    .questionAnswering: .init(shipped: "answers", training: "finetune --task answer --data FILE"),
    .maskedWords: .init(shipped: nil, training: "finetune --task fill --data FILE"),
    .causalWords: .init(shipped: nil, training: "finetune --task generate --model NAME --data FILE"),
    .targetWords: .init(shipped: nil, training: "finetune --task summarize --model NAME --data FILE"),
  ]
}

extension Session {
  /// The model that does a task: the one a command names; the session's, if it has the head; the newest that this
  /// session trained; what ships; the newest run at home.
  /// - Throws: `Failure` that says how to train one where there is none
  package func taskModel(_ kind: Head.Kind, _ common: CommonOptions) throws -> Repository {
    if let named = common.model { return try model(named) }
    if let chosen = settings.model {
      let repository = try model(chosen)
      if repository.kind == kind { return repository }
    }
    for place in trainedHere {
      if let repository = try? trained(at: place), repository.kind == kind { return repository }
    }
    let task = TaskModel.all[kind]
    if let shipped = task?.shipped, let folder = resources.find("samples/adapters/\(shipped)") {
      return try shelf.repository(folder, name: shipped)
    }
    for number in Runs(home).numbers.reversed() {
      // A run that cannot be opened is no model for anything.
      if let repository = try? model(String(number)), repository.kind == kind { return repository }
    }
    let way = task.map { "`\($0.training)` trains one, or name" } ?? "name"
    throw Failure("No model here is trained for \(RepositoryError.task(kind)) yet; \(way) one with --model.", .usage)
  }

  /// The model that a command measures where no task is named: the one it names; the session's, if it has a head; what
  /// does the data's task, where data tell one; else the newest that this session trained, or what ships for sentiment.
  package func anyTaskModel(_ common: CommonOptions, for task: TrainingTask?) throws -> Repository {
    if let named = common.model { return try model(named) }
    if let chosen = settings.model, case let repository = try model(chosen), repository.kind != .body {
      return repository
    }
    let trained = trainedHere.compactMap { try? self.trained(at: $0) }
    if let task, let same = trained.first(where: { $0.task?.name == task.name }) { return same }
    if let task, TaskModel.all[task.head]?.shipped != nil { return try taskModel(task.head, common) }
    return try trained.first ?? taskModel(.sequenceClassification, common)
  }

  /// The folders that `finetune` saved to in this session, newest first.
  private var trainedHere: [String] {
    cells.reversed().compactMap { cell in
      guard cell.command == FinetuneCommand.name, case .string(let folder)? = cell.value?["output"] else { return nil }
      return folder
    }
  }

  private func trained(at place: String) throws -> Repository {
    let folder = URL(fileURLWithPath: place, isDirectory: true)
    let isRun = folder.deletingLastPathComponent().standardizedFileURL == home.runs.standardizedFileURL
    return try shelf.repository(folder, name: isRun ? "run \(folder.lastPathComponent)" : place)
  }
}

extension Repository {
  /// What the model was trained for; nil for a body without a head.
  var task: TrainingTask? { .of(configuration, kind) }
}
