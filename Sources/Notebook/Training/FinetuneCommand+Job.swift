import Models
import Pipelines
import Training

extension FinetuneCommand {
  /// Base, rows and method put together.
  func job(_ plan: RunPlan, _ session: Session) throws -> TrainingJob {
    guard let data = plan.data.first else { throw Failure("Give the rows to learn from with --data FILE.", .usage) }
    let inputs = try TrainingInputs(
      self, model: plan.model ?? session.modelName, data: data.file, validation: plan.validation.first?.file,
      seed: plan.seed, session)
    let (base, recipe) = (inputs.base, inputs.recipe)
    let resident = PeakMemory.now ?? MemoryEstimate.Plan.usualResident
    let model = try inputs.model()
    let tokenizerFiles = try base.tokenizer().files
    guard method.lora || !tokenizerFiles.isEmpty else {
      throw Failure(
        "The tokenizer of \(base.name) lies in its GGUF file, which a trained folder cannot hold; --lora trains an addition that stays beside it.",
        .usage)
    }
    let beside = try beside.map { ("run \($0)", try session.runs.record($0)) }
    return TrainingJob(
      plan: plan, task: task, model: model, recipe: recipe, training: inputs.training,
      validation: inputs.validation, labels: inputs.labels,
      base: base.name, method: method.method, fromScratch: method.fromScratch,
      company: .init(base: session.shelf.publicName(base), files: tokenizerFiles + base.generationFiles),
      plot: TrainingPlot(
        name: TrainingPlot.name(method.method, fromScratch: method.fromScratch, base: base.name),
        epochs: recipe.epochs, metric: task.columns[0], beside: beside),
      anyMemory: anyMemory, resident: resident)
  }
}
