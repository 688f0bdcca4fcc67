import Layers
import Models
import Pipelines
import Training

extension FinetuneCommand {
  /// Base, rows and method put together.
  func job(_ plan: RunPlan, _ session: Session) throws -> TrainingJob {
    let base = try session.model(plan.model ?? ModelShelf.defaultModel)
    session.shelf.makeRoom(for: base)
    let (training, validation, labels) = try data(plan, base, session)
    var configuration = base.configuration
    let isSameTask = base.kind == task.head && (labels.isEmpty || configuration.labels == labels)
    if !labels.isEmpty { configuration.labels = labels }
    configuration.problemType = task.problem
    if let rate = recipe.dropout { configuration.setDropout(rate) }
    let source = try method.start(base, &configuration)
    let resident = PeakMemory.now ?? MemoryEstimate.Plan.usualResident
    let model = try TransformerModel(
      configuration, task.head, source: source, freshOutput: !isSameTask,
      adaptation: method.adaptation(
        configuration, trained: FinetuneCommand.freshPlaces(configuration, task.head, source)),
      seed: plan.seed)
    if !method.lora, !method.freezeBody, model.parameters.contains(where: \.isQuantized) {
      throw Failure(
        "The weights of \(base.name) are quantised, and training leaves such weights as they are; --lora trains an addition to them.",
        .usage)
    }
    try method.freeze(model)
    let recipe = recipe.recipe(learningRate: method.learningRate, metric: task.bestMetric, seed: plan.seed)
    let tokenizerFiles = try base.tokenizer().files
    guard method.lora || !tokenizerFiles.isEmpty else {
      throw Failure(
        "The tokenizer of \(base.name) lies in its GGUF file, which a trained folder cannot hold; --lora trains an addition that stays beside it.",
        .usage)
    }
    let beside = try beside.map { ("run \($0)", try session.runs.record($0)) }
    return TrainingJob(
      plan: plan, task: task, model: model, recipe: recipe, training: training, validation: validation, labels: labels,
      base: base.name, method: method.method, fromScratch: method.fromScratch,
      company: .init(base: session.shelf.publicName(base), files: tokenizerFiles + base.generationFiles),
      plot: TrainingPlot(
        name: TrainingPlot.name(method.method, fromScratch: method.fromScratch, base: base.name),
        epochs: recipe.epochs, metric: task.columns[0], beside: beside),
      anyMemory: anyMemory, resident: resident)
  }

  /// Rows to train on, rows to measure, and the labels that the head learns.
  private func data(
    _ plan: RunPlan, _ base: Repository, _ session: Session
  ) throws -> (training: any TaskData, validation: any TaskData, labels: [String]) {
    guard let source = plan.data.first else { throw Failure("Give the rows to learn from with --data FILE.", .usage) }
    let rows = try task.read(source.file, reading.reading(limit: self.rows), reading)
    let labels = try rows.labelsForTraining()
    let reader = RowReader(base, reading, session)
    let all = try rows.data(reader, labels)
    if let other = plan.validation.first {
      return (all, try task.read(other.file, reading.reading(), reading).data(reader, labels), labels)
    }
    // Of a very large file more rows would not measure better, only longer.
    let share = min(0.1, 20_000 / Double(rows.count))
    let split = try rows.split(heldOut: share, seed: plan.seed)
    guard !split.training.isEmpty, !split.heldOut.isEmpty else {
      throw Failure(
        "\(source.file.path) has \(rows.count) rows, too few to hold some back for the evaluation; "
          + "add rows, or give others with --validation.", .malformed)
    }
    return (all.selecting(split.training), all.selecting(split.heldOut), labels)
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
}
