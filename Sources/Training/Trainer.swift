import Layers
import Models
import Tensors

/// What an evaluation found.
package struct Measured: Sendable, Equatable {
  package let loss: Float
  /// By their Hugging Face names.
  package let metrics: [String: Double]

  package init(loss: Float, metrics: [String: Double]) {
    self.loss = loss
    self.metrics = metrics
  }
}

/// Trains a model on examples. It knows no text, no files and no screen: those are its `Hooks`.
package final class Trainer {
  /// What the caller does on the way.
  package struct Hooks {
    /// After every step; false ends the run.
    package var onStep: (StepReport) throws -> Bool
    package var evaluate: () throws -> Measured
    /// After an evaluation; the last of `state.evaluations` is new.
    package var onEvaluation: () throws -> Void
    /// When a checkpoint is due.
    package var save: () throws -> Void

    package init(
      onStep: @escaping (StepReport) throws -> Bool, evaluate: @escaping () throws -> Measured,
      onEvaluation: @escaping () throws -> Void = {}, save: @escaping () throws -> Void = {}
    ) {
      self.onStep = onStep
      self.evaluate = evaluate
      self.onEvaluation = onEvaluation
      self.save = save
    }
  }

  package enum Ending: Sendable, Equatable {
    case finished
    /// The metric had stopped getting better.
    case stoppedEarly
    /// A hook asked for it.
    case stopped
  }

  package let model: TransformerModel
  package let recipe: Recipe
  package let totalSteps: Int
  package let optimizer: AdamW
  package private(set) var state: TrainerState
  package let examples: any ExampleSource
  private let collator: Collator
  private let schedule: Schedule
  private let dropout: DropoutGenerator
  private var clock = ContinuousClock.now
  /// Of the steps of this sitting.
  private var pace = (tokens: 0, time: Duration.zero)

  package init(_ model: TransformerModel, _ recipe: Recipe, _ examples: any ExampleSource, collator: Collator = .plain)
  {
    self.model = model
    self.recipe = recipe
    self.examples = examples
    self.collator = collator
    totalSteps = recipe.totalSteps(examples.count)
    schedule = recipe.schedule(over: totalSteps)
    optimizer = AdamW(
      model.parameters,
      .init(weightDecay: recipe.weightDecay, maximumNorm: recipe.maximumNorm > 0 ? recipe.maximumNorm : nil)
    ) { recipe.layerDecay == 1 ? 1 : power(recipe.layerDecay, model.depthBelowHead($0)) }
    state = TrainerState(seed: recipe.seed)
    dropout = DropoutGenerator(seed: state.dropoutState)
  }

  /// Goes on where a saved state stood. Weights and moments are the caller's.
  package func resume(_ saved: TrainerState) { state = saved }

  /// Trains to the end of the recipe, in an order that the seed decides. A stop ends after the step it was asked in; an
  /// evaluation that was due then is made up for when the run goes on.
  package func run(_ hooks: Hooks) throws -> Ending {
    clock = ContinuousClock.now
    dropout.state = state.dropoutState
    if recipe.evaluatesOnStart, state.step == 0, state.evaluations.isEmpty { state.owesEvaluation = true }
    try settle(hooks)
    while state.step < totalSteps, isPatient {
      var generator = Generator(seed: state.orderState)
      let order = order(&generator)
      var isEpochEnd = false
      while !isEpochEnd, state.step < totalSteps, isPatient {
        let report = try step(order)
        isEpochEnd = state.consumed == order.count
        if isEpochEnd {
          state.orderState = generator.state
          state.epoch += 1
          state.consumed = 0
        }
        state.owesEvaluation = isDue(recipe.evaluation, recipe.evaluationSteps, isEpochEnd)
        state.owesSaving = isDue(recipe.saving, recipe.savingSteps, isEpochEnd)
        guard try hooks.onStep(report) else { return .stopped }
        try settle(hooks)
      }
    }
    return state.step < totalSteps ? .stoppedEarly : .finished
  }

  /// Does what is owed after a step.
  private func settle(_ hooks: Hooks) throws {
    if state.owesEvaluation { try evaluate(hooks) }
    guard state.owesSaving else { return }
    state.owesSaving = false
    passTime()
    try hooks.save()
  }

  private var isPatient: Bool { recipe.patience.map { state.worse < $0 } ?? true }

  private func isDue(_ strategy: Recipe.Strategy, _ every: Int, _ isEpochEnd: Bool) -> Bool {
    let isLast = state.step == totalSteps
    return switch strategy {
    case .no: false
    case .epoch: isEpochEnd || isLast
    case .steps: state.step % every == 0 || isLast
    }
  }

  /// Numbers of all examples in the order of each of the first epochs.
  package func orders(of epochs: Int) -> [[Int32]] {
    var generator = Generator(seed: TrainerState(seed: recipe.seed).orderState)
    return (0..<epochs).map { _ in order(&generator) }
  }

  /// Numbers of all examples in this epoch's order.
  private func order(_ generator: inout Generator) -> [Int32] {
    let shuffled = (0..<Int32(examples.count)).shuffled(using: &generator)
    guard recipe.groupsByLength else { return shuffled }
    // Sorted inside of 50 batches at a time, as Hugging Face groups them: near in length, still in random company.
    let size = recipe.batchSize * 50
    return stride(from: 0, to: shuffled.count, by: size).flatMap { start in
      shuffled[start..<min(shuffled.count, start + size)].sorted {
        examples.length(Int($0)) > examples.length(Int($1))
      }
    }
  }

  /// Numbers of the examples that the first batches of the run hold.
  package func firstBatches(_ most: Int) -> [[Int]] {
    var generator = Generator(seed: state.orderState)
    let order = order(&generator).prefix(recipe.batchSize * min(most, totalSteps * recipe.accumulationSteps))
    return stride(from: 0, to: order.count, by: recipe.batchSize).map { start in
      order[start..<min(order.count, start + recipe.batchSize)].map(Int.init)
    }
  }

  /// One optimizer step over the next batches of the order. Weights and state stay as they were when its loss is not
  /// finite.
  private func step(_ order: [Int32]) throws -> StepReport {
    let began = ContinuousClock.now
    let rate = schedule.learningRate(at: state.step)
    let end = min(order.count, state.consumed + recipe.batchSize * recipe.accumulationSteps)
    let numbers = order[state.consumed..<end].map(Int.init)
    let starts = stride(from: numbers.startIndex, to: numbers.endIndex, by: recipe.batchSize)
    var generator = Generator(seed: state.collatorState)
    var tokens = 0
    let taken = TrainingStep(model, optimizer, recomputes: recipe.recomputes).take(
      starts.lazy.map { start in
        let examples = numbers[start..<min(numbers.endIndex, start + self.recipe.batchSize)].map(self.examples.example)
        let (batch, labels) = self.collator(examples, &generator)
        tokens += batch.count
        return (batch, labels)
      }, count: (numbers.count + recipe.batchSize - 1) / recipe.batchSize, learningRate: rate, dropout: dropout,
      smoothing: recipe.labelSmoothing)
    guard taken.loss.isFinite, taken.norm.isFinite else {
      let (rows, areAlone) = rowsAtFault(numbers)
      throw TrainingError.lossNotFinite(step: state.step + 1, learningRate: rate, rows: rows, areAlone: areAlone)
    }
    state.step += 1
    state.consumed = end
    state.collatorState = generator.state
    state.dropoutState = dropout.state
    state.tokens = (state.tokens ?? 0) + tokens
    state.losses.append(taken.loss)
    state.sinceEvaluation.append(taken.loss)
    pace.tokens += tokens
    pace.time += ContinuousClock.now - began
    return StepReport(
      step: state.step, totalSteps: totalSteps, epoch: state.epoch, loss: taken.loss, gradientNorm: taken.norm,
      learningRate: rate, examples: numbers.count, tokens: tokens, tokensPerSecond: tokensPerSecond)
  }

  /// Over the steps of this sitting.
  package var tokensPerSecond: Double { pace.time > .zero ? Double(pace.tokens) / (pace.time / .seconds(1)) : 0 }

  /// The rows whose loss is no number where each goes through the model by itself; all where none is, or all are.
  private func rowsAtFault(_ numbers: [Int]) -> (rows: [Int], areAlone: Bool) {
    let guilty = numbers.filter { number in
      var generator = Generator(seed: state.collatorState)
      let (batch, labels) = collator([examples.example(number)], &generator)
      let value = objective(
        model, batch, labels, Pass(boundaries: batch.boundaries), smoothing: recipe.labelSmoothing, isTrained: true)
      return !value.loss.scalar.isFinite
    }
    let areAlone = !guilty.isEmpty && guilty.count < numbers.count
    return (Set((areAlone ? guilty : numbers).map { examples.example($0).row }).sorted(), areAlone)
  }

  private func evaluate(_ hooks: Hooks) throws {
    let measured = try hooks.evaluate()
    passTime()
    let losses = state.sinceEvaluation
    let point = TrainingRecord.Point(
      epoch: Double(state.step) / Double(recipe.stepsPerEpoch(examples.count)), step: state.step,
      trainLoss: losses.isEmpty ? nil : losses.reduce(0, +) / Float(losses.count), evalLoss: measured.loss,
      metrics: measured.metrics, seconds: state.seconds)
    state.sinceEvaluation = []
    state.owesEvaluation = false
    state.evaluations.append(point)
    if let best = state.bestPoint, !recipe.isBetter(point, than: best) {
      state.worse += 1
    } else {
      state.best = state.evaluations.count - 1
      state.worse = 0
    }
    try hooks.onEvaluation()
  }

  /// Counts the time since it was last asked.
  package func passTime() {
    let now = ContinuousClock.now
    let passed = (now - clock).components
    state.seconds += Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
    clock = now
  }
}

extension Recipe {
  /// By the metric; of equal ones the surer, which is the one with the lower loss.
  func isBetter(_ a: TrainingRecord.Point, than b: TrainingRecord.Point) -> Bool {
    let (x, y) = (a.value(bestMetric), b.value(bestMetric))
    if x == y { return a.eval_loss < b.eval_loss }
    if x.isNaN || y.isNaN { return y.isNaN }
    return wantsLess ? x < y : x > y
  }
}

private func power(_ base: Float, _ exponent: Int) -> Float { (0..<exponent).reduce(1) { power, _ in power * base } }
