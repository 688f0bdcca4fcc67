import Checkpoints
import Drawing
import Foundation
import Layers
import Models
import Pipelines
import Tensors
import Training

/// One training on its way: curves, checkpoints, and the model at its end.
final class TrainingRun {
  private let job: TrainingJob
  private let session: Session
  private let trainer: Trainer
  private var plan: RunPlan { job.plan }
  private var model: TransformerModel { job.model }
  private var company: ModelFolder.Company
  /// Keeps another session from going on with the same run.
  private let lock: FileLock
  /// The best weights so far, where no checkpoint holds them.
  private var snapshot: ParameterSnapshot?
  private var savedSteps: [Int] = []
  /// Of the newest evaluation, and of the best since the run began or was taken up.
  private var newest: TaskReport?
  private var best: TaskReport?
  /// What the model made of a text, at each evaluation.
  private var samples = TrainingSamples()
  /// Bytes that the run was expected to take.
  private var estimate = 0

  /// - Parameter make: puts together what is trained; when that fails, the plan's number and folder are given back
  init(_ plan: RunPlan, _ session: Session, _ make: () throws -> TrainingJob) throws {
    self.session = session
    do {
      let job = try make()
      self.job = job
      company = job.company
      trainer = Trainer(job.model, job.recipe, job.training.examples, collator: job.training.collator)
      try ModelFolder.rehearse(
        job.model,
        files: company.files.map(\.name) + [TrainingRecord.fileName, TaskReport.fileName, TrainingSamples.fileName]
          + TrainingRun.checkpointNames(plan.output), to: plan.output)
      try plan.write()
      lock = try Runs.lock(plan.workFolder)
      samples.prompt = job.sample?.prompt ?? ""
    } catch {
      plan.giveUp()
      throw error
    }
    for (name, data) in [("data", job.training), ("validation rows", job.validation)] where data.facts.cutRows > 0 {
      session.screen.notice(
        "\(data.facts.cutRows) of the \(name) are longer than a sequence may be; their ends were cut off.")
    }
    let fresh = model.report.fresh
    if !fresh.isEmpty, !job.fromScratch {
      session.screen.notice("New, from random values: \(fresh.joined(separator: ", ")).")
    }
  }

  private static func checkpointNames(_ folder: URL) -> [String] {
    TrainingCheckpoint.steps(in: folder).map { "\(TrainingCheckpoint.prefix)\($0)" }
  }

  /// Goes on with a run that was interrupted or killed.
  /// - Parameters:
  ///   - name: its number, `last`, or its folder
  ///   - job: puts together what the command line of that time asked for
  static func resume<Made: Command>(
    _ name: String, _ session: Session, _ job: (Made, RunPlan, Session) throws -> TrainingJob
  ) throws -> TrainingOutcome {
    let plan = try RunPlan.read(try session.runs.unfinished(name), for: Made.self)
    let command = try Made.parse(plan.arguments)
    let run = try TrainingRun(plan, session) { try job(command, plan, session) }
    try run.takeUp()
    return try run.perform()
  }

  /// Brings the newest checkpoint in; without one the run begins again.
  private func takeUp() throws {
    savedSteps = TrainingCheckpoint.steps(in: plan.workFolder)
    guard let step = savedSteps.last else { return }
    try TrainingCheckpoint.restore(trainer, from: TrainingCheckpoint.place(step, in: plan.workFolder))
    samples.takeUp(plan.workFolder, upTo: step)
    session.screen.notice("Going on after step \(step) of \(trainer.totalSteps).")
  }

  /// Refuses a run that would not fit into memory, and says what would.
  private func checkMemory() throws {
    var plan = MemoryEstimate.Plan(trainer, job.validation, resident: job.resident)
    func total(_ plan: MemoryEstimate.Plan) -> Int { MemoryEstimate(model, plan).total }
    estimate = total(plan)
    guard !job.anyMemory, let available = PeakMemory.available, total(plan) > available else { return }
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

  func perform() throws -> TrainingOutcome {
    do { try checkMemory() } catch {
      plan.giveUp()
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
      plan.giveUp()
      throw error
    }
    if ending == .stopped { throw interrupted(try checkpoint()) }
    session.screen.endLive()
    try takeBest()
    let record = try save()
    return TrainingOutcome(
      record: record, output: plan.output.path, run: plan.run, stoppedEarly: ending == .stoppedEarly,
      curves: job.plot.final(record), samples: samples, cost: job.plot.cost)
  }

  private var hooks: Trainer.Hooks {
    Trainer.Hooks(
      onStep: { [self] step in
        if step.step % trainer.recipe.loggingSteps == 0 || step.step == step.totalSteps {
          trainer.passTime()
          session.screen.live(job.plot.live(trainer.state, step, samples))
        }
        return !Interrupt.shouldStop
      },
      evaluate: { [self] in
        let report = try job.validation.report(model, mistakes: TrainingRun.keptMistakes) { try Interrupt.check() }
        newest = report
        return report.measurement
      },
      onEvaluation: { [self] in
        if let sample = job.sample { samples.add(try sample.text(model), trainer.state) }
        guard trainer.state.best == trainer.state.evaluations.count - 1 else { return }
        best = newest
        if trainer.recipe.loadsBest, trainer.recipe.saving == .no { snapshot = ParameterSnapshot(model) }
      }, save: { [self] in _ = try checkpoint() })
  }

  private static let keptMistakes = 10

  /// What the saved model does on the validation rows; measured again where a run was taken up after its best evaluation.
  private func report() throws -> TaskReport {
    if let kept = trainer.recipe.loadsBest ? best : newest { return kept }
    return try job.validation.report(model, mistakes: TrainingRun.keptMistakes) {}
  }

  /// Saves where the run stands and lets go of checkpoints that nobody needs.
  /// - Returns: the folder
  private func checkpoint() throws -> URL {
    let step = trainer.state.step
    if job.sample != nil { try samples.write(plan.workFolder) }
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
      task: job.task.name, base: job.base, method: job.method, fromScratch: job.fromScratch,
      data: RunPlan.named(plan.data) ?? "", validation: RunPlan.named(plan.validation), labels: job.labels,
      examples: job.training.rowCount, validationExamples: job.validation.rowCount,
      parameters: model.parameters.reduce(0) { $0 + $1.count },
      trainedParameters: model.parameters.reduce(0) { $0 + ($1.isTrained ? $1.count : 0) }, recipe: trainer.recipe,
      state: trainer.state, peakMemory: PeakMemory.bytes, estimatedMemory: estimate,
      tokensPerSecond: trainer.tokensPerSecond, command: ([plan.command] + plan.arguments).joined(separator: " "),
      origin: plan.origin)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    company.files += [
      (TrainingRecord.fileName, try encoder.encode(record)), (TaskReport.fileName, try encoder.encode(report())),
    ]
    if job.sample != nil { company.files.append((TrainingSamples.fileName, try encoder.encode(samples))) }
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
      "\(why) after step \(trainer.state.step) of \(trainer.totalSteps), which is saved; `\(plan.command) --resume \(name)` goes on from there.",
      Interrupt.isTimedOut ? .timeout : .interrupted)
  }
}
