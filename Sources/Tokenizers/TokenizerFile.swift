import Foundation

/// What a subword model's factory needs beside its own part of the file.
package struct SubwordContext: Sendable {
  /// The ids that added tokens take.
  var addedIDs: Set<Int>
}

/// The kinds of each stage that a tokenizer.json may name, and what makes them. A new kind is a new row.
package enum StageTable {
  package typealias Factory<Stage> = @Sendable (JSONObject) throws(TokenizerError) -> Stage
  package typealias SubwordFactory =
    @Sendable (JSONObject, SubwordContext) throws(TokenizerError) -> any Subword

  package static let normalizers: [String: Factory<any Normalizer>] = [
    "BertNormalizer": { json throws(TokenizerError) in try BertNormalizer(json) }
  ]
  package static let preTokenizers: [String: Factory<any PreTokenizer>] = [
    "BertPreTokenizer": { _ throws(TokenizerError) in BertPreTokenizer() }
  ]
  package static let subwords: [String: SubwordFactory] = [
    "WordPiece": { json, context throws(TokenizerError) in try WordPiece(json, context) }
  ]
  package static let postProcessors: [String: Factory<any PostProcessor>] = [
    "TemplateProcessing": { json throws(TokenizerError) in try TemplateProcessing(json) },
    "BertProcessing": { json throws(TokenizerError) in try BertProcessing(json) },
  ]
  package static let decoders: [String: Factory<any PieceDecoder>] = [
    "WordPiece": { json throws(TokenizerError) in try WordPieceDecoder(json) }
  ]

  /// The row for the `type` of a part of the file. Throws `unknownKind`.
  static func row<Factory>(
    _ table: [String: Factory], for json: JSONObject, default kind: String? = nil
  ) throws(TokenizerError) -> Factory {
    let kind =
      if let kind { try json.string("type", default: kind) } else { try json.required("type").string() }
    guard let factory = table[kind] else {
      throw .unknownKind(file: json.file, stage: json.path, kind: kind)
    }
    return factory
  }
}

/// A tokenizer.json read into stages.
struct TokenizerFile {
  let subword: any Subword
  let added: [AddedToken]
  let stages: Stages
  let postProcessor: any PostProcessor
  let decoder: any PieceDecoder
  let truncation: Truncation?
  let padding: PaddingSetting?

  init(_ data: Data, name: String) throws(TokenizerError) {
    let json = try JSONSlice(data, file: name).object()
    var added: [AddedToken] = []
    for entry in try json.optional("added_tokens")?.elements() ?? [] {
      added.append(try AddedToken(try entry.object()))
    }
    self.added = added
    let model = try json.required("model").object()
    let context = SubwordContext(addedIDs: Set(added.map(\.id)))
    subword = try StageTable.row(StageTable.subwords, for: model)(model, context)
    stages = Stages(
      normalizer: try Self.stage(json, "normalizer", StageTable.normalizers) ?? NoNormalizer(),
      preTokenizer: try Self.stage(json, "pre_tokenizer", StageTable.preTokenizers)
        ?? NoPreTokenizer())
    postProcessor =
      try Self.stage(json, "post_processor", StageTable.postProcessors) ?? NoPostProcessor()
    decoder = try Self.stage(json, "decoder", StageTable.decoders) ?? SpacedDecoder()
    truncation =
      if let setting = try json.optional("truncation")?.object() { try Truncation(setting) } else { nil }
    padding =
      if let setting = try json.optional("padding")?.object() { try PaddingSetting(setting) } else { nil }
  }

  private static func stage<Stage>(
    _ json: JSONObject, _ key: String, _ table: [String: StageTable.Factory<Stage>]
  ) throws(TokenizerError) -> Stage? {
    guard let part = try json.optional(key)?.object() else { return nil }
    return try StageTable.row(table, for: part)(part)
  }
}

/// The padding that a tokenizer.json asks for; the engine never pads.
package struct PaddingSetting: Equatable, Sendable {
  /// The length that everything is padded to; nil for the longest of a batch.
  package var fixedLength: Int?
  package var id: Int
  package var token: String

  init(_ json: JSONObject) throws(TokenizerError) {
    id = try json.integer("pad_id", default: 0)
    token = try json.string("pad_token", default: "[PAD]")
    if let strategy = json.optional("strategy"), strategy.kind == .object {
      fixedLength = try strategy.object().optional("Fixed")?.integer()
    }
  }
}
