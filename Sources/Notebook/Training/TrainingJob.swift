import Models
import Training

/// What a run trains, put together before it begins: by `finetune` out of a base and rows, by `pretrain` out of texts.
struct TrainingJob {
  let plan: RunPlan
  let task: TrainingTask
  let model: TransformerModel
  let recipe: Recipe
  let training: any TaskData
  let validation: any TaskData
  /// Of the head, in the order of their ids.
  var labels: [String] = []
  /// What the model was before.
  let base: String
  /// `full`, `lora`, `probe`, or `pretrain`.
  let method: String
  var fromScratch = false
  let company: ModelFolder.Company
  let plot: TrainingPlot
  /// Whether it begins even if it seems not to fit.
  let anyMemory: Bool
  /// Bytes that the program held before there was a model.
  let resident: Int
  /// What the model is asked for at every evaluation.
  var sample: PretrainingSample?
}
