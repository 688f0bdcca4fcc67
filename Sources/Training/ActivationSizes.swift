import Layers
import Models
import Tensors

/// Bytes that the values of a trip take, from the shapes of the stacks and of a batch.
///
/// A block keeps what its way back reads. The inputs of linear maps; for each part what is normalised and what comes out
/// of that; queries, keys and values side by side and what attention makes of them; its probabilities; the
/// feed-forward's middle before and after the activation, or gate, value and product.
struct ActivationSizes {
  /// When the way back begins.
  let training: Int
  /// Of the embeddings: what is left when it ends.
  let embeddings: Int
  /// The widest moment of a trip that keeps nothing.
  let evaluation: Int
  /// Whether a block keeps anything at all: not where only a head is trained.
  let keepsAny: Bool

  private static let float = MemoryLayout<Float>.stride

  init(_ model: TransformerModel, _ plan: MemoryEstimate.Plan) {
    let (configuration, batch) = (model.configuration, plan.batch)
    let encoder = Side(configuration.stack, configuration, tokens: batch.tokens, pairs: batch.pairs)
    let decoder = configuration.decoder.map {
      Side(
        $0, configuration, tokens: batch.written, pairs: batch.writtenPairs, crossing: (batch.tokens, batch.crossPairs))
    }
    let sides = [decoder, encoder].compactMap { $0 }  // from the top
    let width = configuration.width
    let inputs = 3 * (batch.tokens + batch.written) * width
    embeddings = inputs * Self.float
    // Blocks below all that is trained keep nothing.
    var recorded = model.parameters.reduce(0) { $1.isTrained ? max($0, model.depthBelowHead($1)) : $0 }
    keepsAny = recorded > 0
    var (kept, widest) = (0, 0)
    for side in sides {
      let blocks = min(recorded, side.shape.layers)
      recorded -= blocks
      kept += blocks * (plan.recomputes ? side.tokens * width : side.block + side.additions(model.adaptation))
      if blocks > 0, !plan.recomputes, let asked = Self.asked(model, batch) { kept -= side.spared(asked: asked) }
      widest = max(widest, blocks == 0 ? side.passing : plan.recomputes ? side.block + side.flow : side.flow)
    }
    let head = Self.head(model, batch)
    training = (kept + inputs + max(widest, head)) * Self.float
    evaluation =
      plan.evaluation.map { batch in
        let side = Side(configuration.stack, configuration, tokens: batch.tokens, pairs: batch.pairs)
        let words = model.kind.isOfWords ? batch.asked * configuration.vocabularySize : 0
        return (max(side.passing, words) + batch.tokens * width) * Self.float
      } ?? 0
  }

  /// How many tokens the last block is asked for; nil: all. The one of each sequence that a classifier reads is nothing.
  private static func asked(_ model: TransformerModel, _ batch: BatchShape) -> Int? {
    guard model.configuration.asksLastBlock else { return nil }
    switch model.kind {
    case .sequenceClassification: return 0
    case .maskedWords: return batch.asked
    case .body, .tokenClassification, .questionAnswering, .causalWords, .targetWords: return nil
    }
  }

  /// Scores of a head of words and their gradients; some rows at a time where the next word is asked for.
  private static func head(_ model: TransformerModel, _ batch: BatchShape) -> Int {
    let classes = model.configuration.vocabularySize
    guard model.kind.isOfWords else { return batch.tokens * 2 * max(2, model.configuration.labels.count) }
    let rows = model.kind.isOfNextWords ? min(batch.asked, CrossEntropyRows.atOnce(classes: classes)) : batch.asked
    return 2 * rows * classes
  }
}

/// One stack, and what goes through it.
private struct Side {
  let shape: StackShape
  let tokens: Int
  /// Floats that a block keeps.
  let block: Int
  /// Floats of gradients while one is walked through.
  let flow: Int
  /// Floats of the widest step of one that keeps nothing.
  let passing: Int
  private let maps: Int

  init(
    _ shape: StackShape, _ configuration: TransformerConfiguration, tokens: Int, pairs: Int,
    crossing: (tokens: Int, pairs: Int)? = nil
  ) {
    self.shape = shape
    self.tokens = tokens
    let (width, queries) = (shape.width, shape.heads * shape.headWidth)
    let joint = queries + 2 * shape.memoryHeads * shape.headWidth
    let middle = (configuration.isGated ? 3 : 2) * shape.innerWidth
    // Each part: what is normalised, and what comes out of it.
    let norms = (crossing == nil ? 2 : 3) * 2 * width
    var floats = tokens * (norms + joint + queries + middle) + shape.heads * pairs
    if let crossing {
      floats += tokens * 2 * queries + crossing.tokens * 2 * queries + shape.heads * crossing.pairs
    }
    block = floats
    flow = tokens * (middle + 2 * width)
    passing = tokens * (middle + 3 * width)
    maps = (crossing == nil ? 6 : 10) + (configuration.isGated ? 1 : 0)
  }

  /// What the last block does not keep when it is asked for so many tokens alone: of the others there are keys and values.
  func spared(asked: Int) -> Int {
    let memory = tokens * 2 * shape.memoryHeads * shape.headWidth
    return max(0, (block - memory) * (tokens - min(asked, tokens)) / max(1, tokens))
  }

  /// What low-rank additions keep besides.
  func additions(_ adaptation: LowRankAdaptation?) -> Int { tokens * maps * (adaptation?.rank ?? 0) }
}
