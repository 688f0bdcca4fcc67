import Layers

/// BART (Lewis et al. 2020), as `BartForConditionalGeneration` names it, and those that were built after it.
extension TransformerFamily {
  package static let bart = bart(
    "bart", "BartModel", "BartForConditionalGeneration", .learned(offset: 2), normalisesFirst: false,
    hasEmbeddingNorm: true)

  /// Multilingual BART (Liu et al. 2020), which normalises first.
  package static let mbart = bart(
    "mbart", "MBartModel", "MBartForConditionalGeneration", .learned(offset: 2), normalisesFirst: true,
    hasEmbeddingNorm: true, startsWithLast: true)

  /// Marian (Junczys-Dowmunt et al. 2018) in transformers' format: the OPUS-MT models (Tiedemann & Thottingal 2020).
  package static let marian = bart(
    "marian", "MarianModel", "MarianMTModel", .sinusoidal(.open), normalisesFirst: false, hasEmbeddingNorm: false,
    onlyTranslates: true)

  /// Pegasus (Zhang et al. 2020).
  package static let pegasus = bart(
    "pegasus", "PegasusModel", "PegasusForConditionalGeneration", .sinusoidal(.open), normalisesFirst: true,
    hasEmbeddingNorm: false)

  private static func bart(
    _ modelType: String, _ body: String, _ generation: String, _ positions: Positions, normalisesFirst: Bool,
    hasEmbeddingNorm: Bool, startsWithLast: Bool = false, onlyTranslates: Bool = false
  ) -> TransformerFamily {
    let hasTable = positions != .sinusoidal(.open)
    func names(_ stack: String, isDecoder: Bool) -> BodyNames {
      BodyNames(
        words: "shared", positions: hasTable ? "\(stack).embed_positions" : nil,
        embeddingNorm: hasEmbeddingNorm ? "\(stack).layernorm_embedding" : nil, layer: "\(stack).layers",
        block: Block.Names(
          attention: .bart("self_attn"), attentionNorm: "self_attn_layer_norm",
          crossAttention: isDecoder ? (.bart("encoder_attn"), "encoder_attn_layer_norm") : nil,
          feedForward: .init(up: "fc1", down: "fc2"), outputNorm: "final_layer_norm"),
        finalNorm: normalisesFirst ? "\(stack).layer_norm" : nil)
    }
    return TransformerFamily(
      modelType: modelType, prefix: "model", layout: .pair,
      keys: ConfigurationKeys(
        width: "d_model",
        stack: .init(layers: "encoder_layers", heads: "encoder_attention_heads", innerWidth: "encoder_ffn_dim"),
        decoder: .init(layers: "decoder_layers", heads: "decoder_attention_heads", innerWidth: "decoder_ffn_dim"),
        activation: "activation_function", defaultPositions: 1024, deviation: "init_std", hiddenDropout: "dropout",
        attentionDropout: .init("attention_dropout", usual: 0), innerDropout: .init("activation_dropout", usual: 0),
        aliases: ["d_model": "hidden_size", "encoder_layers": "num_hidden_layers"]),
      style: {
        var style = BlockStyle()
        style.normalisesFirst = normalisesFirst
        return style
      }(),
      positions: positions, names: names("encoder", isDecoder: false), decoderNames: names("decoder", isDecoder: true),
      heads: HeadNames(words: "lm_head", wordsBias: "final_logits_bias"),
      habits: Habits(defaultPadID: 1, startsWithLast: startsWithLast, onlyTranslates: onlyTranslates),
      architectures: [.body: body, .targetWords: generation])
  }
}

extension AttentionNames {
  static func bart(_ place: String) -> AttentionNames {
    AttentionNames(
      query: "\(place).q_proj", key: "\(place).k_proj", value: "\(place).v_proj", output: "\(place).out_proj")
  }
}
