import Layers

/// BERT (Devlin et al. 2019), as `BertModel` names it.
extension TransformerFamily {
  package static let bert = TransformerFamily(
    modelType: "bert", prefix: "bert", layout: .encoder, keys: .bert, style: .encoder, positions: .learned(offset: 0),
    names: .bert(pooler: "pooler.dense"),
    heads: HeadNames(
      sequenceClassification: .init(dense: "bert.pooler.dense", activation: .tanh, output: "classifier"),
      maskedWords: .init(
        dense: "cls.predictions.transform.dense", norm: "cls.predictions.transform.LayerNorm", activation: nil,
        decoder: "cls.predictions.decoder", bias: "cls.predictions.bias"),
      tokenClassification: "classifier", questionAnswering: "qa_outputs"),
    habits: Habits(defaultPadID: 0),
    architectures: [
      .body: "BertModel", .sequenceClassification: "BertForSequenceClassification",
      .tokenClassification: "BertForTokenClassification", .questionAnswering: "BertForQuestionAnswering",
      .maskedWords: "BertForMaskedLM",
    ])
}

extension BlockStyle {
  /// What the encoders share.
  static let encoder: BlockStyle = {
    var style = BlockStyle()
    style.epsilon = 1e-12
    return style
  }()
}

extension TransformerFamily.ConfigurationKeys {
  static let bert = TransformerFamily.ConfigurationKeys(
    width: "hidden_size",
    stack: Stack(layers: "num_hidden_layers", heads: "num_attention_heads", innerWidth: "intermediate_size"),
    activation: "hidden_act", epsilon: "layer_norm_eps", segments: "type_vocab_size",
    hiddenDropout: "hidden_dropout_prob", attentionDropout: "attention_probs_dropout_prob",
    sequenceDropout: "classifier_dropout", tokenDropout: "classifier_dropout")
}

extension TransformerFamily.BodyNames {
  static func bert(pooler: String?) -> TransformerFamily.BodyNames {
    TransformerFamily.BodyNames(
      words: "embeddings.word_embeddings", positions: "embeddings.position_embeddings",
      segments: "embeddings.token_type_embeddings", embeddingNorm: "embeddings.LayerNorm", layer: "encoder.layer",
      block: Block.Names(
        attention: .init(
          query: "attention.self.query", key: "attention.self.key", value: "attention.self.value",
          output: "attention.output.dense"),
        attentionNorm: "attention.output.LayerNorm", feedForward: .init(up: "intermediate.dense", down: "output.dense"),
        outputNorm: "output.LayerNorm"),
      pooler: pooler)
  }
}
