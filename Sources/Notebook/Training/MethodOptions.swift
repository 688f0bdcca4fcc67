import ArgumentParser
import Drawing
import Layers
import Models
import Pipelines
import Tensors

/// What of a model is trained: all, a low-rank addition, or the head alone.
package struct MethodOptions: ParsableArguments {
  @Flag(help: "Start from random weights instead of the pre-trained ones.") package var fromScratch = false
  @Flag(help: "Train the new head alone (a linear probe).") package var freezeBody = false
  @Option(help: "Keep parameters as they are whose names match this regular expression; may be repeated.")
  package var freeze: [String] = []
  @Flag(help: "Train low-rank additions (LoRA) instead of the weights, and save them as a peft adapter.")
  package var lora = false
  @Option(help: "Rank of the additions (peft's r).") package var loraRank = 8
  @Option(help: "Their scale is alpha / rank.") package var loraAlpha: Float = 16
  @Option(help: "Dropout before the additions.") package var loraDropout: Float = 0
  @Option(
    help: """
      Which linear maps get one: names such as query,value, or one regular expression for the whole place; without it \
      all of them.
      """)
  package var targetModules: String?

  @Option(help: "Keep only so many layers, spread evenly, as DistilBERT was begun.") package var layers: Int?

  package init() {}

  package mutating func validate() throws {
    try RecipeOptions.require("--lora-rank", loraRank, in: 1...1024)
    try RecipeOptions.require("--lora-alpha", loraAlpha, in: 0...1e6)
    try RecipeOptions.require("--lora-dropout", loraDropout, in: 0...0.9)
    for pattern in freeze + (targetModules.map { [$0] } ?? []) where (try? Regex(pattern)) == nil {
      throw ValidationError("'\(sanitized(pattern))' is not a regular expression.")
    }
    if lora, freezeBody { throw ValidationError("--lora and --freeze-body exclude each other; take one.") }
    if lora, layers != nil {
      throw ValidationError("--lora saves an addition to the whole base; it does not go with --layers.")
    }
    if lora, fromScratch {
      throw ValidationError("--lora adapts what was pre-trained; it does not go with --from-scratch.")
    }
  }

  /// `full`, `lora` or `probe`.
  var method: String { lora ? "lora" : freezeBody ? "probe" : "full" }

  /// The learning rate where none is given: few or fresh parameters bear a higher one.
  var learningRate: Float { lora ? 1e-3 : freezeBody ? 1e-2 : 5e-5 }

  /// - Parameter trained: places that are trained whole, such as a new head
  func adaptation(_ configuration: TransformerConfiguration, trained: [String]) -> LowRankAdaptation? {
    guard lora else { return nil }
    let targets: LowRankAdaptation.Targets
    if let targetModules {
      let isPattern = targetModules.contains { "\\*+?()[]{}|^$".contains($0) }
      targets =
        isPattern
        ? .pattern(targetModules) : .places(targetModules.split(separator: ",").map(String.init))
    } else {
      targets = .places(configuration.family.linearPlaces)
    }
    return LowRankAdaptation(
      rank: loraRank, alpha: loraAlpha, dropoutRate: loraDropout, targets: targets, trainedPlaces: trained)
  }

  /// The weights that training starts from, the configuration cut to the layers that stay; nil for random ones.
  /// - Throws: `Failure` for more layers than there are
  func start(_ base: Repository, _ configuration: inout TransformerConfiguration) throws -> (any ParameterSource)? {
    let source = fromScratch ? nil : try base.source()
    guard let layers else { return source }
    guard (1...configuration.layers).contains(layers) else {
      throw Failure("--layers keeps 1 to \(configuration.layers) layers of \(base.name), not \(layers).", .usage)
    }
    let kept = configuration.keepLayers(layers)
    return source.map { LayerSelection($0, keeping: kept, of: configuration.family) }
  }

  /// Lets only what the method trains take part in training.
  /// - Throws: `Failure` when nothing is left to train
  func freeze(_ model: TransformerModel) throws {
    let patterns = freeze.compactMap { try? Regex($0) }
    let prefix = model.configuration.family.prefix + "."
    for parameter in model.parameters {
      let isFrozenBody = freezeBody && parameter.name.hasPrefix(prefix) && !model.report.fresh.contains(parameter.name)
      if isFrozenBody || patterns.contains(where: { parameter.name.contains($0) }) { parameter.isTrained = false }
    }
    if lora, model.adapted.isEmpty {
      throw Failure(
        "--target-modules '\(sanitized(targetModules ?? ""))' fits no linear map of this model; it has \(model.configuration.family.linearPlaces.joined(separator: ", ")).",
        .usage)
    }
    guard model.parameters.contains(where: \.isTrained) else {
      throw Failure("--freeze leaves nothing to train; `parameters` lists the names.", .usage)
    }
  }
}
