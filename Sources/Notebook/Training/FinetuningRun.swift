import Checkpoints
import Drawing
import Foundation
import Layers
import Models
import Pipelines
import Tensors
import Training

/// One `finetune` on its way: data, model, curves, checkpoints.
final class FinetuningRun {
  private let command: FinetuneCommand
  private let plan: RunPlan
  private let session: Session
  private let task: TrainingTask
  private let base: Repository
  private let labels: [String]
  private let training: any TaskData
  private let validation: any TaskData
  private let model: TransformerModel
  private let trainer: Trainer
  private let plot: TrainingPlot
  private var company: ModelFolder.Company
  /// Keeps another session from going on with the same run.
  private let lock: FileLock
  /// The best weights so far, where no checkpoint holds them.
  private var snapshot: ParameterSnapshot?
  private var savedSteps: [Int] = []
  /// Of the newest evaluation, and of the best since the run began or was taken up.
  private var newest: TaskReport?
  private var best: TaskReport?
  /// Bytes that the program held before there was a model.
  private let resident: Int
  /// Bytes that the run was expected to take.
  private var estimate = 0

  /// The run of an interrupted or killed `finetune`, at its newest checkpoint.
  static func resuming(_ workFolder: URL, _ session: Session) throws -> FinetuningRun {
    let plan = try RunPlan.read(workFolder)
    var command = try FinetuneCommand.parse(plan.arguments)
    command.data = try plan.data.unchanged().path
    command.validation = try plan.validation?.unchanged().path
    command.common.model = plan.model
    let run = try FinetuningRun(command, plan, session)
    try run.takeUp()
    return run
  }

  init(_ command: FinetuneCommand, _ plan: RunPlan, _ session: Session) throws {
    self.command = command
    self.plan = plan
    self.session = session
    task = command.task
    do {
      base = try session.model(plan.model)
      session.shelf.makeRoom(for: base)
      let rows = try task.read(plan.data.file, command.reading.reading(limit: command.rows), command.reading)
      labels = try rows.labelsForTraining()
      let reader = RowReader(base, command.reading, session)
      let all = try rows.data(reader, labels)
      if let other = plan.validation {
        training = all
        validation = try task.read(other.file, command.reading.reading(), command.reading).data(reader, labels)
      } else {
        // Of a very large file more rows would not measure better, only longer.
        let share = min(0.1, 20_000 / Double(rows.count))
        let split = try rows.split(heldOut: share, seed: plan.seed)
        guard !split.training.isEmpty, !split.heldOut.isEmpty else {
          throw Failure(
            "\(plan.data.file.path) has \(rows.count) rows, too few to hold some back for the evaluation; "
              + "add rows, or give others with --validation.", .malformed)
        }
        (training, validation) = (all.selecting(split.training), all.selecting(split.heldOut))
      }
      var configuration = base.configuration
      let isSameTask = base.kind == task.head && (labels.isEmpty || configuration.labels == labels)
      if !labels.isEmpty { configuration.labels = labels }
      configuration.problemType = task.problem
      if let rate = command.recipe.dropout { configuration.setDropout(rate) }
      let source = try command.method.start(base, &configuration)
      resident = PeakMemory.now ?? MemoryEstimate.Plan.usualResident
      model = try TransformerModel(
        configuration, task.head, source: source, freshOutput: !isSameTask,
        adaptation: command.method.adaptation(
          configuration, trained: FinetuningRun.freshPlaces(configuration, task.head, source)),
        seed: plan.seed)
      if !command.method.lora, !command.method.freezeBody, model.parameters.contains(where: \.isQuantized) {
        throw Failure(
          "The weights of \(base.name) are quantised, and training leaves such weights as they are; --lora trains an addition to them.",
          .usage)
      }
      try command.method.freeze(model)
      let recipe = command.recipe.recipe(
        learningRate: command.method.learningRate, metric: task.bestMetric, seed: plan.seed)
      trainer = Trainer(model, recipe, training.examples, collator: training.collator)
      let beside = try command.beside.map { ("run \($0)", try session.runs.record($0)) }
      plot = TrainingPlot(
        name: TrainingPlot.name(command.method.method, fromScratch: command.method.fromScratch, base: base.name),
        epochs: recipe.epochs, metric: task.columns[0], beside: beside)
      let tokenizerFiles = try base.tokenizer().files
      guard command.method.lora || !tokenizerFiles.isEmpty else {
        throw Failure(
          "The tokenizer of \(base.name) lies in its GGUF file, which a trained folder cannot hold; --lora trains an addition that stays beside it.",
          .usage)
      }
      company = ModelFolder.Company(
        base: session.shelf.publicName(base), files: tokenizerFiles + base.generationFiles)
      try ModelFolder.rehearse(
        model,
        files: company.files.map(\.name) + [TrainingRecord.fileName, TaskReport.fileName]
          + FinetuningRun.checkpointNames(plan.output), to: plan.output)
      try plan.write()
      lock = try Runs.lock(plan.workFolder)
    } catch {
      FinetuningRun.giveUp(plan)
      throw error
    }
    for (name, data) in [("data", training), ("validation rows", validation)] where data.facts.cutRows > 0 {
      session.screen.notice(
        "\(data.facts.cutRows) of the \(name) are longer than a sequence may be; their ends were cut off.")
    }
    let fresh = model.report.fresh
    if !fresh.isEmpty, !command.method.fromScratch {
      session.screen.notice("New, from random values: \(fresh.joined(separator: ", ")).")
    }
  }

