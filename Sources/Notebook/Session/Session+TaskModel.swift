import Drawing
import Foundation
import Models
import Pipelines

/// What this installation has for a task where no model is named.
package struct TaskModel: Sendable {
  /// The adapters below `samples/adapters` that ship, by the encoder that they are added to.
  package var adapters: [String: String] = [:]
  /// Models that do it as they are, the best first.
  package var models: [String] = []
  /// The command that trains a model for it.
  package let training: String

  /// By the head that the task needs.
  package static let all: [Head.Kind: TaskModel] = [
    .sequenceClassification: .init(
      adapters: ["minilm": "sentiment", "pocket-bert": "pocket-sentiment"],
      training: "finetune --task sentiment --data FILE"),
    .tokenClassification: .init(
      adapters: ["minilm": "entities", "pocket-bert": "pocket-entities"],
      training: "finetune --task entities --data FILE"),
    .questionAnswering: .init(
      adapters: ["minilm": "answers", "pocket-bert": "pocket-answers"], training: "finetune --task answer --data FILE"),
    .maskedWords: .init(models: ["pocket-bert"], training: "finetune --task fill --data FILE"),
    .causalWords: .init(
      models: ModelShelf.usualWriters, training: "finetune --task generate --model NAME --data FILE"),
    .targetWords: .init(training: "finetune --task summarize --model NAME --data FILE"),
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
    if let adapter = task?.adapters[encoderName], let folder = resources.find("samples/adapters/\(adapter)") {
      return try shelf.repository(folder, name: adapter)
    }
    if let usual = task?.models.first(where: { shelf.store.locate($0) != nil }) { return try model(usual) }
    for number in Runs(home).numbers.reversed() {
      // A run that cannot be opened is no model for anything.
      if let repository = try? model(String(number)), repository.kind == kind { return repository }
    }
    let way = task.map { "`\($0.training)` trains one, or name" } ?? "name"
    throw Failure("No model here is trained for \(RepositoryError.task(kind)) yet; \(way) one with --model.", .usage)
  }

  /// The model that a command measures where no task is named: the one it names; the session's, if it has a head that
  /// fits; what does the data's task, where data tell one; else the newest that this session trained, or what ships for
  /// sentiment.
  package func anyTaskModel(_ common: CommonOptions, for task: TrainingTask?) throws -> Repository {
    if let named = common.model { return try model(named) }
    if let chosen = settings.model, case let repository = try model(chosen), repository.kind != .body {
      // A model of words has no answer to data with labels.
      let fits = !repository.kind.isOfWords || task.map(\.head.isOfWords) ?? true
      if fits { return repository }
    }
    let trained = trainedHere.compactMap { try? self.trained(at: $0) }
    if let task, let same = trained.first(where: { $0.task?.name == task.name }) { return same }
    if let task, TaskModel.all[task.head]?.adapters.isEmpty == false { return try taskModel(task.head, common) }
    return try trained.first ?? taskModel(.sequenceClassification, common)
  }

  /// The encoder that adapters are added to where nobody names one: the session's model if it is one of the usual ones.
  private var encoderName: String {
    ModelShelf.usualEncoders.contains(modelName) ? modelName : shelf.usualEncoder
  }

  /// The folders that a training saved to in this session, newest first, and behind them those of an earlier sitting.
  private var trainedHere: [String] { cells.reversed().compactMap(\.trained) + trainedBefore.reversed() }

  private func trained(at place: String) throws -> Repository {
    let folder = URL(fileURLWithPath: place, isDirectory: true)
    let isRun = folder.deletingLastPathComponent().standardizedFileURL == home.runs.standardizedFileURL
    return try shelf.repository(folder, name: isRun ? "run \(folder.lastPathComponent)" : place)
  }
}

extension Cell {
  /// The folder that a training saved to; nil for other commands.
  package var trained: String? {
    guard [FinetuneCommand.name, PretrainCommand.name].contains(command), case .string(let folder)? = value?["output"]
    else { return nil }
    return folder
  }
}

extension Repository {
  /// What the model was trained for; nil for a body without a head.
  var task: TrainingTask? { .of(configuration, kind) }
}
