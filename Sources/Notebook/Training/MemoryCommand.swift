import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Layers
import Models
import Pipelines
import Training

/// `memory`: what a fine-tuning would hold in memory, before it begins.
package struct MemoryCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "memory", abstract: "Estimate the memory of a fine-tuning: full, LoRA and head alone.",
    discussion: """
      Weights, gradients, optimizer and activations, with and without gradient checkpointing. Gradients come while \
      activations go, so that only the larger of the two counts; the rest is the program, and buffers that lie free \
      between batches of other sizes. What a run really took stands in `runs`.
      """)
  package static let group = CommandGroup.models
  package static let example = "memory --batch-size 16 --length 128"
  @Option(help: "The shape of a model that is not here: its config.json.") package var config: String?
  @Option(help: "The task, whose head is trained.") package var task = TrainingTask.sentiment
  @Option(help: "Rows in a batch.") package var batchSize = 16
  @Option(help: "Tokens of a row.") package var length = 128
  @Option(
    help: "Tokens that are written to a row, for --task summarize and translate; by default as many, at most 128.")
  package var targetLength: Int?
  @Option(help: "Rank of the low-rank additions.") package var loraRank = 8
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try RecipeOptions.require("--batch-size", batchSize, in: 1...4096)
    try RecipeOptions.require("--length", length, in: 1...100_000)
    if let targetLength { try RecipeOptions.require("--target-length", targetLength, in: 1...100_000) }
    try RecipeOptions.require("--lora-rank", loraRank, in: 1...1024)
  }

  package struct Row: Encodable {
    let method: String
    let gradient_checkpointing: Bool
    let weights: Int
    let gradients: Int
    let optimizer: Int
    let activations: Int
    /// The program, and buffers that lie free.
    let rest: Int
    let total: Int
    let trained_parameters: Int
  }

  package struct Answer: CommandAnswer {
    let model: String
    let parameters: Int
    let batch_size: Int
    let length: Int
    let available: Int?
    let methods: [Row]
  }

  package func answer(in session: Session) throws -> Answer {
    let (name, configuration, repository) = try shape(session)
    let rank = LowRankAdaptation(
      rank: loraRank, targets: .places(configuration.family.linearPlaces),
      trainedPlaces: configuration.family.headPlaces(task.head))
    let length = min(length, configuration.maximumTokens)
    let target = configuration.decoder == nil ? 0 : min(targetLength ?? min(length, 128), configuration.maximumTokens)
    _ = try repository?.tokenizer()
    let held = session.isPinned ? 0 : PeakMemory.now ?? 0
    var plan = MemoryEstimate.Plan(
      BatchShape(rows: batchSize, length: length, target: target, kind: task.head),
      resident: max(held, MemoryEstimate.Plan.usualResident))
    var (rows, parameters) = ([Row](), 0)
    for (method, adaptation) in [("full", nil), ("lora", rank), ("probe", nil)] {
      let source = try repository?.source()
      let model = try TransformerModel(
        configuration, task.head, source: source, freshOutput: repository?.kind != task.head, adaptation: adaptation,
        isShapeOnly: true)
      if adaptation == nil { parameters = model.parameters.reduce(0) { $0 + $1.count } }
      if method == "probe" {
        for parameter in model.parameters where model.depthBelowHead(parameter) > 0 { parameter.isTrained = false }
      }
      // A head of words that reads the word table has nothing of its own to train.
      guard model.parameters.contains(where: \.isTrained) else { continue }
      if method == "full", model.parameters.contains(where: \.isQuantized) { continue }
      for recomputes in method == "probe" ? [false] : [false, true] {
        plan.recomputes = recomputes
        let estimate = MemoryEstimate(model, plan)
        rows.append(
          Row(
            method: method, gradient_checkpointing: recomputes, weights: estimate.weights,
            gradients: estimate.gradients, optimizer: estimate.optimizer, activations: estimate.activations,
            rest: estimate.program + estimate.idle, total: estimate.total,
            trained_parameters: model.parameters.reduce(0) { $0 + ($1.isTrained ? $1.count : 0) }))
      }
    }
    return Answer(
      model: name, parameters: parameters, batch_size: batchSize, length: length, available: PeakMemory.available,
      methods: rows)
  }

  private func shape(_ session: Session) throws -> (String, TransformerConfiguration, Repository?) {
    guard let config else {
      let repository = try session.repository(common)
      return (repository.name, repository.configuration, repository)
    }
    let file = try session.file(config)
    let configuration = try TransformerConfiguration(json: try FileContents.read(file), file: file.path)
    return (file.lastPathComponent, configuration, nil)
  }
}

extension MemoryCommand.Answer {
  package var drawing: Drawing? {
    var parts: [Drawing] = [
      .table(
        .init(
          title: "Fine-tuning \(model), \(counted(parameters)) parameters, \(batch_size) x \(length) tokens",
          columns: [
            "trained", "recomputing", .number("weights"), .number("gradients"), .number("optimizer"),
            .number("activations"), .number("rest"), .number("in all"),
          ],
          rows: methods.map { row in
            [
              .init(row.method, .strong), .init(row.gradient_checkpointing ? "yes" : "no"),
              .init(bytes(row.weights)), .init(bytes(row.gradients)), .init(bytes(row.optimizer)),
              .init(bytes(row.activations)), .init(bytes(row.rest)), .init(bytes(row.total), .strong),
            ]
          }))
    ]
    if let available {
      let fitting = methods.filter { $0.total <= available }
      parts.append(
        .words(
          .init(
            fitting.count == methods.count
              ? "All of them fit: \(measured(bytes(available))) are free here."
              : fitting.isEmpty
                ? "None fits: \(measured(bytes(available))) are free here. Take fewer rows or tokens."
                : "\(measured(bytes(available))) are free here.", .faint)))
    }
    return .stack(parts)
  }
}
