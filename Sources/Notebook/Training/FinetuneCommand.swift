import ArgumentParser
import Drawing
import Foundation
import Training

/// `finetune`: adapts a pre-trained model to labelled rows.
package struct FinetuneCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "finetune", abstract: "Adapt a model to labelled rows and save it as a Hugging Face folder.",
    discussion: """
      AdamW with warm-up; after every epoch the model is evaluated and a checkpoint saved, and the best one is kept. \
      Ctrl-C ends after the step, saves, and says how to go on; a run that was killed goes on too, with the same result \
      as one that was not.
      """)
  package static let group = CommandGroup.training
  package static let example = "finetune --task sentiment --data samples/reviews/train.tsv --epochs 1"

  @Option(help: "What to learn.") package var task = TrainingTask.sentiment
  @Option(help: ArgumentHelp("Labelled rows to learn from.", valueName: "data|file"))
  package var data: String?
  @Option(
    help: ArgumentHelp(
      "Rows to evaluate on; without it a seeded 10% is held out, at most 20,000.", valueName: "data|file"))
  package var validation: String?
  @Option(help: "Folder to save to; without it runs/N under ATTUNE_HOME.") package var output: String?
  @Option(help: "Only the first N rows of the data.") package var rows: Int?
  @Option(help: "Draw an earlier run in the same plot: its number, `last`, or a folder.") package var beside: String?
  @Option(help: "Go on with a run that was interrupted or killed: its number, `last`, or its folder.")
  package var resume: String?
  @Flag(help: "Begin even if it seems not to fit into memory.") package var anyMemory = false
  @OptionGroup(title: "Reading") package var reading: TaskOptions
  @OptionGroup(title: "What is trained") package var method: MethodOptions
  @OptionGroup(title: "How it is trained") package var recipe: RecipeOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if data == nil, resume == nil { throw ValidationError("Give the rows to learn from with --data FILE.") }
    if let rows, rows < 2 { throw ValidationError("--rows is at least 2, not \(rows).") }
  }

  package struct Answer: CommandAnswer {
    let record: TrainingRecord
    let output: String
    /// Of the run in ATTUNE_HOME; nil with --output.
    let run: Int?
    let stoppedEarly: Bool
    let curves: Drawing
    package var drawing: Drawing? { final }
  }

  package func answer(in session: Session) throws -> Answer {
    if let resume { return try FinetuningRun.resuming(try session.runs.unfinished(resume), session).perform() }
    return try FinetuningRun(self, RunPlan(self, session), session).perform()
  }
}

/// The record's facts under the names that lessons check, the best evaluation's metrics beside them.
extension FinetuneCommand.Answer: Encodable {
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
  }
}
