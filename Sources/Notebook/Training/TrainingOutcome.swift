import Drawing
import Training

/// What a run came to.
package struct TrainingOutcome: CommandAnswer {
  let record: TrainingRecord
  let output: String
  /// Its number in ATTUNE_HOME; nil with --output.
  let run: Int?
  let stoppedEarly: Bool
  let curves: Drawing
  var samples = TrainingSamples()
  /// Of a pre-training.
  var cost: TrainingCost?
  package var drawing: Drawing? { record.method == TrainingTask.pretraining ? pretrained : final }
}

/// The record's facts under the names that lessons check, the best evaluation's metrics beside them.
extension TrainingOutcome: Encodable {
  private struct Key: CodingKey, ExpressibleByStringLiteral {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init(stringLiteral value: String) { stringValue = value }
    init?(intValue: Int) { nil }
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    try values.encode(record.task, forKey: "task")
    try values.encode(record.base, forKey: "model")
    try values.encode(record.method, forKey: "method")
    try values.encode(output, forKey: "output")
    try values.encodeIfPresent(run, forKey: "run")
    try values.encode(record.labels, forKey: "labels")
    try values.encode(record.examples, forKey: "examples")
    try values.encode(record.validation_examples, forKey: "validation_examples")
    try values.encode(record.from_scratch, forKey: "from_scratch")
    try values.encode(record.parameters, forKey: "parameters")
    try values.encode(record.trained_parameters, forKey: "trained_parameters")
    if let best = record.bestPoint {
      try values.encode(Value(wholeIfPossible: best.epoch), forKey: "best_epoch")
      for metric in best.metrics.sorted(by: { $0.key < $1.key }) {
        try values.encode(metric.value, forKey: Key(stringValue: metric.key))
      }
      try values.encode(best.eval_loss, forKey: "eval_loss")
    }
    try values.encodeIfPresent(record.epochs.last?.train_loss ?? record.losses.last, forKey: "train_loss")
    try values.encode(record.epochs, forKey: "epochs")
    try values.encode(record.losses.count, forKey: "steps")
    try values.encode(record.seconds, forKey: "seconds")
    try values.encode(record.peak_memory, forKey: "peak_memory")
    try values.encode(record.estimated_memory, forKey: "estimated_memory")
    try values.encode(stoppedEarly, forKey: "stopped_early")
    guard let cost else { return }
    let pace = record.tokens_per_second ?? 0
    try values.encode(record.tokens, forKey: "tokens")
    try values.encode(pace, forKey: "tokens_per_second")
    try values.encode(cost.share(pace), forKey: "share_of_peak")
    try values.encodeIfPresent(cost.atScale(pace), forKey: "at_scale")
    try values.encode(samples.samples, forKey: "samples")
  }
}
