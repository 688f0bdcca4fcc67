/// A template for one sequence and one for two, spelt out in the file.
package struct TemplateProcessing: PostProcessor {
  private let single: [LayoutPart]
  private let pair: [LayoutPart]
  package var typesOverflow: Bool { false }

  init(_ json: JSONObject) throws(TokenizerError) {
    var tokens: [String: [LayoutPart.SpecialToken]] = [:]
    for (name, value) in try json.optional("special_tokens")?.members() ?? [] {
      let entry = try value.object()
      let ids = try entry.required("ids").elements()
      let texts = try entry.required("tokens").elements()
      guard ids.count == texts.count else { throw entry.wrong(.array) }
      var list: [LayoutPart.SpecialToken] = []
      for (id, text) in zip(ids, texts) {
        list.append(.init(id: try id.integer(), text: try text.string()))
      }
      tokens[name] = list
    }
    single = try Self.parts(try json.required("single"), tokens, texts: ["A"], or: .onlyText)
    pair = try Self.parts(try json.required("pair"), tokens, texts: ["A", "B"], or: .eitherText)
  }

  /// Tokens before and after each sequence; those of a second one are of type 1.
  init(before: [LayoutPart.SpecialToken], after: [LayoutPart.SpecialToken]) {
    let parts = { (isSecond: Bool) in
      let typeID: Int32 = isSecond ? 1 : 0
      return [before].filter { !$0.isEmpty }.map { LayoutPart.special(tokens: $0, typeID: typeID) }
        + [.sequence(isSecond: isSecond, typeID: typeID)]
        + [after].filter { !$0.isEmpty }.map { LayoutPart.special(tokens: $0, typeID: typeID) }
    }
    single = parts(false)
    pair = parts(false) + parts(true)
  }

  private static func parts(
    _ json: JSONSlice, _ tokens: [String: [LayoutPart.SpecialToken]], texts: [String], or expected: JSONKind
  ) throws(TokenizerError) -> [LayoutPart] {
    var parts: [LayoutPart] = []
    var added = 0
    for element in try json.elements() {
      let piece = try element.object()
      if let part = try piece.optional("Sequence")?.object() {
        let id = try part.required("id")
        guard let index = texts.firstIndex(of: try id.string()) else { throw id.wrong(expected) }
        parts.append(.sequence(isSecond: index == 1, typeID: try typeID(part)))
      } else {
        let part = try piece.required("SpecialToken").object()
        let name = try part.required("id").string()
        guard let list = tokens[name] else { throw .missingToken(file: json.file, token: name) }
        parts.append(.special(tokens: list, typeID: try typeID(part)))
      }
      added += parts.last?.addedCount ?? 0
      guard added <= mostAdded else { throw json.wrong(.fewSpecialTokens) }
    }
    return parts
  }

  /// The most special tokens that a template adds to a text.
  private static let mostAdded = 10_000

  private static func typeID(_ json: JSONObject) throws(TokenizerError) -> Int32 {
    let number = try json.integer("type_id", default: 0)
    guard let typeID = Int32(exactly: number) else { throw json.wrong(.number) }
    return typeID
  }

  package func layout(isPair: Bool, special: Bool) -> [LayoutPart] {
    let layout = isPair ? pair : single
    return special ? layout : layout.filter { $0.addedCount == 0 }
  }
}