  /// Places trained whole beside an adaptation: the head, and whatever else the base does not have.
  private static func freshPlaces(
    _ configuration: TransformerConfiguration, _ head: Head.Kind, _ source: (any ParameterSource)?
  ) -> [String] {
    let family = configuration.family
    let pooler = family.poolerPlace.flatMap { place in
      // A bare body spells it without its prefix.
      let weight = place.dropFirst(family.prefix.count + 1) + ".weight"
      return source?.entries.keys.contains { $0.hasSuffix(weight) } == false && head == .sequenceClassification
        ? place : nil
    }
    return family.headPlaces(head) + (pooler.map { [$0] } ?? [])
  }

  private static func checkpointNames(_ folder: URL) -> [String] {
    TrainingCheckpoint.steps(in: folder).map { "\(TrainingCheckpoint.prefix)\($0)" }
  }

  /// Takes back the number and folder of a run that has nothing to go on from.
  private static func giveUp(_ plan: RunPlan) {
    if TrainingCheckpoint.steps(in: plan.workFolder).isEmpty {
      try? FileManager.default.removeItem(at: plan.workFolder)
      if plan.run != nil { Runs.release(plan.output) }
    }
  }

  /// Brings the newest checkpoint in; without one the run begins again.
  private func takeUp() throws {
    savedSteps = TrainingCheckpoint.steps(in: plan.workFolder)
    guard let step = savedSteps.last else { return }
    try TrainingCheckpoint.restore(trainer, from: TrainingCheckpoint.place(step, in: plan.workFolder))
    session.screen.notice("Going on after step \(step) of \(trainer.totalSteps).")
  }

  /// Refuses a run that would not fit into memory, and says what would.
  private func checkMemory() throws {
    var plan = MemoryEstimate.Plan(trainer, validation, resident: resident)
    func total(_ plan: MemoryEstimate.Plan) -> Int { MemoryEstimate(model, plan).total }
    estimate = total(plan)
    guard !command.anyMemory, let available = PeakMemory.available, total(plan) > available else { return }
    var ways: [(String, MemoryEstimate.Plan)] = []
    func add(_ words: String, _ change: (inout MemoryEstimate.Plan) -> Void) {
      change(&plan)
      ways.append((words, plan))
    }
    let needed = total(plan)
    if !plan.recomputes { add("--gradient-checkpointing") { $0.recomputes = true } }
    var batchSize = trainer.recipe.batchSize
    while batchSize > 1 {
      batchSize /= 2
      add("--batch-size \(batchSize)") { $0.batch = $0.batch.halved }
    }
    let fitting = ways.firstIndex { total($0.1) <= available }
    let way = fitting.map { index in
      let words = [ways[index].0] + (index > 0 && ways[0].1.recomputes && ways[0].0.hasPrefix("--g") ? [ways[0].0] : [])
      return words.joined(separator: " with ")
    }
    throw Failure(
      "This run would take about \(bytes(needed)), and \(bytes(available)) are free; \(way.map { "\($0) would fit" } ?? "--lora or a smaller model would take less") (`memory` shows all, --any-memory tries it anyway).",
      .usage)
  }

  func perform() throws -> FinetuneCommand.Answer {
    do { try checkMemory() } catch {
      FinetuningRun.giveUp(plan)
      throw error
    }
    BufferPool.drain()
    PeakMemory.reset()
    let ending: Trainer.Ending
    do {
      ending = try trainer.run(hooks)
    } catch let stop as Failure where stop.status == .interrupted || stop.status == .timeout {
      throw interrupted(try checkpoint())
    } catch {
      session.screen.endLive()
      FinetuningRun.giveUp(plan)
      throw error
    }
    if ending == .stopped { throw interrupted(try checkpoint()) }
    session.screen.endLive()
    try takeBest()
    let record = try save()
    return FinetuneCommand.Answer(
      record: record, output: plan.output.path, run: plan.run, stoppedEarly: ending == .stoppedEarly,
      curves: plot.final(record))
  }

