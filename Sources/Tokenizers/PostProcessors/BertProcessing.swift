/// BERT's layout: `[CLS] A [SEP]`, and with a second sequence `B [SEP]` of type 1 after it.
package struct BertProcessing: PostProcessor {
  let separator: LayoutPart.SpecialToken
  let classifier: LayoutPart.SpecialToken

  init(separator: LayoutPart.SpecialToken, classifier: LayoutPart.SpecialToken) {
    self.separator = separator
    self.classifier = classifier
  }

  init(_ json: JSONObject) throws(TokenizerError) {
    separator = try Self.token(try json.required("sep"))
    classifier = try Self.token(try json.required("cls"))
  }

  private static func token(_ json: JSONSlice) throws(TokenizerError) -> LayoutPart.SpecialToken {
    let parts = try json.elements()
    guard parts.count == 2 else { throw json.wrong(.array) }
    return .init(id: try parts[1].integer(), text: try parts[0].string())
  }

  package func layout(isPair: Bool) -> [LayoutPart] {
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
