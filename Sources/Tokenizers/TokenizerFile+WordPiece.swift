import Foundation

extension TokenizerFile {
  /// BERT's stages around the pieces of a vocab.txt.
  ///
  /// Throws `missingToken` where the vocabulary lacks one of the five special tokens.
  init(
    vocabulary data: Data, name: String, _ configuration: TokenizerConfiguration
  ) throws(TokenizerError) {
    let addedIDs = Set(configuration.added.map(\.id))
    let vocabulary = try Vocabulary(
      try PieceList(lines: [UInt8](data), file: name), elsewhere: addedIDs, file: name)
    var tokens: [String: LayoutPart.SpecialToken] = [:]
    var added = configuration.added
    for (_, key, names) in SpecialTokens.roles.prefix(5) {
      let token = configuration.specialTokens[key] ?? names[0]
      guard
        let id = vocabulary.id(of: token) ?? added.first(where: { $0.content == token })?.id
      else { throw .missingToken(file: name, token: token) }
      tokens[key] = .init(id: id, text: token)
      if !added.contains(where: { $0.id == id }) { added.append(AddedToken(id: id, content: token)) }
    }
    guard let unknown = tokens["unk_token"], let separator = tokens["sep_token"],
      let classifier = tokens["cls_token"]
    else { throw .missingToken(file: name, token: "[UNK]") }
    subword = try WordPiece(
      vocabulary: vocabulary, unknown: unknown.text, prefix: "##", maximumScalars: 100, file: name)
    self.added = added
    stages = Stages(
      normalizer: BertNormalizer(
        cleansText: true, separatesIdeographs: configuration.separatesIdeographs,
        stripsAccents: configuration.stripsAccents, lowercases: configuration.lowercases),
      preTokenizer: BertPreTokenizer())
    postProcessor = BertProcessing(separator: separator, classifier: classifier)
    decoder = WordPieceDecoder()
    truncation = nil
    padding = nil
  }
}
