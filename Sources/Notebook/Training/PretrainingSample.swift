import Foundation
import Layers
import Models
import Tensors
import Tokenizers
import Training

/// One text that a model is asked for again and again while it learns: its gap filled, or what it goes on with.
struct PretrainingSample {
  /// The text, as it was given.
  let prompt: String
  private let tokenizer: Tokenizer
  private let ids: [Int32]
  /// The token of the gap; nil where the text is gone on with.
  private let gap: Int?
  private let seed: UInt64

  private static let usual: [PretrainCommand.Objective: String] = [
    .masked: "The old man looked at the [MASK].", .causal: "Once upon a time",
  ]

  /// - Throws: `Failure` for a text without a gap where one is filled
  init(_ objective: PretrainCommand.Objective, _ prompt: String?, _ tokenizer: Tokenizer, seed: UInt64) throws {
    self.tokenizer = tokenizer
    self.seed = seed
    let text = prompt ?? Self.usual[objective] ?? ""
    self.prompt = text
    guard objective == .masked else {
      ids = try tokenizer.encode(text).ids
      gap = nil
      return
    }
    guard let mask = tokenizer.special.mask, let token = tokenizer.token(of: mask) else {
      throw Failure("The tokenizer has no mask token, so no word can be hidden; take --objective causal.", .malformed)
    }
    ids = try tokenizer.encode(text.replacingOccurrences(of: "[MASK]", with: token)).ids
    gap = ids.firstIndex(of: Int32(mask))
    guard gap != nil else {
      throw Failure("--prompt has no gap to fill; put [MASK] in its place.", .usage)
    }
  }

  /// In one line.
  func text(_ model: TransformerModel) throws -> String {
    let limit = model.configuration.maximumTokens
    guard let gap else {
      var settings = GenerationSettings()
      settings.draws = true
      settings.temperature = 0.8
      settings.topCount = 40
      settings.seed = seed
      settings.maximumNewTokens = 24
      settings.endIDs = Set([tokenizer.special.end].compactMap { $0.map(Int32.init) })
      let prompt = ids.isEmpty ? [Int32(tokenizer.special.beginning ?? 0)] : Array(ids.prefix(limit / 2))
      let written = try model.generate([prompt], settings).first?.first
      let text = tokenizer.decode(
        prompt.map(Int.init) + (written?.said.map(Int.init) ?? []), skippingSpecialTokens: true)
      return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let batch = TokenBatch([(Array(ids.prefix(limit)), nil)])
    guard gap < batch.count else { return "" }
    let logits = model(batch, Pass(boundaries: batch.boundaries), rows: [Int32(gap)])  // [1, words]
    let distribution = logits.values
    let best = distribution.indices.sorted { distribution[$0] > distribution[$1] }.prefix(3)
    let highest = distribution[best[0]]
    let sum = distribution.reduce(0.0) { $0 + exp(Double($1 - highest)) }
    let words = best.map { id in
      let chance = exp(Double(distribution[id] - highest)) / sum
      return "\(tokenizer.decode([id], skippingSpecialTokens: false)) \(String(format: "%.2f", chance))"
    }
    return words.joined(separator: ", ")
  }
}
