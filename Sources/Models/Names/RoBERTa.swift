/// RoBERTa (Liu et al. 2019), as `RobertaModel` names it.
extension TransformerFamily {
  package static let roberta = TransformerFamily(
    modelType: "roberta", prefix: "roberta", layout: .encoder, keys: .bert, style: .encoder,
    positions: .learnedFromPadding, names: .bert(pooler: nil),
    heads: HeadNames(
      sequenceClassification: .init(
        dense: "classifier.dense", activation: .tanh, dropsInput: true, output: "classifier.out_proj"),
      maskedWords: .init(
        dense: "lm_head.dense", norm: "lm_head.layer_norm", activation: .gelu, decoder: "lm_head.decoder",
        bias: "lm_head.bias"),
      tokenClassification: "classifier", questionAnswering: "qa_outputs"),
    habits: Habits(defaultPadID: 1),
    architectures: [
      .body: "RobertaModel", .sequenceClassification: "RobertaForSequenceClassification",
      .tokenClassification: "RobertaForTokenClassification", .questionAnswering: "RobertaForQuestionAnswering",
      .maskedWords: "RobertaForMaskedLM",
    ])
}
