/// How to train, under the names that Hugging Face's `TrainingArguments` uses.
package struct Recipe: Sendable, Equatable, Codable {
  /// When something is done that is not done at every step.
  package enum Strategy: String, Sendable, Codable, CaseIterable { case no, epoch, steps }

  package var epochs = 3
  /// Ends the run after so many optimizer steps, whatever the epochs; nil: the epochs decide.
  package var maximumSteps: Int?
  package var batchSize = 16
  /// Batches whose gradients are averaged before one optimizer step.
  package var accumulationSteps = 1
  package var learningRate: Float = 2e-5
  package var weightDecay: Float = 0.01
  /// Share of all steps that warm up.
  package var warmupRatio: Float = 0.1
  /// Steps that warm up; overrides the ratio where it is set.
  package var warmupSteps: Int?
  package var schedule = Schedule.Shape.linear
  /// Longer gradients are cut to this length; 0 never cuts.
  package var maximumNorm: Float = 1
  package var labelSmoothing: Float = 0
  /// What each layer's learning rate is of the one above it (Howard & Ruder 2018); 1: all the same.
  package var layerDecay: Float = 1
  /// Batches of sequences of like length.
  package var groupsByLength = false
  /// Computes each block again on the way back instead of keeping what it computed.
  package var recomputes = false
  package var seed: UInt64 = 42
  package var evaluation = Strategy.epoch
  package var evaluationSteps = 500
  package var evaluatesOnStart = false
  package var saving = Strategy.epoch
  package var savingSteps = 500
  package var loadsBest = true
  /// The metric whose best value names the best checkpoint.
  package var bestMetric = "accuracy"
  /// Evaluations without a better value before the run ends; nil: never.
  package var patience: Int?
  /// Checkpoints that are kept beside the best.
  package var keptCheckpoints: Int?
  package var loggingSteps = 1

  package init() {}

  enum CodingKeys: String, CodingKey {
    case epochs = "num_train_epochs"
    case maximumSteps = "max_steps"
    case batchSize = "per_device_train_batch_size"
    case accumulationSteps = "gradient_accumulation_steps"
    case learningRate = "learning_rate"
    case weightDecay = "weight_decay"
    case warmupRatio = "warmup_ratio"
    case warmupSteps = "warmup_steps"
    case schedule = "lr_scheduler_type"
    case maximumNorm = "max_grad_norm"
    case labelSmoothing = "label_smoothing_factor"
    case layerDecay = "layer_wise_learning_rate_decay"
    case groupsByLength = "group_by_length"
    case recomputes = "gradient_checkpointing"
    case seed
    case evaluation = "eval_strategy"
    case evaluationSteps = "eval_steps"
    case evaluatesOnStart = "eval_on_start"
    case saving = "save_strategy"
    case savingSteps = "save_steps"
    case loadsBest = "load_best_model_at_end"
    case bestMetric = "metric_for_best_model"
    case patience = "early_stopping_patience"
    case keptCheckpoints = "save_total_limit"
    case loggingSteps = "logging_steps"
  }

  /// Whether a smaller value of the metric is better.
  package var wantsLess: Bool { bestMetric.hasSuffix("loss") || bestMetric.hasSuffix("error") }

  /// Optimizer steps of one epoch over `count` examples.
  package func stepsPerEpoch(_ count: Int) -> Int {
    let batches = (count + batchSize - 1) / batchSize
    return max(1, (batches + accumulationSteps - 1) / accumulationSteps)
  }

  package func totalSteps(_ count: Int) -> Int { maximumSteps ?? stepsPerEpoch(count) * epochs }

  package func schedule(over total: Int) -> Schedule {
    let warmup = warmupSteps ?? Int((Float(total) * warmupRatio).rounded(.up))
    return Schedule(peak: learningRate, warmupSteps: warmup, totalSteps: total, shape: schedule)
  }
}
