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
    "BertNormalizer": { json throws(TokenizerError) in try BertNormalizer(json) },
    "Lowercase": { _ throws(TokenizerError) in Lowercase() },
    "Strip": { json throws(TokenizerError) in try Strip(json) },
    "StripAccents": { _ throws(TokenizerError) in StripAccents() },
    "Replace": { json throws(TokenizerError) in try Replace(json) },
    "Prepend": { json throws(TokenizerError) in try Prepend(json) },
    "Precompiled": { json throws(TokenizerError) in try Precompiled(json) },
    "ByteLevel": { _ throws(TokenizerError) in ByteLevelNormalizer() },
    "Nmt": { _ throws(TokenizerError) in Nmt() },
    "Sequence": { json throws(TokenizerError) in try NormalizerSequence(json) },
    "NFC": { _ throws(TokenizerError) in UnicodeForm.canonicallyComposed },
    "NFD": { _ throws(TokenizerError) in UnicodeForm.canonicallyDecomposed },
    "NFKC": { _ throws(TokenizerError) in UnicodeForm.compatiblyComposed },
    "NFKD": { _ throws(TokenizerError) in UnicodeForm.compatiblyDecomposed },
  ]
  package static let preTokenizers: [String: Factory<any PreTokenizer>] = [
    "BertPreTokenizer": { _ throws(TokenizerError) in BertPreTokenizer() },
    "ByteLevel": { json throws(TokenizerError) in try ByteLevel(json) },
    "Metaspace": { json throws(TokenizerError) in try Metaspace(json) },
    "Whitespace": { _ throws(TokenizerError) in Whitespace() },
    "WhitespaceSplit": { _ throws(TokenizerError) in WhitespaceSplit() },
    "Punctuation": { json throws(TokenizerError) in try Punctuation(json) },
    "Digits": { json throws(TokenizerError) in try Digits(json) },
    "CharDelimiterSplit": { json throws(TokenizerError) in try CharDelimiterSplit(json) },
    "Split": { json throws(TokenizerError) in try Split(json) },
    "UnicodeScripts": { _ throws(TokenizerError) in UnicodeScripts() },
    "FixedLength": { json throws(TokenizerError) in try FixedLength(json) },
    "Sequence": { json throws(TokenizerError) in try PreTokenizerSequence(json) },
  ]
  package static let subwords: [String: SubwordFactory] = [
    "WordPiece": { json, context throws(TokenizerError) in try WordPiece(json, context) },
    "BPE": { json, context throws(TokenizerError) in try BPE(json, context) },
    "Unigram": { json, context throws(TokenizerError) in try Unigram(json, context) },
    "WordLevel": { json, context throws(TokenizerError) in try WordLevel(json, context) },
  ]
  package static let postProcessors: [String: Factory<any PostProcessor>] = [
    "TemplateProcessing": { json throws(TokenizerError) in try TemplateProcessing(json) },
    "BertProcessing": { json throws(TokenizerError) in try BertProcessing(json) },
    "RobertaProcessing": { json throws(TokenizerError) in try RobertaProcessing(json) },
    "ByteLevel": { json throws(TokenizerError) in try ByteLevelProcessing(json) },
    "Sequence": { json throws(TokenizerError) in try PostProcessorSequence(json) },
  ]
  package static let decoders: [String: Factory<any PieceDecoder>] = [
    "WordPiece": { json throws(TokenizerError) in try WordPieceDecoder(json) },
    "ByteLevel": { _ throws(TokenizerError) in ByteLevelDecoder() },
    "Metaspace": { json throws(TokenizerError) in try MetaspaceDecoder(json) },
    "BPEDecoder": { json throws(TokenizerError) in try BPEDecoder(json) },
    "ByteFallback": { _ throws(TokenizerError) in ByteFallbackDecoder() },
    "Fuse": { _ throws(TokenizerError) in FuseDecoder() },
    "Strip": { json throws(TokenizerError) in try StripDecoder(json) },
    "Replace": { json throws(TokenizerError) in try ReplaceDecoder(json) },
    "CTC": { json throws(TokenizerError) in try CTCDecoder(json) },
    "Sequence": { json throws(TokenizerError) in try DecoderSequence(json) },
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

  init(
    subword: any Subword, added: [AddedToken], stages: Stages, postProcessor: any PostProcessor,
    decoder: any PieceDecoder
  ) {
    self.subword = subword
    self.added = added
    self.stages = stages
    self.postProcessor = postProcessor
    self.decoder = decoder
    truncation = nil
    padding = nil
  }

  init(_ data: Data, name: String) throws(TokenizerError) {
    let json = try JSONSlice(data, file: name).object()
    var added: [AddedToken] = []
    for entry in try json.optional("added_tokens")?.elements() ?? [] {
      added.append(try AddedToken(try entry.object()))
    }
    self.added = added
    let model = try json.required("model").object()
    let context = SubwordContext(addedIDs: Set(added.map(\.id)))
    subword = try StageTable.row(StageTable.subwords, for: model, default: Self.guessedKind(of: model))(
      model, context)
    stages = try Stages(json)
    postProcessor =
      try Self.stage(json, "post_processor", StageTable.postProcessors) ?? NoPostProcessor()
    decoder = try Self.stage(json, "decoder", StageTable.decoders) ?? SpacedDecoder()
    truncation =
      if let setting = try json.optional("truncation")?.object() { try Truncation(setting) } else { nil }
    padding =
      if let setting = try json.optional("padding")?.object() { try PaddingSetting(setting) } else { nil }
  }

  /// The kind of a model that an old file does not name, from its fields; nil where they do not tell.
  private static func guessedKind(of model: JSONObject) -> String? {
    if model.optional("merges") != nil { return "BPE" }
    if model.optional("vocab")?.kind == .array { return "Unigram" }
    return model.optional("max_input_chars_per_word") != nil ? "WordPiece" : nil
  }

  static func stage<Stage>(
    _ json: JSONObject, _ key: String, _ table: [String: StageTable.Factory<Stage>]
  ) throws(TokenizerError) -> Stage? {
    guard let part = try json.optional(key)?.object() else { return nil }
    return try StageTable.row(table, for: part)(part)
  }
}

extension Stages {
  /// Reads the stages before the model from a tokenizer.json.
  init(_ json: JSONObject) throws(TokenizerError) {
    self.init(
      normalizer: try TokenizerFile.stage(json, "normalizer", StageTable.normalizers) ?? NoNormalizer(),
      preTokenizer: try TokenizerFile.stage(json, "pre_tokenizer", StageTable.preTokenizers) ?? NoPreTokenizer())
  }
}
