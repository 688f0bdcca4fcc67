/// Flat, under the names that Hugging Face's evaluate and scikit-learn use.
extension ClassificationMetrics: Encodable {
  private enum CodingKeys: String, CodingKey {
    case accuracy, f1, precision, recall, labels, samples
    case macroF1 = "f1_macro"
    case microF1 = "f1_micro"
    case weightedF1 = "f1_weighted"
    case macroPrecision = "precision_macro"
    case macroRecall = "recall_macro"
    case matthews = "matthews_correlation"
    case confusion = "confusion_matrix"
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(accuracy, forKey: .accuracy)
    try values.encode(f1, forKey: .f1)
    try values.encode(precision, forKey: .precision)
    try values.encode(recall, forKey: .recall)
    try values.encode(macro.f1, forKey: .macroF1)
    try values.encode(micro.f1, forKey: .microF1)
    try values.encode(weighted.f1, forKey: .weightedF1)
    try values.encode(macro.precision, forKey: .macroPrecision)
    try values.encode(macro.recall, forKey: .macroRecall)
    try values.encode(matthews, forKey: .matthews)
    try values.encode(labels, forKey: .labels)
    try values.encode(confusion, forKey: .confusion)
    try values.encode(count, forKey: .samples)
  }
}

extension ClassificationMetrics.Label: Encodable {
  private enum CodingKeys: String, CodingKey {
    case label, precision, recall, f1, support
  }

  package func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(label, forKey: .label)
    try values.encode(scores.precision, forKey: .precision)
    try values.encode(scores.recall, forKey: .recall)
    try values.encode(scores.f1, forKey: .f1)
    try values.encode(support, forKey: .support)
  }
}
