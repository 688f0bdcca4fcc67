import Layers

/// The small translation models of the Bergamot project (Bogoychev et al. 2020), trained by Marian: BART's encoder, and a
/// decoder of recurrent cells that looks at it. The names follow BART's.
extension TransformerFamily {
  package static let bergamot = TransformerFamily(
    modelType: "bergamot", prefix: "model", layout: .pair,
    keys: {
      var keys = bart.keys
      keys.defaultPositions = 8192
      keys.hiddenDropout = .init("dropout", usual: 0)
      return keys
    }(),
    style: {
      var style = BlockStyle()
      style.epsilon = 1e-6
      style.activation = .relu
      return style
    }(),
    positions: .sinusoidal(.closed), names: marian.names,
    decoderNames: BodyNames(
      words: "shared", layer: "decoder.layers",
      block: Block.Names(
        mixing: .recurrence(.init(input: "rnn.input", forget: "rnn.forget")), mixingNorm: "rnn_layer_norm",
        crossAttention: (.bart("encoder_attn"), "encoder_attn_layer_norm"),
        feedForward: .init(up: "fc1", down: "fc2"), outputNorm: "final_layer_norm")),
    heads: HeadNames(wordsBias: "final_logits_bias"),
    habits: Habits(startsFromNothing: true, endsSource: true, onlyTranslates: true),
    architectures: [:])
}
