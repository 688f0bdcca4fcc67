import Foundation

extension Tokenizer {
  /// A tokenizer from what a GGUF file says of one; `name` is what errors call the file.
  ///
  /// Throws `unknownKind` for a model or a splitting that is not in the tables, and what the lists throw.
  package convenience init(gguf vocabulary: GGUFVocabulary, name: String) throws(TokenizerError) {
    try vocabulary.check(name)
    guard let kind = GGUFVocabulary.models[vocabulary.model] else {
      throw .unknownKind(file: name, stage: "tokenizer.ggml.model", kind: vocabulary.model)
    }
    var complete = vocabulary
    kind.fill(&complete)
    try self.init(
      try kind.file(complete, name), name: name, configuration: complete.configuration, files: [])
  }
}

extension GGUFVocabulary {
  /// What a kind of model takes for granted, and how it becomes stages.
  struct Model: Sendable {
    let fill: @Sendable (inout GGUFVocabulary) -> Void
    let file: @Sendable (GGUFVocabulary, String) throws(TokenizerError) -> TokenizerFile
  }

  /// The kinds of tokenizer; a new one is a new row. What is taken for granted is what llama.cpp does.
  static let models: [String: Model] = [
    "gpt2": Model(
      fill: { _ in },
      file: { vocabulary, name throws(TokenizerError) in try TokenizerFile(byteLevel: vocabulary, name: name) }),
    "gemma4": Model(
      fill: { $0.pre = "gemma4" },
      file: { vocabulary, name throws(TokenizerError) in try TokenizerFile(byteLevel: vocabulary, name: name) }),
    "bert": Model(
      fill: {
        $0.setIDs(beginning: 101, unknown: 100, separator: 102, padding: 0, mask: 103)
        $0.classifier = $0.classifier ?? $0.beginning
        $0.addsBeginning = $0.addsBeginning ?? true
      },
      file: { vocabulary, name throws(TokenizerError) in try TokenizerFile(wordPiece: vocabulary, name: name) }),
    "llama": Model(
      fill: {
        $0.setIDs(beginning: 1, end: 2, unknown: 0)
        $0.addsBeginning = $0.addsBeginning ?? true
        $0.addsSpacePrefix = $0.addsSpacePrefix ?? true
      },
      file: { vocabulary, name throws(TokenizerError) in try TokenizerFile(pieces: vocabulary, .pairs, name: name) }),
    "t5": Model(
      fill: {
        $0.setIDs(end: 1, unknown: 2, padding: 0)
        $0.addsEnd = $0.addsEnd ?? true
        $0.addsSpacePrefix = $0.addsSpacePrefix ?? true
        $0.removesExtraSpaces = $0.removesExtraSpaces ?? true
      },
      file: { vocabulary, name throws(TokenizerError) in try TokenizerFile(pieces: vocabulary, .unigram, name: name) }),
  ]

  /// Sets ids that the file does not give, where there is such a piece.
  private mutating func setIDs(
    beginning: Int? = nil, end: Int? = nil, unknown: Int? = nil, separator: Int? = nil, padding: Int? = nil,
    mask: Int? = nil
  ) {
    let count = tokens.count
    func there(_ id: Int?) -> Int? { id.flatMap { $0 < count ? $0 : nil } }
    self.beginning = self.beginning ?? there(beginning)
    self.end = self.end ?? there(end)
    self.unknown = self.unknown ?? there(unknown)
    self.separator = self.separator ?? there(separator)
    self.padding = self.padding ?? there(padding)
    self.mask = self.mask ?? there(mask)
  }

  fileprivate func special(_ id: Int?) -> LayoutPart.SpecialToken? {
    guard let id, let text = tokens.text(id) else { return nil }
    return .init(id: id, text: text)
  }

  /// The beginning token before and the end token after a sequence, as far as they are asked for.
  fileprivate func affixes(addsBeginning: Bool, addsEnd: Bool) -> any PostProcessor {
    let before = addsBeginning ? special(beginning) : nil
    let after = addsEnd ? special(end) : nil
    guard before != nil || after != nil else { return NoPostProcessor() }
    return TemplateProcessing(before: before.map { [$0] } ?? [], after: after.map { [$0] } ?? [])
  }
}

