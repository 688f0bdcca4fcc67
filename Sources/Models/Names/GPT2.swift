import Layers

/// GPT-2 (Radford et al. 2019), as `GPT2Model` names it. Its weights are [in, out], and one map makes queries, keys and
/// values.
extension TransformerFamily {
  package static let gpt2 = TransformerFamily(
    modelType: "gpt2", prefix: "transformer", layout: .decoder,
    keys: ConfigurationKeys(
      width: "n_embd", stack: .init(layers: "n_layer", heads: "n_head", innerWidth: "n_inner"),
      activation: "activation_function", positions: "n_positions", defaultPositions: 1024,
      epsilon: "layer_norm_epsilon", hiddenDropout: "resid_pdrop", embeddingDropout: "embd_pdrop",
      attentionDropout: "attn_pdrop",
      aliases: [
        "n_embd": "hidden_size", "n_layer": "num_hidden_layers", "n_head": "num_attention_heads",
        "n_positions": "max_position_embeddings",
      ]),
    style: {
      var style = BlockStyle()
      style.normalisesFirst = true
      style.activation = .geluTanh
      style.isTransposed = true
      return style
    }(),
    positions: .learned(offset: 0),
    names: BodyNames(
      words: "wte", positions: "wpe", layer: "h",
      block: Block.Names(
        attention: .init(joint: "attn.c_attn", output: "attn.c_proj"), attentionNorm: "ln_1",
        feedForward: .init(up: "mlp.c_fc", down: "mlp.c_proj"), outputNorm: "ln_2"),
      finalNorm: "ln_f"),
    heads: HeadNames(sequenceClassification: .init(output: "score", readsLast: true), words: "lm_head"),
    habits: Habits(hasPaddingRow: false),
    architectures: [
      .body: "GPT2Model", .causalWords: "GPT2LMHeadModel", .sequenceClassification: "GPT2ForSequenceClassification",
    ])
}
