/// BERT's layout: `[CLS] A [SEP]`, and with a second sequence `B [SEP]` of type 1 after it.
package struct BertProcessing: PostProcessor {
  let separator: LayoutPart.SpecialToken
  let classifier: LayoutPart.SpecialToken

  init(separator: LayoutPart.SpecialToken, classifier: LayoutPart.SpecialToken) {
    self.separator = separator
    self.classifier = classifier
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    separator = try LayoutPart.SpecialToken(pair: try json.required("sep"))
    classifier = try LayoutPart.SpecialToken(pair: try json.required("cls"))
  }

  package func layout(isPair: Bool, special: Bool) -> [LayoutPart] {
    guard special else { return LayoutPart.sequences(isPair: isPair) }
    let first: [LayoutPart] = [
      .special(tokens: [classifier], typeID: 0), .sequence(isSecond: false, typeID: 0),
      .special(tokens: [separator], typeID: 0),
    ]
    let second: [LayoutPart] = [
      .sequence(isSecond: true, typeID: 1), .special(tokens: [separator], typeID: 1),
    ]
    return first + (isPair ? second : [])
  }
}

/// RoBERTa's layout: `<s> A </s>`, and with a second sequence `</s> B </s>` after it, all of type 0.
package struct RobertaProcessing: PostProcessor {
  let separator: LayoutPart.SpecialToken
  let classifier: LayoutPart.SpecialToken
  package let trimming: OffsetTrimming?

  init(
    separator: LayoutPart.SpecialToken, classifier: LayoutPart.SpecialToken, trimming: OffsetTrimming?
  ) {
    self.separator = separator
    self.classifier = classifier
    self.trimming = trimming
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    separator = try LayoutPart.SpecialToken(pair: try json.required("sep"))
    classifier = try LayoutPart.SpecialToken(pair: try json.required("cls"))
    trimming = try OffsetTrimming(json)
  }

  package func layout(isPair: Bool, special: Bool) -> [LayoutPart] {
    guard special else { return LayoutPart.sequences(isPair: isPair, secondType: 0) }
    let separators = LayoutPart.special(tokens: [separator], typeID: 0)
    let first: [LayoutPart] = [
      .special(tokens: [classifier], typeID: 0), .sequence(isSecond: false, typeID: 0), separators,
    ]
    return first + (isPair ? [separators, .sequence(isSecond: true, typeID: 0), separators] : [])
  }
}