  private var hooks: Trainer.Hooks {
    Trainer.Hooks(
      onStep: { [self] step in
        if step.step % trainer.recipe.loggingSteps == 0 || step.step == step.totalSteps {
          trainer.passTime()
          session.screen.live(plot.live(trainer.state, step))
        }
        return !Interrupt.shouldStop
      },
      evaluate: { [self] in
        let report = try validation.report(model, mistakes: FinetuningRun.keptMistakes) { try Interrupt.check() }
        newest = report
        return report.measurement
      },
      onEvaluation: { [self] in
        guard trainer.state.best == trainer.state.evaluations.count - 1 else { return }
        best = newest
        if trainer.recipe.loadsBest, trainer.recipe.saving == .no { snapshot = ParameterSnapshot(model) }
      }, save: { [self] in _ = try checkpoint() })
  }

  private static let keptMistakes = 10

  /// What the saved model does on the validation rows; measured again where a run was taken up after its best evaluation.
  private func report() throws -> TaskReport {
    if let kept = trainer.recipe.loadsBest ? best : newest { return kept }
    return try validation.report(model, mistakes: FinetuningRun.keptMistakes) {}
  }

  /// Saves where the run stands and lets go of checkpoints that nobody needs.
  /// - Returns: the folder
  private func checkpoint() throws -> URL {
    let step = trainer.state.step
    try TrainingCheckpoint.write(trainer, company, in: plan.workFolder)
    savedSteps = savedSteps.filter { $0 != step } + [step]
    let kept = Set(savedSteps.suffix(trainer.recipe.keptCheckpoints ?? 1) + [bestStep].compactMap { $0 })
    for old in savedSteps where !kept.contains(old) {
      try? FileManager.default.removeItem(at: TrainingCheckpoint.place(old, in: plan.workFolder))
    }
    savedSteps = savedSteps.filter(kept.contains)
    return TrainingCheckpoint.place(step, in: plan.workFolder)
  }

  /// The step of the checkpoint with the best evaluation, where one was saved.
  private var bestStep: Int? {
    guard trainer.recipe.loadsBest, let step = trainer.state.bestPoint?.step else { return nil }
    return savedSteps.contains(step) ? step : nil
  }

  private func takeBest() throws {
    guard trainer.recipe.loadsBest else { return }
    if let snapshot {
      snapshot.restore()
    } else if let step = bestStep, step != trainer.state.step {
      try TrainingCheckpoint.restoreWeights(model, from: TrainingCheckpoint.place(step, in: plan.workFolder))
    }
  }

  private func save() throws -> TrainingRecord {
    trainer.passTime()
    let record = TrainingRecord(
      task: task.name, base: base.name, method: command.method.method, fromScratch: command.method.fromScratch,
      data: plan.data.file.lastPathComponent, validation: plan.validation?.file.lastPathComponent, labels: labels,
      examples: training.rowCount, validationExamples: validation.rowCount,
      parameters: model.parameters.reduce(0) { $0 + $1.count },
      trainedParameters: model.parameters.reduce(0) { $0 + ($1.isTrained ? $1.count : 0) }, recipe: trainer.recipe,
      state: trainer.state, peakMemory: PeakMemory.bytes, estimatedMemory: estimate,
      command: (["finetune"] + plan.arguments).joined(separator: " "))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    company.files += [
      (TrainingRecord.fileName, try encoder.encode(record)), (TaskReport.fileName, try encoder.encode(report())),
    ]
    try ModelFolder.write(model, company, to: plan.output) { [self] staging in
      guard trainer.recipe.keptCheckpoints != nil else { return }
      for step in savedSteps {
        let place = TrainingCheckpoint.place(step, in: plan.workFolder)
        try FileManager.default.moveItem(at: place, to: TrainingCheckpoint.place(step, in: staging))
      }
    }
    try? FileManager.default.removeItem(at: plan.workFolder)
    session.shelf.close(plan.output)
    return record
  }

  private func interrupted(_ place: URL) -> Failure {
    session.screen.endLive()
    let name = plan.run.map(String.init) ?? plan.output.path
    let why = Interrupt.isTimedOut ? "The time limit was reached" : "Interrupted"
    return Failure(
      "\(why) after step \(trainer.state.step) of \(trainer.totalSteps), which is saved; `finetune --resume \(name)` goes on from there.",
      Interrupt.isTimedOut ? .timeout : .interrupted)
  }
}
