import Layers
import Models

/// What a training run will hold in memory at most, part by part, from the shapes alone.
package struct MemoryEstimate: Sendable, Equatable, Encodable {
  /// How a run trains, as far as memory is concerned.
  package struct Plan: Sendable, Equatable {
    package var adaptation: LowRankAdaptation?
    /// Whether the body stands still.
    package var isProbe = false
    package var batchSize = 16
    /// Tokens of the longest sequences, special ones included.
    package var length = 128
    package var recomputes = false
    /// Different tokens in the data: rows of the word table that training meets; nil: all.
    package var words: Int?

    package init() {}
  }

  /// Bytes of each part.
  package let weights: Int
  package let gradients: Int
  package let optimizer: Int
  package let activations: Int
  /// The program itself, its tokenizer and OpenBLAS's buffers.
  package let program: Int

  /// Gradients arrive while activations go, so that only the larger of the two counts.
  package var total: Int { weights + optimizer + max(gradients, activations) + program }

  package init(_ configuration: TransformerConfiguration, _ kind: Head.Kind, _ plan: Plan) {
    let sizes = ParameterSizes(configuration, kind, plan.adaptation)
    let float = MemoryLayout<Float>.stride
    let tokens = plan.batchSize * plan.length
    let rows = min(configuration.vocabularySize, plan.words ?? configuration.vocabularySize)
    // A table that is not trained is mapped, and only the rows that are read come into memory.
    let isWhole = plan.adaptation == nil && !plan.isProbe
    let tables = isWhole ? sizes.tables : min(sizes.tables, (rows + plan.length) * configuration.width)
    weights = (tables + sizes.body + sizes.head + sizes.added) * float
    let trained = sizes.head + sizes.added + (isWhole ? sizes.body : 0)
    // Gradient and moments of a table are those of the rows that were met.
    let batchRows = isWhole ? min(tokens, rows) * configuration.width : 0
    gradients = (trained + batchRows) * float
    optimizer = 2 * (trained + (isWhole ? (rows + plan.length) * configuration.width : 0)) * float
    activations = MemoryEstimate.activations(configuration, plan) * float
    program = MemoryEstimate.programBytes
  }

  /// Measured: a session with a vocabulary of 30,000, and buffers that lie free between two steps.
  private static let programBytes = 70 << 20
  /// Floats that are alive when the way back begins, and those that its first steps add.
  private static func activations(_ configuration: TransformerConfiguration, _ plan: Plan) -> Int {
    let (width, inner) = (configuration.width, configuration.innerWidth)
    let tokens = plan.batchSize * plan.length
    let scores = configuration.heads * plan.length
    // Joint projection, probabilities, context, projection, sum and norm; two of the inner width; map, sum and norm.
    let block = 10 * width + scores + 2 * inner + (plan.adaptation?.rank ?? 0) * 6
    // A body that stands still keeps nothing but what its widest step reads and writes.
    if plan.isProbe { return tokens * (6 * width + inner) }
    let kept = plan.recomputes ? configuration.layers * width + block : configuration.layers * block
    let embeddings = 3 * width
    // Gradients of the block that is being walked through.
    let flow = 2 * inner + 4 * width
    return tokens * (kept + embeddings + flow)
  }
}

/// How many numbers the parts of a model hold.
package struct ParameterSizes: Sendable, Equatable {
  /// Words, positions, segments.
  package let tables: Int
  package let body: Int
  package let head: Int
  /// Low-rank additions.
  package let added: Int

  package var total: Int { tables + body + head + added }

  package init(_ configuration: TransformerConfiguration, _ kind: Head.Kind, _ adaptation: LowRankAdaptation?) {
    let (width, inner, layers) = (configuration.width, configuration.innerWidth, configuration.layers)
    func linear(_ from: Int, _ to: Int) -> Int { from * to + to }
    tables = (configuration.vocabularySize + configuration.positions + configuration.segments) * width
    let norm = 2 * width
    let block = 4 * linear(width, width) + linear(width, inner) + linear(inner, width) + 2 * norm
    body = norm + layers * block
    let classes = configuration.labels.count
    head =
      switch kind {
      case .sequenceClassification: linear(width, width) + linear(width, classes)
      case .tokenClassification: linear(width, classes)
      case .questionAnswering: linear(width, 2)
      case .maskedWords:
        linear(width, width) + norm + configuration.vocabularySize * (configuration.tiesWords ? 1 : width + 1)
      case .body: configuration.family.poolerPlace == nil ? 0 : linear(width, width)
      case .causalWords, .targetWords: configuration.tiesWords ? 0 : configuration.vocabularySize * width
      }
    added = adaptation.map { ParameterSizes.added(configuration, kind, $0) } ?? 0
  }

  private static func added(
    _ configuration: TransformerConfiguration, _ kind: Head.Kind, _ adaptation: LowRankAdaptation
  ) -> Int {
    let family = configuration.family
    let places = family.linearSizes(width: configuration.width, inner: configuration.innerWidth)
    let perBlock = places.reduce(0) { sum, map in
      sum + (adaptation.rank(at: "\(family.layerPlace(0)).\(map.place)") ?? 0) * (map.from + map.to)
    }
    let pooler = family.poolerPlace.flatMap { kind == .sequenceClassification ? adaptation.rank(at: $0) : nil } ?? 0
    return configuration.layers * perBlock + pooler * 2 * configuration.width
  }
}
