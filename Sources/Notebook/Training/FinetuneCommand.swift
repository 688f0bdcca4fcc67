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

  package func answer(in session: Session) throws -> TrainingOutcome {
    guard let resume else {
      let plan = try RunPlan(
        FinetuneCommand.self, seed: recipe.seed ?? session.settings.seed,
        model: common.model ?? session.modelName, data: [data ?? ""],
        validation: validation.map { [$0] } ?? [], output: output, in: session)
      return try TrainingRun(plan, session) { try job(plan, session) }.perform()
    }
    return try TrainingRun.resume(resume, session) { (command: FinetuneCommand, plan, session) in
      try command.job(plan, session)
    }
  }
}
