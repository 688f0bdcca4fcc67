import ArgumentParser
import Drawing
import Foundation
import Models
import Training

/// `pretrain`: a model from nothing, or one further, on plain texts.
package struct PretrainCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Train a model on plain texts, from random weights or from where another stands.",
    discussion: """
      masked hides 15% of the pieces and asks for them, as BERT was trained; causal asks each piece of those before it, \
      as GPT was. Texts are laid end to end, and the last tenth of each file is held out for the perplexity. Ctrl-C saves \
      and says how to go on; a run that was killed goes on too, with the same result as one that was not.
      """)
  package static let group = CommandGroup.training
  package static let example =
    "pretrain --config tiny --tokenizer samples/tokenizers/wordpiece.json --data lessons/03-attention.md --tokens 20k"

  /// What is learnt.
  package enum Objective: String, CaseIterable, ExpressibleByArgument, Sendable {
    case masked, causal

    var task: TrainingTask { self == .masked ? .fill : .generate }
  }

  /// What the weights of a new model are before it has read anything.
  package enum Beginning: String, CaseIterable, ExpressibleByArgument, Sendable {
    case neighbours, random
  }

  @Option(help: "masked or causal; by default masked, with --from what that model does.")
  package var objective: Objective?
  @Option(
    help:
      "Size of the new model (\(TransformerSize.all.map(\.name).joined(separator: ", "))), or a config.json of any family."
  )
  package var config = "pocket"
  @Option(help: "tokenizer.json, folder or model whose pieces it learns; `train-tokenizer` makes one.")
  package var tokenizer: String?
  @Option(parsing: .upToNextOption, help: ArgumentHelp("Texts to learn from.", valueName: "data|file"))
  package var data: [String] = []
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Texts to measure on, instead of a part of the data.", valueName: "data|file"))
  package var validation: [String] = []
  @Option(help: "The share of each file, at its end, that is held out.") package var heldOut = 0.1
  @Option(help: "Go on from this model instead of random weights: continued pre-training on a domain's texts.")
  package var from: String?
  @Option(help: "Tokens of a sequence; by default what the model reads, at most 512.") package var maxLength: Int?
  @Flag(help: "Each line of a plain text is a document; else paragraphs are.") package var lines = false
  @Option(help: "The column of texts.") package var textColumn = "text"
  @Flag(help: "Hide all pieces of a word together (masked).") package var wholeWords = false
  @Option(
    help:
      "Let the first token of a sequence say the words of its document besides, so that it learns what a text is about (masked): the weight of that loss."
  )
  package var bagOfWords: Float = 0
  @Option(
    help: "How a new model begins: neighbours, whose heads see at once what stands beside a hidden word, or random.")
  package var start: Beginning?
  @Option(help: "How often it is measured, saved and asked for the prompt.") package var evaluations = 10
  @Option(help: "Tokens that an evaluation reads at most, spread over all that is held out.")
  package var evalTokens = TokenCount(65_536)
  @Option(help: "A text to go on with, or one with a [MASK], to see how it learns.") package var prompt: String?
  @Option(help: "Folder to save to; without it runs/N under ATTUNE_HOME.") package var output: String?
  @Option(help: "Draw an earlier run in the same plot: its number, `last`, or a folder.") package var beside: String?
  @Option(help: "Go on with a run that was interrupted or killed: its number, `last`, or its folder.")
  package var resume: String?
  @Flag(help: "Begin even if it seems not to fit into memory.") package var anyMemory = false
  @OptionGroup(title: "How it is trained") package var recipe: PretrainOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    guard resume == nil else { return }
    if data.isEmpty { throw ValidationError("Give the texts to learn from with --data FILE.") }
    if from == nil, tokenizer == nil {
      throw ValidationError(
        "Give the pieces of the new model with --tokenizer FILE (`train-tokenizer` makes one), or a model with --from.")
    }
    if from != nil, tokenizer != nil {
      throw ValidationError("--from keeps the tokenizer of its model; leave --tokenizer out.")
    }
    if from != nil, start != nil {
      throw ValidationError("--start is for a new model; --from begins where another stands.")
    }
    guard heldOut > 0, heldOut < 1 else { throw ValidationError("--held-out is between 0 and 1, not \(heldOut).") }
    try RecipeOptions.require("--evaluations", evaluations, in: 1...10_000)
    guard (0...1000).contains(bagOfWords) else {
      throw ValidationError("--bag-of-words is between 0 and 1000, not \(bagOfWords).")
    }
    try maxLength.map { try RecipeOptions.require("--max-length", $0, in: 8...1_000_000) }
  }

  package func answer(in session: Session) throws -> TrainingOutcome {
    guard let resume else {
      let plan = try RunPlan(
        PretrainCommand.self, seed: recipe.seed ?? session.settings.seed, model: from, data: data,
        validation: validation, output: output, in: session)
      return try TrainingRun(plan, session) { try job(plan, session) }.perform()
    }
    return try TrainingRun.resume(resume, session) { (command: PretrainCommand, plan, session) in
      try command.job(plan, session)
    }
  }
}

