import ArgumentParser
import Drawing
import Foundation
import Models
import Pipelines
import Training

/// `finetune`: adapts a pre-trained model to labelled texts.
package struct FinetuneCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "finetune", abstract: "Adapt a model to labelled texts and save it as a Hugging Face folder.",
    discussion: """
      AdamW with a linear schedule; after every epoch the model is evaluated, and the best epoch is kept. \
      Data: .tsv, .csv or .jsonl with the columns text and label. Ctrl-C ends after the step and keeps the best epoch.
      """)
  package static let group = CommandGroup.training
  package static let example = "finetune --task sentiment --data samples/reviews/train.tsv --epochs 1"

  @Option(help: "sentiment (or classify): the label of a text.") package var task = "sentiment"
  @Option(help: "Labelled texts to learn from.") package var data: String
  @Option(help: "Labelled texts to evaluate on; without it a seeded 10% of the data is held out.")
  package var validation: String?
  @Option(help: "Folder to save to; without it runs/N under ATTUNE_HOME.") package var output: String?
  @Option(help: "Times through the data.") package var epochs = 3
  @Option(name: .customLong("batch-size"), help: "Texts in a step.") package var batchSize = 16
  @Option(name: .customLong("learning-rate"), help: "The highest learning rate.") package var learningRate: Float = 5e-5
  @Option(name: .customLong("weight-decay"), help: "Pull of the weights towards 0.") package var weightDecay: Float =
    0.01
  @Option(name: .customLong("warmup-ratio"), help: "Share of steps that warm up.") package var warmupRatio: Float = 0.1
  @Option(help: "Decides order, dropout and fresh weights.") package var seed: UInt64?
  @Option(help: "Only the first N rows of the data.") package var rows: Int?
  @Flag(name: .customLong("from-scratch"), help: "Start from random weights instead of the pre-trained ones.")
  package var fromScratch = false
  @Flag(name: .customLong("freeze-body"), help: "Train the new head alone.") package var freezeBody = false
  @Flag(name: .customLong("eval-on-start"), help: "Evaluate before the first step too.") package var evalOnStart = false
  @Option(help: "Draw an earlier run in the same plot: its number, `last`, or a folder.") package var beside: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    guard ["sentiment", "classify"].contains(task) else {
      throw ValidationError("--task is sentiment or classify, not '\(sanitized(task))'.")
    }
    guard (1...1000).contains(epochs) else { throw ValidationError("--epochs is 1 to 1000, not \(epochs).") }
    guard (1...4096).contains(batchSize) else { throw ValidationError("--batch-size is 1 to 4096, not \(batchSize).") }
    guard learningRate > 0, learningRate <= 1 else {
      throw ValidationError("--learning-rate is above 0 and at most 1, such as 2e-5, not \(learningRate).")
    }
    guard (0...1).contains(weightDecay) else { throw ValidationError("--weight-decay is 0 to 1, not \(weightDecay).") }
    guard (0...1).contains(warmupRatio) else { throw ValidationError("--warmup-ratio is 0 to 1, not \(warmupRatio).") }
    if let rows, rows < 2 { throw ValidationError("--rows is at least 2, not \(rows).") }
  }

  package struct Answer: CommandAnswer {
    let task: String
    let model: String
    let output: String
    /// Of the run in ATTUNE_HOME; nil with --output.
    let run: Int?
    let labels: [String]
    let examples: Int
    let validation_examples: Int
    let from_scratch: Bool
    let best_epoch: Int
    let accuracy: Double
    let f1: Double
    let eval_loss: Float
    let train_loss: Float
    let epochs: [TrainingRecord.Epoch]
    let steps: Int
    let seconds: Double
    let peak_memory: Int
    let curves: Drawing
    package var drawing: Drawing? { final }

    enum CodingKeys: String, CodingKey {
      case task, model, output, run, labels, examples, validation_examples, from_scratch, best_epoch, accuracy, f1,
        eval_loss, train_loss, epochs, steps, seconds, peak_memory
    }
  }

  package func answer(in session: Session) throws -> Answer {
    let other = try beside.map { try (name: $0, record: Runs(session.home).record($0)) }
    let run = try FinetuningRun(self, session, beside: other.map { ("run \($0.name)", $0.record) })
    return try run.perform()
  }
}
