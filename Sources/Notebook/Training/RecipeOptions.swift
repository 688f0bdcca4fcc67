import ArgumentParser
import Training

/// How to train: the options of Hugging Face's `TrainingArguments`, in kebab case.
package struct RecipeOptions: ParsableArguments {
  @Option(help: "Times through the data.") package var epochs = 3
  @Option(help: "End after so many steps, whatever the epochs.") package var maxSteps: Int?
  @Option(help: "Rows in a batch.") package var batchSize = 16
  @Option(help: "Batches whose gradients make one step.") package var gradientAccumulationSteps = 1
  @Option(help: "The highest learning rate; by default 5e-5, with --lora 1e-3, with --freeze-body 1e-2.")
  package var learningRate: Float?
  @Option(help: "Pull of the weights towards 0; none on norms and biases.") package var weightDecay: Float = 0.01
  @Option(help: "Share of steps that warm up.") package var warmupRatio: Float = 0.1
  @Option(help: "Steps that warm up, instead of a share.") package var warmupSteps: Int?
  @Option(help: "linear, cosine, constant or polynomial.") package var lrSchedulerType = Schedule.Shape.linear
  @Option(help: "Longer gradients are cut to this length; 0 never cuts.") package var maxGradNorm: Float = 1
  @Option(help: "Share of the target that goes to all classes.") package var labelSmoothing: Float = 0
  @Option(help: "What each layer's learning rate is of the one above it.") package var layerDecay: Float = 1
  @Option(help: "Dropout of embeddings, blocks and head, instead of the configuration's.") package var dropout: Float?
  @Flag(help: "Batches of rows of like length.") package var groupByLength = false
  @Flag(help: "Compute blocks again instead of keeping them: less memory, more time.")
  package var gradientCheckpointing = false
  @Option(help: "Decides order, dropout and fresh weights.") package var seed: UInt64?

  @Option(help: "Evaluate every epoch, every --eval-steps, or no.") package var evalStrategy = Recipe.Strategy.epoch
  @Option(help: "Steps between evaluations.") package var evalSteps = 500
  @Flag(help: "Evaluate before the first step too.") package var evalOnStart = false
  @Option(help: "Save a checkpoint every epoch, every --save-steps, or no.") package var saveStrategy = Recipe.Strategy
    .epoch
  @Option(help: "Steps between checkpoints.") package var saveSteps = 500
  @Option(help: "Checkpoints to keep beside the finished model; without it, none.") package var saveTotalLimit: Int?
  @Flag(inversion: .prefixedNo, help: "Take the best evaluated model, not the last.")
  package var loadBestModelAtEnd = true
  @Option(help: "What best means, such as accuracy, f1 or eval_loss.") package var metricForBestModel: String?
  @Option(help: "End after so many evaluations without a better one.") package var earlyStoppingPatience: Int?
  @Option(help: "Steps between redrawings.") package var loggingSteps = 1

  package init() {}

  package mutating func validate() throws {
    try RecipeOptions.require("--epochs", epochs, in: 1...1000)
    try RecipeOptions.require("--batch-size", batchSize, in: 1...4096)
    try RecipeOptions.require("--gradient-accumulation-steps", gradientAccumulationSteps, in: 1...4096)
    try RecipeOptions.require("--weight-decay", weightDecay, in: 0...1)
    try RecipeOptions.require("--warmup-ratio", warmupRatio, in: 0...1)
    try RecipeOptions.require("--label-smoothing", labelSmoothing, in: 0...0.99)
    try RecipeOptions.require("--layer-decay", layerDecay, in: 0.01...1)
    try RecipeOptions.require("--max-grad-norm", maxGradNorm, in: 0...1e6)
    try dropout.map { try RecipeOptions.require("--dropout", $0, in: 0...0.9) }
    for (name, value) in [
      ("--max-steps", maxSteps), ("--eval-steps", evalSteps), ("--save-steps", saveSteps),
      ("--logging-steps", loggingSteps), ("--early-stopping-patience", earlyStoppingPatience),
    ] {
      try value.map { try RecipeOptions.require(name, $0, in: 1...100_000_000) }
    }
    try warmupSteps.map { try RecipeOptions.require("--warmup-steps", $0, in: 0...100_000_000) }
    try saveTotalLimit.map { try RecipeOptions.require("--save-total-limit", $0, in: 1...1000) }
    if let learningRate, !(learningRate > 0 && learningRate <= 1) {
      throw ValidationError("--learning-rate is above 0 and at most 1, such as 2e-5, not \(learningRate).")
    }
  }

  static func require<Value: Comparable>(_ name: String, _ value: Value, in range: ClosedRange<Value>) throws {
    guard range.contains(value) else {
      throw ValidationError("\(name) is \(range.lowerBound) to \(range.upperBound), not \(value).")
    }
  }

  /// - Parameters:
  ///   - rate: the learning rate where none was given
  ///   - metric: what best means where nothing was said
  func recipe(learningRate rate: Float, metric: String, seed: UInt64) -> Recipe {
    var recipe = Recipe()
    recipe.epochs = epochs
    recipe.maximumSteps = maxSteps
    recipe.batchSize = batchSize
    recipe.accumulationSteps = gradientAccumulationSteps
    recipe.learningRate = learningRate ?? rate
    recipe.weightDecay = weightDecay
    recipe.warmupRatio = warmupRatio
    recipe.warmupSteps = warmupSteps
    recipe.schedule = lrSchedulerType
    recipe.maximumNorm = maxGradNorm
    recipe.labelSmoothing = labelSmoothing
    recipe.layerDecay = layerDecay
    recipe.groupsByLength = groupByLength
    recipe.recomputes = gradientCheckpointing
    recipe.seed = self.seed ?? seed
    recipe.evaluation = evalStrategy
    recipe.evaluationSteps = evalSteps
    recipe.evaluatesOnStart = evalOnStart
    recipe.saving = saveStrategy
    recipe.savingSteps = saveSteps
    recipe.keptCheckpoints = saveTotalLimit
    recipe.loadsBest = loadBestModelAtEnd && evalStrategy != .no
    recipe.bestMetric = metricForBestModel ?? metric
    recipe.patience = earlyStoppingPatience
    recipe.loggingSteps = loggingSteps
    return recipe
  }
}

extension Schedule.Shape: ExpressibleByArgument {}
extension Recipe.Strategy: ExpressibleByArgument {}
