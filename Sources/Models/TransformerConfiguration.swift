import Foundation
import Tensors

/// What the logits of a sequence classifier stand for, under Hugging Face's names (`problem_type`).
package enum ProblemType: String, Sendable, CaseIterable {
  case oneLabel = "single_label_classification"
  case manyLabels = "multi_label_classification"
  case number = "regression"
}

/// The numbers that shape an encoder, decoded from a family's `config.json`.
package struct TransformerConfiguration: Sendable {
  package let family: TransformerFamily
  package let vocabularySize: Int
  package let width: Int
  package private(set) var layers: Int
  package let heads: Int
  /// Width between the two maps of a feed-forward block.
  package let innerWidth: Int
  package let activation: Activation
  /// Rows of the position table.
  package let positions: Int
  /// Rows of the segment table; 0 where the family has none.
  package let segments: Int
  package let epsilon: Float
  package let padID: Int32
  package private(set) var hiddenDropout: Float
  package private(set) var attentionDropout: Float
  /// Before the last map of each head.
  package private(set) var sequenceDropout, tokenDropout, answerDropout: Float
  package let initialDeviation: Float
  /// Whether the masked-word head reads the word table.
  package let tiesWords: Bool
  /// What a sequence classifier's logits stand for.
  package var problemType: ProblemType?
  /// Names of the head's classes, by id.
  package var labels: [String]
  /// The class that the checkpoint's author trained, such as `BertForSequenceClassification`.
  package let architecture: String?
  /// The whole file, so that saving keeps what we do not use.
  package private(set) var json: Data

  /// Tokens that fit, special ones included.
  package var maximumTokens: Int { positions - (family.countsPositionsFromPadding ? Int(padID) + 1 : 0) }

  /// One rate for all of the model's dropout; a family without dropout before a head keeps it so.
  package mutating func setDropout(_ rate: Float) {
    (hiddenDropout, attentionDropout, sequenceDropout, tokenDropout) = (rate, rate, rate, rate)
    if family.keys.answerDropout != nil { answerDropout = rate }
  }

  /// Another number of layers, in the file as well.
  mutating func setLayers(_ count: Int) {
    layers = count
    guard var object = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else { return }
    object[family.keys.layers] = count
    json = (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)) ?? json
  }

  /// The head of the architecture; none where the family does not know it.
  package var kind: Head.Kind { family.architectures.first { $0.value == architecture }?.key ?? .body }

  /// - Parameter file: the name that errors carry
  package init(json: Data, file: String) throws(ConfigurationError) {
    let reader = try ConfigurationReader(json, file: file)
    let families = Dictionary(uniqueKeysWithValues: TransformerFamily.all.map { ($0.modelType, $0) })
    guard try reader.text("model_type") != nil else { throw .missing(file: file, key: "model_type") }
    family = try reader.choice("model_type", default: "", families)
    let keys = family.keys
    self.json = json
    vocabularySize = try reader.integer("vocab_size")
    width = try reader.integer(keys.width, in: 1...65536)
    layers = try reader.integer(keys.layers, in: 1...1024)
    heads = try reader.integer(keys.heads, in: 1...1024)
    guard width % heads == 0 else {
      throw .outOfRange(
        file: file, key: keys.heads, value: "\(heads)", allowed: "a divisor of \(keys.width) = \(width)")
    }
    innerWidth = try reader.integer(keys.innerWidth, in: 1...1 << 20)
    activation = try reader.choice(keys.activation, default: "gelu", TransformerConfiguration.activations)
    positions = try reader.integer("max_position_embeddings", default: 512)
    segments =
      try keys.segments.map { key throws(ConfigurationError) in
        try reader.integer(key, default: 2, in: 1...1 << 16)
      } ?? 0
    epsilon = try reader.number("layer_norm_eps", default: 1e-12, in: 0...1)
    let padding = try reader.integer("pad_token_id", default: family.defaultPadID, in: 0...vocabularySize - 1)
    padID = Int32(padding)
    guard !family.countsPositionsFromPadding || positions > padding + 1 else {
      throw .outOfRange(
        file: file, key: "max_position_embeddings", value: "\(positions)", allowed: "more than pad_token_id + 1")
    }
    hiddenDropout = try reader.number(keys.hiddenDropout, default: 0.1, in: 0...0.99)
    attentionDropout = try reader.number(keys.attentionDropout, default: 0.1, in: 0...0.99)
    sequenceDropout = try reader.number(keys.sequenceDropout, default: hiddenDropout, in: 0...0.99)
    tokenDropout = try reader.number(keys.tokenDropout, default: hiddenDropout, in: 0...0.99)
    answerDropout =
      try keys.answerDropout.map { key throws(ConfigurationError) in
        try reader.number(key, default: 0.1, in: 0...0.99)
      } ?? 0
    let rows = Double(vocabularySize + positions + segments)
    let size = Double(width) * (rows + Double(layers) * (4 * Double(width) + 2 * Double(innerWidth)))
    guard size <= TransformerConfiguration.mostParameters else {
      throw .outOfRange(
        file: file, key: keys.width, value: "\(width)",
        allowed: "such that all parameters are at most \(Int(TransformerConfiguration.mostParameters))")
    }
    initialDeviation = try reader.number("initializer_range", default: 0.02, in: 0...10)
    tiesWords = try reader.bool("tie_word_embeddings", default: true)
    labels = try reader.labels()
    problemType = try reader.text("problem_type").flatMap(ProblemType.init)
    architecture = (reader.object["architectures"] as? [String])?.first
    _ = try reader.choice("position_embedding_type", default: "absolute", ["absolute": ()])
  }

  /// No encoder comes near; a configuration beyond it is damaged.
  private static let mostParameters = 0x1p35

  private static let activations: [String: Activation] = [
    "gelu": .gelu, "gelu_python": .gelu, "gelu_new": .geluTanh, "gelu_pytorch_tanh": .geluTanh, "gelu_fast": .geluTanh,
    "relu": .relu, "tanh": .tanh,
  ]
}
