import Layers

/// Llama (Touvron et al. 2023), as `LlamaModel` names it; SmolLM and TinyLlama are of this family.
extension TransformerFamily {
  package static let llama = llama(
    "llama", "Llama", style: .llama, Habits(tiesWords: false, asksForBiases: true))

  /// Qwen2 (Yang et al. 2024): Llama whose queries, keys and values have biases.
  package static let qwen2 = llama(
    "qwen2", "Qwen2",
    style: {
      var style = BlockStyle.llama
      style.hasQueryBias = true
      return style
    }(), Habits(tiesWords: false))

  private static func llama(
    _ modelType: String, _ title: String, style: BlockStyle, _ habits: Habits
  ) -> TransformerFamily {
    TransformerFamily(
      modelType: modelType, prefix: "model", layout: .decoder,
      keys: ConfigurationKeys(
        width: "hidden_size",
        stack: .init(layers: "num_hidden_layers", heads: "num_attention_heads", innerWidth: "intermediate_size"),
        memoryHeads: "num_key_value_heads", headWidth: "head_dim", activation: "hidden_act", defaultPositions: 2048,
        epsilon: "rms_norm_eps", attentionDropout: .init("attention_dropout", usual: 0)),
      style: style, positions: .rotary,
      names: BodyNames(
        words: "embed_tokens", layer: "layers",
        block: Block.Names(
          attention: .init(
            query: "self_attn.q_proj", key: "self_attn.k_proj", value: "self_attn.v_proj", output: "self_attn.o_proj"),
          attentionNorm: "input_layernorm",
          feedForward: .init(gate: "mlp.gate_proj", up: "mlp.up_proj", down: "mlp.down_proj"),
          outputNorm: "post_attention_layernorm"),
        finalNorm: "norm"),
      heads: HeadNames(sequenceClassification: .init(output: "score", readsLast: true), words: "lm_head"),
      habits: habits,
      architectures: [
        .body: "\(title)Model", .causalWords: "\(title)ForCausalLM",
        .sequenceClassification: "\(title)ForSequenceClassification",
      ])
  }
}

extension BlockStyle {
  fileprivate static let llama: BlockStyle = {
    var style = BlockStyle()
    style.norm = .rootMeanSquare
    style.normalisesFirst = true
    style.epsilon = 1e-6
    style.activation = .silu
    style.isGated = true
    style.hasQueryBias = false
    style.hasOutputBias = false
    style.hasInnerBias = false
    return style
  }()
}
