import Foundation
import Layers
import Models
import Pipelines
import Tokenizers
import Training

extension PretrainCommand {
  /// What a new model is made of, or one that is trained further.
  private struct Start {
    let name: String
    var configuration: TransformerConfiguration
    let tokenizer: Tokenizer
    let files: [(name: String, data: Data)]
    let source: (any ParameterSource)?
    let objective: Objective

    /// What is usual: small batches of hidden words ask for smaller steps than whole texts do.
    var learningRate: Float {
      guard source == nil else { return 2e-4 }
      return objective == .masked ? 5e-4 : 1e-3
    }
  }

  /// Model, texts and recipe put together.
  func job(_ plan: RunPlan, _ session: Session) throws -> TrainingJob {
    let start = try plan.model.map { try continued($0, session) } ?? fresh(session)
    let limit = min(start.configuration.maximumTokens, maxLength ?? 512)
    if let maxLength, maxLength > limit {
      throw Failure("--max-length \(maxLength) is more than the \(limit) tokens that the model reads.", .usage)
    }
    guard bagOfWords == 0 || start.objective == .masked else {
      throw Failure("--bag-of-words is for --objective masked; leave it out.", .usage)
    }
    let reader = PretrainingTexts(
      start.objective, start.tokenizer, vocabularySize: start.configuration.vocabularySize, length: limit,
      wholeWords: wholeWords, bag: bagOfWords, session)
    var reading = ReadingOptions()
    reading.linesAreDocuments = lines
    reading.textColumn = textColumn
    let (training, validation) = try reader.read(
      plan.data.map(\.file), validation: plan.validation.map(\.file), heldOut: heldOut,
      atMost: max(1, evalTokens.count / limit), reading)
    let task = start.objective.task
    let resident = PeakMemory.now ?? MemoryEstimate.Plan.usualResident
    let model = try TransformerModel(start.configuration, task.head, source: start.source, seed: plan.seed)
    if start.source == nil { try begin(model, start, seed: plan.seed) }
    guard !model.parameters.contains(where: \.isQuantized) else {
      throw Failure(
        "The weights of \(start.name) are quantised, and training leaves such weights as they are; take a model in floats.",
        .usage)
    }
    let recipe = try recipe.recipe(
      learningRate: start.learningRate, examples: training.examples.count, length: limit,
      evaluations: evaluations, seed: plan.seed)
    let beside = try beside.map { ("run \($0)", try session.runs.record($0)) }
    var plot = TrainingPlot(
      name: TrainingPlot.name(TrainingTask.pretraining, fromScratch: start.source == nil, base: start.name),
      epochs: recipe.epochs, metric: task.columns[0], beside: beside)
    plot.cost = TrainingCost(start.configuration, start.objective, length: limit)
    let sample = try PretrainingSample(start.objective, prompt, start.tokenizer, seed: plan.seed)
    return TrainingJob(
      plan: plan, task: task, model: model, recipe: recipe, training: training, validation: validation,
      base: start.name, method: TrainingTask.pretraining, fromScratch: start.source == nil,
      company: .init(base: start.name, files: start.files), plot: plot, anyMemory: anyMemory, resident: resident,
      sample: sample)
  }

  /// Gives a new model its first weights.
  private func begin(_ model: TransformerModel, _ made: Start, seed: UInt64) throws {
    let fits = made.objective == .masked && model.canStartAtNeighbours
    if start == .neighbours, !fits {
      throw Failure(
        "--start neighbours is for --objective masked on an encoder with a table of positions; leave it out.", .usage)
    }
    if fits, start != .random { model.startAtNeighbours(seed: seed) }
  }

  private func continued(_ name: String, _ session: Session) throws -> Start {
    let base = try session.model(name)
    session.shelf.makeRoom(for: base)
    let objective = objective ?? (base.kind == .causalWords ? .causal : .masked)
    var configuration = base.configuration
    guard configuration.family.architectures[objective.task.head] != nil else {
      throw Failure(
        "\(base.name) has no head for --objective \(objective.rawValue); its family does not learn words that way.",
        .usage)
    }
    if let rate = recipe.dropout { try configuration.setDropout(rate) }
    let tokenizer = try base.tokenizer()
    guard !tokenizer.files.isEmpty else {
      throw Failure(
        "The tokenizer of \(base.name) lies in its GGUF file, which a trained folder cannot hold; take a model in a folder.",
        .usage)
    }
    return Start(
      name: base.name, configuration: configuration, tokenizer: tokenizer,
      files: tokenizer.files + base.generationFiles, source: try base.source(), objective: objective)
  }

  private func fresh(_ session: Session) throws -> Start {
    let tokenizer = try session.tokenizer(tokenizer, common)
    guard !tokenizer.files.isEmpty else {
      throw Failure("--tokenizer is a GGUF file, which a trained folder cannot hold; take a tokenizer.json.", .usage)
    }
    var name = config
    var configuration: TransformerConfiguration
    let objective: Objective
    if let size = TransformerSize.named(config) {
      objective = self.objective ?? .masked
      let kind = objective.task.head
      configuration = try TransformerConfiguration(
        size, .forPretraining(kind), kind, vocabularySize: tokenizer.vocabularySize,
        tokens: PretrainCommand.tokens(tokenizer, objective), name: "--config \(config)")
    } else {
      let file = try session.file(config)
      configuration = try TransformerConfiguration(json: try Data(contentsOf: file), file: file.path)
      let isDecoder = configuration.family.layout == .decoder
      objective = self.objective ?? (isDecoder ? .causal : .masked)
      name = file.deletingPathExtension().lastPathComponent
      guard configuration.family.architectures[objective.task.head] != nil else {
        throw Failure(
          "\(file.path) is the shape of a family that has no head for --objective \(objective.rawValue); take \(isDecoder ? "causal" : "masked").",
          .usage)
      }
      guard configuration.vocabularySize >= tokenizer.vocabularySize else {
        throw Failure(
          "\(file.path) has vocab_size \(configuration.vocabularySize), and the tokenizer has \(tokenizer.vocabularySize) pieces; make them agree.",
          .malformed)
      }
    }
    if let rate = recipe.dropout { try configuration.setDropout(rate) }
    return Start(
      name: name, configuration: configuration, tokenizer: tokenizer,
      files: tokenizer.folderFiles(maximumLength: min(configuration.maximumTokens, 1 << 20)), source: nil,
      objective: objective)
  }

  /// The ids that a configuration names.
  private static func tokens(_ tokenizer: Tokenizer, _ objective: Objective) -> [String: Int] {
    let special = tokenizer.special
    var tokens: [String: Int] = [:]
    if objective == .masked {
      tokens["pad_token_id"] = special.padding ?? 0
    } else {
      tokens["bos_token_id"] = special.beginning ?? special.end
      tokens["eos_token_id"] = special.end
      tokens["pad_token_id"] = special.padding
    }
    return tokens
  }
}

extension TrainingTask {
  /// The method in records of `pretrain`.
  static let pretraining = "pretrain"
}
