import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Layers
import Models
import Training

/// `memory`: what a fine-tuning would hold in memory, before it begins.
package struct MemoryCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "memory", abstract: "Estimate the memory of a fine-tuning: full, LoRA and head alone.",
    discussion: """
      Weights, gradients, optimizer and activations, with and without gradient checkpointing. What a run really took \
      stands in `runs`.
      """)
  package static let group = CommandGroup.models
  package static let example = "memory --batch-size 16 --length 128"
  @Option(help: "The shape of a model that is not here: its config.json.") package var config: String?
  @Option(help: "The task, whose head is trained.") package var task = TrainingTask.sentiment
  @Option(help: "Rows in a batch.") package var batchSize = 16
  @Option(help: "Tokens of a row.") package var length = 128
  @Option(help: "Rank of the low-rank additions.") package var loraRank = 8
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try RecipeOptions.require("--batch-size", batchSize, in: 1...4096)
    try RecipeOptions.require("--length", length, in: 1...100_000)
    try RecipeOptions.require("--lora-rank", loraRank, in: 1...1024)
  }

  package struct Row: Encodable {
    let method: String
    let gradient_checkpointing: Bool
    let weights: Int
    let gradients: Int
    let optimizer: Int
    let activations: Int
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
    let (name, configuration) = try shape(session)
    let lora = LowRankAdaptation(
      rank: loraRank, targets: .places(configuration.family.linearPlaces),
      trainedPlaces: configuration.family.headPlaces(task.head))
    var rows: [Row] = []
    for (method, adaptation, isProbe) in [("full", nil, false), ("lora", lora, false), ("probe", nil, true)] {
      for recomputes in isProbe ? [false] : [false, true] {
        var plan = MemoryEstimate.Plan()
        plan.adaptation = adaptation
        plan.isProbe = isProbe
        plan.batchSize = batchSize
        plan.length = min(length, configuration.maximumTokens)
        plan.recomputes = recomputes
        let estimate = MemoryEstimate(configuration, task.head, plan)
        let sizes = ParameterSizes(configuration, task.head, adaptation)
        rows.append(
          Row(
            method: method, gradient_checkpointing: recomputes, weights: estimate.weights,
            gradients: estimate.gradients, optimizer: estimate.optimizer, activations: estimate.activations,
            total: estimate.total,
            trained_parameters: isProbe ? sizes.head : adaptation == nil ? sizes.total : sizes.head + sizes.added))
      }
    }
    return Answer(
      model: name, parameters: ParameterSizes(configuration, task.head, nil).total, batch_size: batchSize,
      length: min(length, configuration.maximumTokens), available: PeakMemory.available, methods: rows)
  }

  private func shape(_ session: Session) throws -> (String, TransformerConfiguration) {
    guard let config else {
      let repository = try session.repository(common)
      return (repository.name, repository.configuration)
    }
    let file = try session.file(config)
    return (file.lastPathComponent, try TransformerConfiguration(json: try FileContents.read(file), file: file.path))
  }
}

extension MemoryCommand.Answer {
  package var drawing: Drawing? {
    var parts: [Drawing] = [
      .table(
        .init(
          title: "Fine-tuning \(model), \(counted(parameters)) parameters, \(batch_size) x \(length) tokens",
          columns: [
            "trained", "checkpointing", .number("weights"), .number("gradients"), .number("optimizer"),
            .number("activations"), .number("in all"),
          ],
          rows: methods.map { row in
            [
              .init(row.method, .strong), .init(row.gradient_checkpointing ? "yes" : "no"),
              .init(bytes(row.weights)), .init(bytes(row.gradients)), .init(bytes(row.optimizer)),
              .init(bytes(row.activations)), .init(bytes(row.total), .strong),
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
