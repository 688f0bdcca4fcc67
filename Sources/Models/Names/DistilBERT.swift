import Layers

/// DistilBERT (Sanh et al. 2019), as `DistilBertModel` names it.
extension TransformerFamily {
  package static let distilBERT = TransformerFamily(
    modelType: "distilbert", prefix: "distilbert", layout: .encoder,
    keys: ConfigurationKeys(
      width: "dim", stack: .init(layers: "n_layers", heads: "n_heads", innerWidth: "hidden_dim"),
      activation: "activation", epsilon: "layer_norm_eps", hiddenDropout: "dropout",
      attentionDropout: "attention_dropout", sequenceDropout: "seq_classif_dropout", tokenDropout: "dropout",
      answerDropout: "qa_dropout"),
    style: .encoder, positions: .learned(offset: 0),
    names: BodyNames(
      words: "embeddings.word_embeddings", positions: "embeddings.position_embeddings",
      embeddingNorm: "embeddings.LayerNorm", layer: "transformer.layer",
      block: Block.Names(
        attention: .init(
          query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin", output: "attention.out_lin"),
        attentionNorm: "sa_layer_norm", feedForward: .init(up: "ffn.lin1", down: "ffn.lin2"),
        outputNorm: "output_layer_norm")),
    heads: HeadNames(
      sequenceClassification: .init(dense: "pre_classifier", activation: .relu, output: "classifier"),
      maskedWords: .init(
        dense: "vocab_transform", norm: "vocab_layer_norm", activation: nil, decoder: "vocab_projector",
        bias: "vocab_projector.bias"),
      tokenClassification: "classifier", questionAnswering: "qa_outputs"),
    habits: Habits(defaultPadID: 0),
    architectures: [
      .body: "DistilBertModel", .sequenceClassification: "DistilBertForSequenceClassification",
      .tokenClassification: "DistilBertForTokenClassification",
      .questionAnswering: "DistilBertForQuestionAnswering", .maskedWords: "DistilBertForMaskedLM",
    ])
}
