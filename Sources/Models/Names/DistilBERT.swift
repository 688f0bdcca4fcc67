/// DistilBERT (Sanh et al. 2019), as `DistilBertModel` names it.
extension TransformerFamily {
  package static let distilBERT = TransformerFamily(
    modelType: "distilbert", prefix: "distilbert",
    keys: ConfigurationKeys(
      width: "dim", layers: "n_layers", heads: "n_heads", innerWidth: "hidden_dim", activation: "activation",
      segments: nil, hiddenDropout: "dropout", attentionDropout: "attention_dropout",
      sequenceDropout: "seq_classif_dropout", tokenDropout: "dropout", answerDropout: "qa_dropout"),
    names: BodyNames(
      words: "embeddings.word_embeddings", positions: "embeddings.position_embeddings", segments: nil,
      embeddingNorm: "embeddings.LayerNorm", layer: "transformer.layer",
      attention: .init(
        query: "attention.q_lin", key: "attention.k_lin", value: "attention.v_lin", output: "attention.out_lin"),
      attentionNorm: "sa_layer_norm", up: "ffn.lin1", down: "ffn.lin2", outputNorm: "output_layer_norm", pooler: nil),
    heads: HeadNames(
      sequenceClassification: .init(
        dense: "pre_classifier", activation: .relu, dropsInput: false, output: "classifier"),
      maskedWords: .init(
        dense: "vocab_transform", norm: "vocab_layer_norm", activation: nil, decoder: "vocab_projector",
        bias: "vocab_projector.bias")),
    countsPositionsFromPadding: false, defaultPadID: 0,
    architectures: [
      .body: "DistilBertModel", .sequenceClassification: "DistilBertForSequenceClassification",
      .tokenClassification: "DistilBertForTokenClassification",
      .questionAnswering: "DistilBertForQuestionAnswering", .maskedWords: "DistilBertForMaskedLM",
    ])
}
