import Layers
import Tensors

/// What tells one family from another: names and habits, no code.
package struct TransformerFamily: Sendable {
  /// Which stacks a model has.
  package enum Layout: Sendable {
    case encoder, decoder
    /// An encoder, and a decoder that looks at it.
    case pair
  }

  /// How tokens know their place.
  enum Positions: Sendable, Equatable {
    /// A table, whose first rows may stand for nothing.
    case learned(offset: Int)
    /// A table read from behind `pad_token_id` on, skipping padding (RoBERTa).
    case learnedFromPadding
    case sinusoidal(SineSpacing), rotary
    /// A bias of the scores by distance, learned in the first layer.
    case relative
  }

  /// `model_type` in `config.json`.
  package let modelType: String
  /// The body's name in a checkpoint that has a head, such as `bert`.
  package let prefix: String
  package let layout: Layout
  let keys: ConfigurationKeys
  /// Of the blocks, as far as the configuration does not say otherwise.
  let style: BlockStyle
  let positions: Positions
  /// Of the only stack, or the encoder's.
  let names: BodyNames
  /// Of the decoder of a pair.
  var decoderNames: BodyNames?
  let heads: HeadNames
  let habits: Habits
  /// Hugging Face's class names, by head.
  package let architectures: [Head.Kind: String]

  package static let all: [TransformerFamily] = [
    .bert, .roberta, .distilBERT, .gpt2, .llama, .qwen2, .t5, .mt5, .bart, .mbart, .marian, .pegasus, .bergamot,
  ]

  package var onlyTranslates: Bool { habits.onlyTranslates }

  /// Whether the decoder of a pair attends to what it has written.
  var looksBack: Bool {
    guard let mixing = decoderNames?.block.mixing else { return true }
    if case .recurrence = mixing { return false }
    return true
  }

  /// Whether Hugging Face has it too; another one is made by the file that its weights lie in.
  var isPublished: Bool { !architectures.isEmpty }

  /// Whether a `model_type` that Hugging Face knows is one of these.
  package static func isKnown(_ modelType: String) -> Bool {
    all.contains { $0.isPublished && $0.modelType == modelType }
  }

  /// Small things that a family does, and others do not.
  struct Habits: Sendable {
    var defaultPadID: Int?
    /// The row of the padding in the word table gets no gradient.
    var hasPaddingRow = true
    /// Where the configuration does not tell.
    var tiesWords = true
    /// Dropout behind the last norm.
    var dropsOutput = false
    /// A tied head reads hidden states that are divided by the square root of their width, unless the configuration
    /// says that nothing is tied (T5).
    var scalesOutput = false
    /// In training, a decoder's input begins with the last token of its target, which names the language (mBART).
    var startsWithLast = false
    /// A decoder's first input is no word but nothing: zeros.
    var startsFromNothing = false
    /// A source ends with the token that ends a text, which its tokenizer does not add.
    var endsSource = false
    /// Its models were trained for translation and nothing else.
    var onlyTranslates = false
    /// `attention_bias` and `mlp_bias` tell which maps have one (Llama).
    var asksForBiases = false
  }

  /// Places below the body's.
  struct BodyNames: Sendable {
    let words: String
    var positions: String?
    var segments: String?
    var embeddingNorm: String?
    /// Before the layer's number.
    let layer: String
    let block: Block.Names
    var finalNorm: String?
    /// Of the biases by distance, below the first layer.
    var relativeBias: String?
    /// Absent from checkpoints of some heads, and of no use to others.
    var pooler: String?
  }

  /// Places of the heads, from the top of the checkpoint.
  struct HeadNames: Sendable {
    struct SequenceClassification: Sendable {
      /// nil: the output reads the hidden state itself.
      var dense: String?
      var activation = Activation.tanh
      /// Dropout before the dense map, besides the one after it.
      var dropsInput = false
      let output: String
      /// Of the last token instead of the first, and without a bias: a decoder's.
      var readsLast = false
    }

    struct MaskedWords: Sendable {
      let dense, norm: String
      /// nil: the configuration's.
      let activation: Activation?
      /// Of the map back to words; its weight is the word table when they are tied.
      let decoder: String
      let bias: String
    }

    var sequenceClassification: SequenceClassification?
    var maskedWords: MaskedWords?
    var tokenClassification: String?
    var questionAnswering: String?
    /// Of a decoder's map back to words.
    var words: String?
    /// Added to a decoder's logits, not trained.
    var wordsBias: String?
  }
}

extension TransformerFamily {
  /// The names of each stack.
  var bodies: [BodyNames] { [names] + (decoderNames.map { [$0] } ?? []) }

  /// Where the last map of a head lies; nil without a head, and for words, whose classes never change.
  package func outputPlace(_ kind: Head.Kind) -> String? {
    switch kind {
    case .sequenceClassification: heads.sequenceClassification?.output
    case .tokenClassification: heads.tokenClassification
    case .questionAnswering: heads.questionAnswering
    case .body, .maskedWords, .causalWords, .targetWords: nil
    }
  }

  /// Places that belong to a head alone and are trained whole beside a low-rank adaptation of the body.
  package func headPlaces(_ kind: Head.Kind) -> [String] {
    let places: [String?] =
      switch kind {
      case .sequenceClassification: [heads.sequenceClassification?.dense, heads.sequenceClassification?.output]
      case .tokenClassification: [heads.tokenClassification]
      case .questionAnswering: [heads.questionAnswering]
      case .maskedWords:
        [heads.maskedWords?.dense, heads.maskedWords?.norm, heads.maskedWords.map { Weights.above($0.bias) }]
      case .body, .causalWords, .targetWords: []
      }
    return places.compactMap { $0 }.filter { !$0.hasPrefix(prefix + ".") }
  }

  /// Ends of the places of all linear maps of the body.
  package var linearPlaces: [String] {
    var places: [String] = []
    for body in bodies {
      let block = body.block
      let inputs = Set([false, true].flatMap(block.feedForward.inputs)).sorted()
      let all =
        block.mixing.places + (block.crossAttention?.names.places ?? []) + inputs + [block.feedForward.down]
        + (body.pooler.map { [$0] } ?? [])
      places += all.filter { !places.contains($0) }
    }
    return places
  }

  /// Whether its linear maps are kept as [in, out].
  package var keepsMapsTransposed: Bool { style.isTransposed }

  /// Where BERT's pooler lies in a checkpoint with a head.
  package var poolerPlace: String? { names.pooler.map { "\(prefix).\($0)" } }

  /// Where a block lies in a checkpoint with a head.
  package func layerPlace(_ number: Int) -> String { "\(prefix).\(names.layer).\(number)" }

  /// The linear maps of one block, with the widths that they map from and to.
  package func linearSizes(width: Int, inner: Int) -> [(place: String, from: Int, to: Int)] {
    names.block.mixing.places.map { ($0, width, width) }
      + names.block.feedForward.inputs(isGated: false).map { ($0, width, inner) }
      + [(names.block.feedForward.down, inner, width)]
  }
}
