import Foundation

extension TokenizerFile {
  /// SentencePiece's stages as a class of tokenizers uses them: with its special tokens, ids and extra pieces.
  init(
    _ model: SentencePieceModel, _ conventions: TokenizerConventions, _ configuration: TokenizerConfiguration,
    name: String
  ) throws(TokenizerError) {
    var model = conventions.followsFairseq ? model.inFairseqOrder() : model
    if conventions.extraTokens > 0, configuration.added.isEmpty {
      for number in (0..<conventions.extraTokens).reversed() {
        model.append("<extra_id_\(number)>", kind: .control)
      }
    }
    var added = configuration.added
    for token in added where token.id == model.texts.count { model.append(token.content, kind: .control) }
    let texts = model.texts
    let ids = Dictionary((0..<texts.count).map { (Array(texts[$0]), $0) }) { first, _ in first }
    let file = try TokenizerFile(
      model,
      postProcessor: try conventions.postProcessor(configuration, file: name) { text in
        ids[Array(text.utf8)] ?? added.first { $0.content == text }?.id
      }, name: name)
    added += file.added.filter { own in !added.contains { $0.id == own.id } }
    self.init(
      subword: file.subword, added: added,
      stages: conventions.simplifies ? file.stages.simplified(configuration) : file.stages,
      postProcessor: file.postProcessor, decoder: file.decoder)
  }
}

extension SentencePieceModel {
  fileprivate mutating func append(_ text: String, kind: PieceKind) {
    texts.append(text.utf8)
    scores.append(0)
    kinds.append(kind)
  }

  /// The pieces with fairseq's special ones first and `<mask>` last. Its first three are the same under other ids.
  fileprivate func inFairseqOrder() -> SentencePieceModel {
    var model = self
    (model.texts, model.scores, model.kinds) = (PackedTexts(), [], [])
    for (text, kind) in [("<s>", .control), ("<pad>", .control), ("</s>", .control), ("<unk>", .unknown)]
      as [(String, PieceKind)]
    {
      model.append(text, kind: kind)
    }
    for id in kinds.indices.dropFirst(3) {
      model.texts.append(texts[id])
      model.scores.append(scores[id])
      model.kinds.append(kinds[id])
    }
    model.append("<mask>", kind: .control)
    return model
  }
}

extension Stages {
  /// With accents and letters' case dropped first, and quotes made plain, as ALBERT does.
  fileprivate func simplified(_ configuration: TokenizerConfiguration) -> Stages {
    var stages: [any Normalizer] = [
      Replace(pattern: Pattern(literal: "``"), content: "\""), Replace(pattern: Pattern(literal: "''"), content: "\""),
    ]
    if !configuration.keepsAccents { stages += [UnicodeForm.compatiblyDecomposed, StripAccents()] as [any Normalizer] }
    if configuration.lowercases { stages.append(Lowercase()) }
    return Stages(normalizer: NormalizerSequence(stages + [normalizer]), preTokenizer: preTokenizer)
  }
}

extension TokenizerFile {
  /// Marian's stages: SentencePiece cuts the text, and vocab.json has the ids. A piece that it lacks is not used.
  init(
    marian data: Data, name: String, vocabulary file: Data, _ configuration: TokenizerConfiguration
  ) throws(TokenizerError) {
    let source = try SentencePieceModel(data, file: name)
    let vocabulary = try Vocabulary(
      try PieceList(try JSONSlice(file, file: "vocab.json")), elsewhere: [], file: "vocab.json")
    let pieces = try Vocabulary(source.texts, file: name)
    var model = source
    (model.texts, model.scores, model.kinds) = (PackedTexts(), [], [])
    for id in 0..<vocabulary.count {
      let text = vocabulary.piece(of: id) ?? ""
      let found = pieces.id(of: text)
      model.texts.append(text.utf8)
      model.scores.append(found.map { source.scores[$0] } ?? 0)
      let isCode = text.hasPrefix(">>") && text.hasSuffix("<<")
      model.kinds.append(
        found.map { source.kinds[$0] } ?? (source.specialNames.values.contains(text) || isCode ? .control : .unused))
    }
    try self.init(
      model,
      postProcessor: try TokenizerConventions(layout: .end).postProcessor(configuration, file: "vocab.json") {
        vocabulary.id(of: $0)
      }, name: "vocab.json")
  }
}