/// A number of tokens as people write it: 20M, 1.5M, 500k or 65536.
package struct TokenCount: ExpressibleByArgument, Sendable, Equatable {
  package let count: Int

  package init(_ count: Int) { self.count = count }

  package init?(argument: String) {
    let factors: [Character: Double] = ["k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "g": 1e9, "G": 1e9, "B": 1e9]
    let factor = argument.last.flatMap { factors[$0] }
    guard let number = Double(factor == nil ? argument : String(argument.dropLast())), number.isFinite else {
      return nil
    }
    let tokens = (number * (factor ?? 1)).rounded()
    guard tokens >= 1, tokens <= 1e15 else { return nil }
    count = Int(tokens)
  }

  package var defaultValueDescription: String { "\(count)" }
}

/// How `pretrain` trains: names and meanings as in `finetune`, other usual values.
package struct PretrainOptions: ParsableArguments {
  @Option(help: "End after so many tokens, such as 20M; without it the epochs decide.") package var tokens: TokenCount?
  @Option(help: "Times through the data.") package var epochs = 1
  @Option(help: "Sequences in a batch.") package var batchSize = 16
  @Option(help: "Batches whose gradients make one step.") package var gradientAccumulationSteps = 1
  @Option(help: "The highest learning rate; by default 5e-4 where words are hidden, else 1e-3, with --from 2e-4.")
  package var learningRate: Float?
  @Option(help: "Pull of the weights towards 0; none on norms and biases.") package var weightDecay: Float = 0.1
  @Option(help: "Share of steps that warm up.") package var warmupRatio: Float = 0.05
  @Option(help: "Steps that warm up, instead of a share.") package var warmupSteps: Int?
  @Option(help: "linear, cosine, constant or polynomial.") package var lrSchedulerType = Schedule.Shape.cosine
  @Option(help: "Longer gradients are cut to this length; 0 never cuts.") package var maxGradNorm: Float = 1
  @Option(help: "Dropout of embeddings and blocks, instead of the configuration's.") package var dropout: Float?
  @Flag(help: "Compute blocks again instead of keeping them: less memory, more time.")
  package var gradientCheckpointing = false
  @Option(help: "Decides order, dropout, hidden words and fresh weights.") package var seed: UInt64?
  @Option(help: "Steps between redrawings.") package var loggingSteps = 1

  package init() {}

  package mutating func validate() throws {
    _ = try options()
  }

  /// The same as `finetune` would have them, checked there.
  private func options() throws -> RecipeOptions {
    var options = try RecipeOptions.parse([])
    options.epochs = epochs
    options.batchSize = batchSize
    options.gradientAccumulationSteps = gradientAccumulationSteps
    options.learningRate = learningRate
    options.weightDecay = weightDecay
    options.warmupRatio = warmupRatio
    options.warmupSteps = warmupSteps
    options.lrSchedulerType = lrSchedulerType
    options.maxGradNorm = maxGradNorm
    options.dropout = dropout
    options.gradientCheckpointing = gradientCheckpointing
    options.loggingSteps = loggingSteps
    try options.validate()
    return options
  }

  /// - Parameters:
  ///   - examples: sequences in an epoch
  ///   - length: tokens of one
  func recipe(
    learningRate rate: Float, examples: Int, length: Int, evaluations: Int, seed: UInt64
  ) throws -> Recipe {
    var recipe = try options().recipe(learningRate: rate, metric: "eval_loss", seed: seed)
    recipe.seed = seed
    let perStep = batchSize * gradientAccumulationSteps * length
    recipe.maximumSteps = tokens.map { max(1, ($0.count + perStep - 1) / perStep) }
    recipe.loadsBest = false
    recipe.evaluatesOnStart = true
    (recipe.evaluation, recipe.saving) = (.steps, .steps)
    recipe.evaluationSteps = max(1, (recipe.totalSteps(examples) + evaluations - 1) / evaluations)
    recipe.savingSteps = recipe.evaluationSteps
    return recipe
  }
}
