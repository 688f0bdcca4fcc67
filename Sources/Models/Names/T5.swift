import Layers

/// T5 (Raffel et al. 2020), as `T5ForConditionalGeneration` names it; its later versions have a gate.
extension TransformerFamily {
  package static let t5 = t5("t5", "T5", scalesOutput: true)

  /// The multilingual one (Xue et al. 2021).
  package static let mt5 = t5("mt5", "MT5", scalesOutput: false)

  private static func t5(_ modelType: String, _ title: String, scalesOutput: Bool) -> TransformerFamily {
    TransformerFamily(
      modelType: modelType, prefix: "", layout: .pair,
      keys: ConfigurationKeys(
        width: "d_model", stack: .init(layers: "num_layers", heads: "num_heads", innerWidth: "d_ff"),
        decoder: .init(layers: "num_decoder_layers", heads: "num_heads", innerWidth: "d_ff"), headWidth: "d_kv",
        positions: "n_positions", epsilon: "layer_norm_epsilon", hiddenDropout: "dropout_rate",
        aliases: [
          "d_model": "hidden_size", "num_layers": "num_hidden_layers", "num_heads": "num_attention_heads",
          "d_kv": "head_dim",
        ]),
      style: {
        var style = BlockStyle()
        style.norm = .rootMeanSquare
        style.normalisesFirst = true
        style.epsilon = 1e-6
        style.activation = .relu
        style.hasQueryBias = false
        style.hasOutputBias = false
        style.hasInnerBias = false
        style.scalesScores = false
        return style
      }(),
      positions: .relative, names: .t5("encoder", crossAttention: nil, feedForward: "layer.1"),
      decoderNames: .t5(
        "decoder", crossAttention: (.t5("layer.1.EncDecAttention"), "layer.1.layer_norm"), feedForward: "layer.2"),
      heads: HeadNames(words: "lm_head"),
      habits: Habits(defaultPadID: 0, hasPaddingRow: false, dropsOutput: true, scalesOutput: scalesOutput),
      architectures: [.body: "\(title)Model", .targetWords: "\(title)ForConditionalGeneration"])
  }
}

extension AttentionNames {
  fileprivate static func t5(_ place: String) -> AttentionNames {
    AttentionNames(query: "\(place).q", key: "\(place).k", value: "\(place).v", output: "\(place).o")
  }
}

extension TransformerFamily.BodyNames {
  fileprivate static func t5(
    _ stack: String, crossAttention: (names: AttentionNames, norm: String)?, feedForward: String
  ) -> TransformerFamily.BodyNames {
    let dense = "\(feedForward).DenseReluDense"
    return TransformerFamily.BodyNames(
      words: "shared", layer: "\(stack).block",
      block: Block.Names(
        attention: .t5("layer.0.SelfAttention"), attentionNorm: "layer.0.layer_norm", crossAttention: crossAttention,
        feedForward: .init(up: "\(dense).wi", gated: ("\(dense).wi_0", "\(dense).wi_1"), down: "\(dense).wo"),
        outputNorm: "\(feedForward).layer_norm"),
      finalNorm: "\(stack).final_layer_norm", relativeBias: "layer.0.SelfAttention.relative_attention_bias")
  }
}
