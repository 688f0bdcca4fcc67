import Foundation

extension Tokenizer {
  /// A tokenizer from a file or from a folder, whichever the place is.
  package convenience init(at place: URL) throws(TokenizerError) {
    if (try? place.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
      try self.init(folder: place)
    } else {
      guard let data = try? Data(contentsOf: place) else { throw .unreadable(file: place.path) }
      try self.init(json: data, name: place.path)
    }
  }

  /// A tokenizer from a model's folder: tokenizer.json, else vocab.txt with what tokenizer_config.json says.
  ///
  /// Throws `noTokenizer` where the folder has neither, `unreadable` where a file cannot be read.
  package convenience init(folder: URL) throws(TokenizerError) {
    let configurationFile = try Self.read("tokenizer_config.json", in: folder)
    let mapFile = try Self.read("special_tokens_map.json", in: folder)
    let configuration = try TokenizerConfiguration(configurationFile, mapFile)
    var files: [(name: String, data: Data)] = []
    let file: TokenizerFile
    let name: String
    if let json = try Self.read("tokenizer.json", in: folder) {
      name = "tokenizer.json"
      files.append((name, json))
      file = try TokenizerFile(json, name: name)
    } else if let vocabulary = try Self.read("vocab.txt", in: folder) {
      name = "vocab.txt"
      files.append((name, vocabulary))
      file = try TokenizerFile(vocabulary: vocabulary, name: name, configuration)
    } else {
      throw .noTokenizer(folder: folder.path)
    }
    if let configurationFile { files.append(("tokenizer_config.json", configurationFile)) }
    if let mapFile { files.append(("special_tokens_map.json", mapFile)) }
    try self.init(file, name: name, configuration: configuration, files: files)
  }

  private static func read(_ name: String, in folder: URL) throws(TokenizerError) -> Data? {
    let url = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    do {
      return try Data(contentsOf: url)
    } catch {
      throw .unreadable(file: name)
    }
  }
}

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
