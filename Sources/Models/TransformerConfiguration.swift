import Foundation
import Layers
import Tensors

/// What the logits of a sequence classifier stand for, under Hugging Face's names (`problem_type`).
package enum ProblemType: String, Sendable, CaseIterable {
  case oneLabel = "single_label_classification"
  case manyLabels = "multi_label_classification"
  case number = "regression"
}

/// The numbers that shape a model, decoded from a family's `config.json`.
package struct TransformerConfiguration: Sendable {
  package let family: TransformerFamily
  package let vocabularySize: Int
  /// Of the only stack, or the encoder.
  package private(set) var stack: StackShape
  /// Of the decoder of a pair.
  package let decoder: StackShape?
  package private(set) var style: BlockStyle
  /// Rows of the position table, without those that stand for nothing; else the longest sequence in training.
  package let positions: Int
  /// Rows of the segment table; 0 where the family has none.
  package let segments: Int
  package let rotary: RotaryScaling?
  /// Rows of the table of biases by distance, and the distance from which on they do not differ.
  let distances: (count: Int, farthest: Int)
  package let padID: Int32?
  /// The token that a text begins with, where the file names one.
  package let beginID: Int32?
  /// The token that a decoder begins with, in a pair.
  package let startID: Int32?
  /// The token that a source ends with, in a pair whose tokenizer does not add it.
  package let sourceEndID: Int32?
  /// Factor of the word embeddings.
  let wordScale: Float
  /// Factor of the hidden states that a decoder's words are read from.
  let outputScale: Float
  package private(set) var embeddingDropout: Float
  /// Before the last map of each head.
  package private(set) var sequenceDropout, tokenDropout, answerDropout: Float
  package let initialDeviation: Float
  /// Whether the map back to words reads the word table.
  package let tiesWords: Bool
  /// Whether encoder and decoder of a pair read one word table.
  let sharesWords: Bool
  /// What a sequence classifier's logits stand for.
  package var problemType: ProblemType?
  /// Names of the head's classes, by id.
  package var labels: [String]
  /// The class that the checkpoint's author trained, such as `BertForSequenceClassification`.
  package let architecture: String?
  /// The whole file, so that saving keeps what we do not use.
  package private(set) var json: Data

  package var width: Int { stack.width }
  package var layers: Int { stack.layers }
  package var heads: Int { stack.heads }
  /// Width between the two maps of a feed-forward.
  package var innerWidth: Int { stack.innerWidth }
  package var isGated: Bool { style.isGated }
  package var activation: Activation { style.activation }
  package var epsilon: Float { style.epsilon }
  package var hiddenDropout: Float { style.hiddenDropout }
  package var attentionDropout: Float { style.attentionDropout }

  /// Tokens that fit, special ones included.
  package var maximumTokens: Int {
    switch family.positions {
    case .learnedFromPadding: positions - Int(padID ?? 0) - 1
    case .learned, .sinusoidal: positions
    case .rotary: rotary?.limit(positions) ?? positions
    case .relative: .max
    }
  }

  /// One rate for all of the model's dropout, in the file as well; a family without dropout in a place keeps it so.
  /// - Parameter rate: from 0 up to 0.99
  package mutating func setDropout(_ rate: Float) throws(ConfigurationError) {
    for key in family.keys.dropouts { write(Double("\(rate)"), key) }
    let changed = try TransformerConfiguration(json: json, file: "config.json")
    (style, embeddingDropout) = (changed.style, changed.embeddingDropout)
    (sequenceDropout, tokenDropout, answerDropout) =
      (changed.sequenceDropout, changed.tokenDropout, changed.answerDropout)
  }

  /// Another number of layers, in the file as well.
  mutating func setLayers(_ count: Int) {
    stack.layers = count
    write(count, family.keys.stack.layers)
  }

  private mutating func write(_ value: Any?, _ key: String) {
    guard var object = try? JSONSerialization.jsonObject(with: json) as? [String: Any] else { return }
    object[key] = value
    json = (try? JSONSerialization.data(withJSONObject: object, options: .sortedKeys)) ?? json
  }

  /// The head of the architecture; none where the family does not know it.
  package var kind: Head.Kind {
    guard let architecture else { return family.layout.usualKind }
    return family.architectures.first { $0.value == architecture }?.key ?? .body
  }

  /// - Parameter file: the name that errors carry
  package init(json: Data, file: String) throws(ConfigurationError) {
    var reader = try ConfigurationReader(json, file: file)
    let families = Dictionary(uniqueKeysWithValues: TransformerFamily.all.map { ($0.modelType, $0) })
    guard try reader.text("model_type") != nil else { throw .missing(file: file, key: "model_type") }
    family = try reader.choice(
      "model_type", default: "", families, naming: TransformerFamily.all.filter(\.isPublished).map(\.modelType))
    reader.aliases = family.keys.aliases
    self.json = json
    let keys = family.keys
    vocabularySize = try reader.integer("vocab_size")
    let first = try reader.stack(keys, keys.stack)
    stack = first
    decoder = try keys.decoder.map { names throws(ConfigurationError) in try reader.stack(keys, names, after: first) }
    let style = try reader.style(family)
    self.style = style
    positions = try reader.integer(keys.positions, default: keys.defaultPositions)
    segments =
      try keys.segments.map { key throws(ConfigurationError) in
        try reader.integer(key, default: 2, in: 1...1 << 16)
      } ?? 0
    padID = try reader.padID(family, vocabularySize, positions)
    // Encoders have one that no word has, now and then; nobody asks for it there.
    let begin = family.layout == .encoder ? nil : try reader.token("bos_token_id", vocabularySize)
    beginID = begin
    startID = try reader.token("decoder_start_token_id", vocabularySize) ?? begin
    sourceEndID = family.habits.endsSource ? try reader.token("eos_token_id", vocabularySize) : nil
    rotary = family.positions == .rotary ? try reader.rotary(headWidth: stack.headWidth, positions: positions) : nil
    let buckets = try reader.integer("relative_attention_num_buckets", default: 32, in: 4...1 << 16)
    // Half of the buckets hold one distance each; the others share those up to the largest.
    distances = (
      buckets, try reader.integer("relative_attention_max_distance", default: 128, in: (buckets / 2 + 1)...1 << 24)
    )
    embeddingDropout = try keys.embeddingDropout.map(reader.rate) ?? style.hiddenDropout
    func headDropout(_ key: String?) throws(ConfigurationError) -> Float {
      guard let key else { return style.hiddenDropout }
      return try reader.number(key, default: style.hiddenDropout, in: 0...0.99)
    }
    sequenceDropout = try headDropout(keys.sequenceDropout)
    tokenDropout = try headDropout(keys.tokenDropout)
    answerDropout =
      try keys.answerDropout.map { key throws(ConfigurationError) in
        try reader.number(key, default: 0.1, in: 0...0.99)
      } ?? 0
    initialDeviation = try reader.number(keys.deviation, default: 0.02, in: 0...10)
    wordScale = try reader.bool("scale_embedding", default: false) ? Float(first.width).squareRoot() : 1
    let saysTied = try reader.bool("tie_word_embeddings", default: family.habits.tiesWords)
    // transformers 5 ties all of T5's words, and keeps what an older file meant by not tying them under another key.
    let scales = try reader.bool("scale_decoder_outputs", default: saysTied)
    outputScale = family.habits.scalesOutput && scales ? 1 / Float(stack.width).squareRoot() : 1
    tiesWords = saysTied || family.positions == .relative
    sharesWords = try reader.bool("share_encoder_decoder_embeddings", default: true)
    labels = try reader.labels()
    problemType = try reader.text("problem_type").flatMap(ProblemType.init)
    architecture = (reader.object["architectures"] as? [String])?.first
    try reader.checkSize(family, [first] + (decoder.map { [$0] } ?? []), rows: vocabularySize + positions + segments)
    try reader.refuseVariants()
  }
}

extension TransformerFamily.Layout {
  /// The head of a file that names no architecture.
  var usualKind: Head.Kind {
    switch self {
    case .encoder: .body
    case .decoder: .causalWords
    case .pair: .targetWords
    }
  }
}
