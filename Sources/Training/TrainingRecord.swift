/// What a run leaves beside its model: `training.json`.
package struct TrainingRecord: Codable, Sendable {
  package static let fileName = "training.json"

  package let task: String
  package let base: String
  /// `full`, `lora` or `probe`.
  package let method: String
  package let from_scratch: Bool
  package let data: String
  package let validation: String?
  package let labels: [String]
  package let examples: Int
  package let validation_examples: Int
  package let parameters: Int
  package let trained_parameters: Int
  package let recipe: Recipe
  /// The training loss of every step.
  package let losses: [Float]
  /// The evaluations, in order.
  package let epochs: [Point]
  /// The best of `epochs`, by its place there; nil where none was asked for.
  package let best: Int?
  package let seconds: Double
  /// Bytes that the process held at most.
  package let peak_memory: Int
  /// What it was expected to hold.
  package let estimated_memory: Int
  /// Tokens that were trained on, and how many a second in the last sitting; nil in a record of an earlier version.
  package let tokens: Int?
  package let tokens_per_second: Double?
  /// What was typed.
  package let command: String
  /// What it takes to begin the run again; nil for one of an earlier version.
  package let origin: Origin?

  package init(
    task: String, base: String, method: String, fromScratch: Bool, data: String, validation: String?, labels: [String],
    examples: Int, validationExamples: Int, parameters: Int, trainedParameters: Int, recipe: Recipe,
    state: TrainerState,
    peakMemory: Int, estimatedMemory: Int, tokensPerSecond: Double? = nil, command: String, origin: Origin? = nil
  ) {
    tokens = state.tokens
    tokens_per_second = tokensPerSecond
    self.task = task
    self.base = base
    self.method = method
    from_scratch = fromScratch
    self.data = data
    self.validation = validation
    self.labels = labels
    self.examples = examples
    validation_examples = validationExamples
    self.parameters = parameters
    trained_parameters = trainedParameters
    self.recipe = recipe
    losses = state.losses
    epochs = state.evaluations
    best = state.best
    seconds = state.seconds
    peak_memory = peakMemory
    estimated_memory = estimatedMemory
    self.command = command
    self.origin = origin
  }

  /// Where a run came from.
  package struct Origin: Codable, Sendable, Equatable {
    package struct File: Codable, Sendable, Equatable {
      package let path: String
      package let sha256: String

      package init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
      }
    }

    /// The words of the command line, its name left out.
    package let arguments: [String]
    package let seed: UInt64
    /// The base as it was named.
    package let model: String
    package let data: File
    package let validation: File?

    package init(arguments: [String], seed: UInt64, model: String, data: File, validation: File?) {
      self.arguments = arguments
      self.seed = seed
      self.model = model
      self.data = data
      self.validation = validation
    }
  }

  /// The evaluation whose model was kept.
  package var bestPoint: Point? { best.flatMap { epochs.indices.contains($0) ? epochs[$0] : nil } }
}

extension TrainingRecord {
  /// One evaluation on the validation rows.
  package struct Point: Sendable, Equatable {
    /// Epochs that were done, 0 before the first step.
    package let epoch: Double
    package let step: Int
    /// The mean over the steps since the evaluation before; nil before the first.
    package let train_loss: Float?
    package let eval_loss: Float
    package let metrics: [String: Double]
    /// Since the run began.
    package let seconds: Double

    package init(
      epoch: Double, step: Int, trainLoss: Float?, evalLoss: Float, metrics: [String: Double], seconds: Double
    ) {
      self.epoch = epoch
      self.step = step
      train_loss = trainLoss
      eval_loss = evalLoss
      self.metrics = metrics
      self.seconds = seconds
    }

    /// A metric by its name; `eval_loss` and `loss` are the loss.
    package func value(_ name: String) -> Double {
      let bare = name.hasPrefix("eval_") ? String(name.dropFirst("eval_".count)) : name
      return bare == "loss" ? Double(eval_loss) : metrics[bare] ?? .nan
    }
  }
}

/// Flat: the metrics stand beside the losses, as in Hugging Face's logs.
extension TrainingRecord.Point: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }

    static let epoch = Key(stringValue: "epoch")
    static let step = Key(stringValue: "step")
    static let trainLoss = Key(stringValue: "train_loss")
    static let evalLoss = Key(stringValue: "eval_loss")
    static let seconds = Key(stringValue: "seconds")
    static let fixed = Set([epoch, step, trainLoss, evalLoss, seconds].map(\.stringValue))
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    var metrics: [String: Double] = [:]
    for key in values.allKeys where !Key.fixed.contains(key.stringValue) {
      metrics[key.stringValue] = try values.decode(Double.self, forKey: key)
    }
    self.init(
      epoch: try values.decode(Double.self, forKey: .epoch), step: try values.decode(Int.self, forKey: .step),
      trainLoss: try values.decodeIfPresent(Float.self, forKey: .trainLoss),
      evalLoss: try values.decode(Float.self, forKey: .evalLoss), metrics: metrics,
      seconds: try values.decode(Double.self, forKey: .seconds))
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    if let whole = Int(exactly: epoch) {
      try values.encode(whole, forKey: .epoch)
    } else {
      try values.encode(epoch, forKey: .epoch)
    }
    try values.encode(step, forKey: .step)
    try values.encodeIfPresent(train_loss, forKey: .trainLoss)
    try values.encode(eval_loss, forKey: .evalLoss)
    for metric in metrics.sorted(by: { $0.key < $1.key }) where metric.value.isFinite {
      try values.encode(metric.value, forKey: Key(stringValue: metric.key))
    }
    try values.encode(seconds, forKey: .seconds)
  }
}
