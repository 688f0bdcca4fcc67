import Layers
import Tensors

/// What tells one encoder family from another: names and a few habits, no code.
package struct TransformerFamily: Sendable {
  /// `model_type` in `config.json`.
  package let modelType: String
  /// The body's name in a checkpoint that has a head, such as `bert`.
  package let prefix: String
  let keys: ConfigurationKeys
  let names: BodyNames
  let heads: HeadNames
  /// Positions start after `pad_token_id` and skip padding (RoBERTa), instead of at 0.
  let countsPositionsFromPadding: Bool
  let defaultPadID: Int
  /// Hugging Face's class names, by head.
  package let architectures: [Head.Kind: String]

  package static let all: [TransformerFamily] = [.bert, .roberta, .distilBERT]

  /// Spellings of `config.json`.
  struct ConfigurationKeys: Sendable {
    let width, layers, heads, innerWidth, activation: String
    let segments: String?
    let hiddenDropout, attentionDropout: String
    /// Dropout before the last map of each head; nil where the family has none there.
    let sequenceDropout, tokenDropout: String
    let answerDropout: String?
  }

  /// Places below the body's.
  struct BodyNames: Sendable {
    let words, positions: String
    let segments: String?
    let embeddingNorm: String
    /// Before the layer's number.
    let layer: String
    let attention: SelfAttention.Names
    let attentionNorm, up, down, outputNorm: String
    /// Absent from checkpoints of some heads, and of no use to others.
    let pooler: String?
  }

  /// Places of the heads, from the top of the checkpoint.
  struct HeadNames: Sendable {
    struct SequenceClassification: Sendable {
      let dense: String
      let activation: Activation
      /// Dropout before the dense map, besides the one after it.
      let dropsInput: Bool
      let output: String
    }

    struct MaskedWords: Sendable {
      let dense, norm: String
      /// nil: the configuration's.
      let activation: Activation?
      /// Of the map back to words; its weight is the word table when they are tied.
      let decoder: String
      let bias: String
    }

    let sequenceClassification: SequenceClassification
    let maskedWords: MaskedWords
    let tokenClassification = "classifier"
    let questionAnswering = "qa_outputs"
  }
}

extension TransformerFamily {
  /// Where the last map of a head lies; nil without a head, and for words, whose classes never change.
  package func outputPlace(_ kind: Head.Kind) -> String? {
    switch kind {
    case .sequenceClassification: heads.sequenceClassification.output
    case .tokenClassification: heads.tokenClassification
    case .questionAnswering: heads.questionAnswering
    case .body, .maskedWords: nil
    }
  }

  /// Places that belong to a head alone and are trained whole beside a low-rank adaptation of the body.
  package func headPlaces(_ kind: Head.Kind) -> [String] {
    let places: [String] =
      switch kind {
      case .sequenceClassification: [heads.sequenceClassification.dense, heads.sequenceClassification.output]
      case .tokenClassification: [heads.tokenClassification]
      case .questionAnswering: [heads.questionAnswering]
      case .maskedWords:
        [heads.maskedWords.dense, heads.maskedWords.norm, Weights.above(heads.maskedWords.bias)]
      case .body: []
      }
    return places.filter { !$0.hasPrefix(prefix + ".") }
  }

  /// Ends of the places of all linear maps of the body.
  package var linearPlaces: [String] {
    let attention = [names.attention.query, names.attention.key, names.attention.value, names.attention.output]
    return attention + [names.up, names.down] + (names.pooler.map { [$0] } ?? [])
  }

  /// Where BERT's pooler lies in a checkpoint with a head.
  package var poolerPlace: String? { names.pooler.map { "\(prefix).\($0)" } }

  /// Where a block lies in a checkpoint with a head.
  package func layerPlace(_ number: Int) -> String { "\(prefix).\(names.layer).\(number)" }

  /// The linear maps of one block, with the widths that they map from and to.
  package func linearSizes(width: Int, inner: Int) -> [(place: String, from: Int, to: Int)] {
    let attention = [names.attention.query, names.attention.key, names.attention.value, names.attention.output]
    return attention.map { ($0, width, width) } + [(names.up, width, inner), (names.down, inner, width)]
  }
}
