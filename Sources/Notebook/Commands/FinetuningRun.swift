import Checkpoints
import Drawing
import Foundation
import Models
import Pipelines
import Tensors
import Tokenizers
import Training

/// One `finetune` on its way: data, model, curves.
final class FinetuningRun {
  private let command: FinetuneCommand
  private let session: Session
  private let base: Repository
  private let labels: [String]
  private let training: [Example]
  private let validation: [Example]
  private let model: EncoderModel
  private let output: URL
  private let plot: TrainingPlot
  private let start = ContinuousClock.now
  private var losses: [Float] = []
  private var epochs: [TrainingRecord.Epoch] = []
  private var best: (epoch: TrainingRecord.Epoch, snapshot: ParameterSnapshot)?

  init(_ command: FinetuneCommand, _ session: Session, beside: (name: String, record: TrainingRecord)?) throws {
    self.command = command
    self.session = session
    base = try session.repository(command.common)
    let seed = command.seed ?? session.settings.seed
    let texts = try LabelledTexts.read(try session.file(command.data)).prefix(command.rows)
    labels = try texts.namesForTraining()
    let other = try command.validation.map { try LabelledTexts.read(try session.file($0)) }
    let (kept, held) = try other.map { (texts, $0) } ?? texts.split(heldOut: 0.1, seed: seed)
    training = try base.examples(kept, labels)
    validation = try base.examples(held, labels)
    var configuration = base.configuration
    let isSameTask = base.kind == .sequenceClassification && configuration.labels == labels
    configuration.labels = labels
    model = try EncoderModel(
      configuration, .sequenceClassification, source: command.fromScratch ? nil : try base.source(),
      freshOutput: !isSameTask, seed: seed)
    output = try command.output.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? Runs(session.home).reserve()
    plot = TrainingPlot(
      name: command.fromScratch ? "random weights" : "pre-trained \(base.name)", epochs: command.epochs, beside: beside)
    if command.freezeBody {
      for parameter in model.parameters where parameter.name.hasPrefix(configuration.family.prefix + ".") {
        parameter.isTrained = false
      }
    }
    let fresh = model.report.fresh
    if !fresh.isEmpty, !command.fromScratch {
      session.screen.notice("New, from random values: \(fresh.joined(separator: ", ")).")
    }
  }

  func perform() throws -> FinetuneCommand.Answer {
    // Does nothing to a folder that holds a model by then.
    defer { if command.output == nil { Runs.release(output) } }
    var recipe = Recipe()
    recipe.epochs = command.epochs
    recipe.batchSize = command.batchSize
    recipe.learningRate = command.learningRate
    recipe.weightDecay = command.weightDecay
    recipe.warmupRatio = command.warmupRatio
    recipe.seed = command.seed ?? session.settings.seed
    try ModelFolder.rehearse(model, others: base.tokenizer().files + [(TrainingRecord.fileName, Data())], to: output)
    let finished: Bool
    do {
      finished = try train(recipe)
    } catch let stop as Failure where stop.status == .interrupted || stop.status == .timeout {
      // An evaluation was stopped: the epochs before it still count.
      finished = false
    }
    session.screen.endLive()
    guard let best, finished || best.epoch.epoch > 0 else { throw unfinished(nil) }
    best.snapshot.restore()
    let record = try save(recipe, best.epoch)
    guard finished else { throw unfinished(best.epoch) }
    return answer(record, best.epoch)
  }

  /// - Returns: whether every epoch was finished
  private func train(_ recipe: Recipe) throws -> Bool {
    if command.evalOnStart { try evaluate(0) }
    var epochLosses: [Float] = []
    return try Trainer(model, recipe).run(training) { step in
      losses.append(step.loss)
      epochLosses.append(step.loss)
      session.screen.live(plot.live(losses, epochs, step, (ContinuousClock.now - start).seconds))
      return !Interrupt.shouldStop
    } onEpoch: { epoch in
      try evaluate(epoch, trainLoss: epochLosses.reduce(0, +) / Float(epochLosses.count))
      epochLosses = []
      return !Interrupt.shouldStop
    }
  }

  private func evaluate(_ epoch: Int, trainLoss: Float? = nil) throws {
    let evaluation = try Evaluation(model, validation) { try Interrupt.check() }
    let metrics = ClassificationMetrics(
      expected: validation.compactMap(\.label), predicted: evaluation.predictions, labels: labels)
    let result = TrainingRecord.Epoch(
      epoch: epoch, trainLoss: trainLoss, evalLoss: evaluation.loss, accuracy: metrics.accuracy, f1: metrics.f1,
      seconds: (ContinuousClock.now - start).seconds)
    epochs.append(result)
    // Of equally accurate epochs, the surer one.
    let isBetter =
      best.map { ($0.epoch.accuracy, -$0.epoch.eval_loss) < (result.accuracy, -result.eval_loss) } ?? true
    if isBetter { best = (result, ParameterSnapshot(model)) }
  }

  private func save(_ recipe: Recipe, _ best: TrainingRecord.Epoch) throws -> TrainingRecord {
    let record = TrainingRecord(
      task: command.task, base: base.name, fromScratch: command.fromScratch, freezeBody: command.freezeBody,
      data: URL(fileURLWithPath: command.data).lastPathComponent, labels: labels, recipe: recipe, losses: losses,
      epochs: epochs, bestEpoch: best.epoch)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let files = try base.tokenizer().files + [(TrainingRecord.fileName, try encoder.encode(record))]
    try ModelFolder.write(model, others: files, to: output)
    session.shelf.close(output)
    return record
  }

  private func unfinished(_ saved: TrainingRecord.Epoch?) -> Failure {
    let way =
      saved.map {
        "the best finished epoch (\($0.epoch), accuracy \(number($0.accuracy, digits: 3))) is saved in \(output.path)."
      } ?? "no epoch was finished, so nothing was saved."
    return Failure(
      "\(Interrupt.isTimedOut ? "The time limit was reached" : "Interrupted") in epoch \(epochs.count { $0.epoch > 0 } + 1); \(way)",
      Interrupt.isTimedOut ? .timeout : .interrupted)
  }

  private func answer(_ record: TrainingRecord, _ best: TrainingRecord.Epoch) -> FinetuneCommand.Answer {
    .init(
      task: command.task, model: base.name, output: output.path,
      run: command.output == nil ? Int(output.lastPathComponent) : nil, labels: labels, examples: training.count,
      validation_examples: validation.count, from_scratch: command.fromScratch, best_epoch: best.epoch,
      accuracy: best.accuracy, f1: best.f1, eval_loss: best.eval_loss, train_loss: epochs.last?.train_loss ?? 0,
      epochs: epochs, steps: losses.count, seconds: (ContinuousClock.now - start).seconds,
      peak_memory: peakMemory(), curves: plot.final(record))
  }
}

extension Repository {
  /// Labelled texts as model input. `labels` are the classes, in the order of their ids.
  /// - Throws: `DataError` for a label that is not among them
  package func examples(_ texts: LabelledTexts, _ labels: [String]) throws -> [Example] {
    let classes = try texts.labels(known: labels)
    let encodings = try encode(texts.rows.map { ($0.text, $0.pair) })
    return classes.indices.map { row in
      Example(ids: encodings[row].ids, typeIDs: encodings[row].typeIDs, target: .label(classes[row]), row: row)
    }
  }
}