extension TokenizerFile {
  /// Byte-level BPE, or BPE on characters, as `pre` says.
  fileprivate init(byteLevel vocabulary: GGUFVocabulary, name: String) throws(TokenizerError) {
    let pre = vocabulary.pre ?? "default"
    guard let splitting = GGUFSplitting.byName[pre] else {
      throw .unknownKind(file: name, stage: "tokenizer.ggml.pre", kind: pre)
    }
    let pieces = try Vocabulary(vocabulary.tokens, file: name)
    let merges = try MergeList(vocabulary.merges, file: name)
    var settings = BPE.Settings()
    settings.ignoresMerges = splitting.ignoresMerges
    settings.fallsBackToBytes = !splitting.isByteLevel
    var stages: [any PreTokenizer] = []
    for source in splitting.patterns {
      stages.append(Split(pattern: try Pattern(expression: source, file: name), behavior: .isolated))
    }
    if splitting.isByteLevel { stages.append(ByteLevel(addsPrefixSpace: false, splits: false)) }
    let postProcessor: any PostProcessor
    if vocabulary.addsSeparator ?? splitting.addsSeparator, let first = vocabulary.special(vocabulary.beginning),
      let last = vocabulary.special(vocabulary.separator ?? vocabulary.end)
    {
      postProcessor = RobertaProcessing(separator: last, classifier: first, trimming: nil)
    } else {
      postProcessor = vocabulary.affixes(
        addsBeginning: vocabulary.addsBeginning ?? splitting.addsBeginning, addsEnd: vocabulary.addsEnd ?? false)
    }
    self.init(
      subword: try BPE(
        vocabulary: pieces, merges: try merges.table(pieces, prefixLength: 0, file: name), settings: settings,
        file: name),
      added: vocabulary.addedTokens { $0 == .control || $0 == .unknown || $0 == .userDefined },
      stages: Stages(
        normalizer: splitting.isByteLevel ? NoNormalizer() : Replace(pattern: Pattern(literal: " "), content: "▁"),
        preTokenizer: PreTokenizerSequence(stages)),
      postProcessor: postProcessor,
      decoder: splitting.isByteLevel
        ? ByteLevelDecoder() : DecoderSequence([ReplaceDecoder("▁", by: " "), ByteFallbackDecoder(), FuseDecoder()]))
  }

  /// BERT's stages. In the file, `▁` starts a piece that starts a word, and nothing one that goes on with it.
  fileprivate init(wordPiece vocabulary: GGUFVocabulary, name: String) throws(TokenizerError) {
    var texts = PackedTexts()
    let mark = Array("▁".utf8)
    for id in 0..<vocabulary.tokens.count {
      let text = vocabulary.tokens[id]
      if text.starts(with: mark) {
        texts.append(text.dropFirst(mark.count))
      } else {
        texts.append((vocabulary.kind(of: id) == .normal && !Self.isBracketed(text) ? Array("##".utf8) : []) + text)
      }
    }
    guard let unknown = vocabulary.special(vocabulary.unknown),
      let separator = vocabulary.special(vocabulary.separator),
      let classifier = vocabulary.special(vocabulary.classifier)
    else { throw .missingToken(file: name, token: "[UNK]") }
    var added = vocabulary.addedTokens { $0 == .control || $0 == .unknown || $0 == .userDefined }
    for token in [unknown, separator, classifier] where !added.contains(where: { $0.id == token.id }) {
      added.append(AddedToken(id: token.id, content: token.text))
    }
    let lowercases = vocabulary.lowercases ?? true
    self.init(
      subword: try WordPiece(
        vocabulary: try Vocabulary(texts, file: name), unknown: unknown.text, prefix: "##", maximumScalars: 100,
        file: name),
      added: added,
      stages: Stages(
        normalizer: BertNormalizer(
          cleansText: true, separatesIdeographs: true, stripsAccents: vocabulary.stripsAccents,
          lowercases: lowercases),
        preTokenizer: BertPreTokenizer()),
      postProcessor: vocabulary.addsBeginning == true
        ? BertProcessing(separator: separator, classifier: classifier) : NoPostProcessor(),
      decoder: WordPieceDecoder())
  }

  /// Whether a piece stands in brackets, as BERT's special and unused tokens do.
  private static func isBracketed(_ text: ArraySlice<UInt8>) -> Bool {
    text.count > 2 && text.first == UInt8(ascii: "[") && text.last == UInt8(ascii: "]")
  }

  /// SentencePiece's stages.
  fileprivate init(
    pieces vocabulary: GGUFVocabulary, _ algorithm: SentencePieceModel.Algorithm, name: String
  ) throws(TokenizerError) {
    var model = SentencePieceModel(algorithm)
    for id in 0..<vocabulary.tokens.count {
      let kind = vocabulary.kind(of: id)
      let text = vocabulary.tokens[id]
      // Files write a space in pieces that are found as they stand, and the mark for one in all others.
      model.texts.append(kind == .userDefined ? Array(text).replacing([32], with: Array("▁".utf8)) : Array(text))
    }
    model.kinds = (0..<vocabulary.tokens.count).map { vocabulary.kind(of: $0) }
    model.scores =
      vocabulary.scores.isEmpty
      ? Array(repeating: 0, count: model.kinds.count)
      : vocabulary.scores.map { $0.isNaN ? -.greatestFiniteMagnitude : $0 }
    model.addsPrefix = vocabulary.addsSpacePrefix ?? true
    model.removesExtraSpaces = vocabulary.removesExtraSpaces ?? false
    model.characterMap = vocabulary.characterMap
    try self.init(
      model,
      postProcessor: vocabulary.affixes(
        addsBeginning: vocabulary.addsBeginning ?? false, addsEnd: vocabulary.addsEnd ?? false),
      name: name)
  }
}
