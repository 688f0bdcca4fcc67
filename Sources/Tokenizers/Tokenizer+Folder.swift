import Foundation

extension Tokenizer {
  /// A tokenizer from a file or from a folder, whichever the place is.
  ///
  /// A file's name tells what it is: `.model` and `.spm` are SentencePiece's, `.txt` is BERT's list of pieces, vocab.json
  /// and merges.txt belong together, and anything else is a tokenizer.json.
  package convenience init(at place: URL) throws(TokenizerError) {
    if (try? place.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true {
      try self.init(folder: place)
      return
    }
    guard let data = try? Data(contentsOf: place) else { throw .unreadable(file: place.path) }
    let name = place.path
    if ["vocab.json", "merges.txt"].contains(place.lastPathComponent) {
      try self.init(
        folder: place.deletingLastPathComponent(),
        formats: TokenizerFormat.all.filter { $0.names.contains(place.lastPathComponent) })
    } else if ["model", "spm"].contains(place.pathExtension) {
      try self.init(sentencePiece: data, name: name)
    } else if place.pathExtension == "txt" {
      try self.init(
        TokenizerFile(vocabulary: data, name: name, .init()), name: name, configuration: .init(),
        files: [("vocab.txt", data)])
    } else {
      try self.init(json: data, name: name)
    }
  }

  /// A tokenizer from the bytes of a SentencePiece `.model`. It adds no special tokens: the file does not say which.
  package convenience init(sentencePiece data: Data, name: String) throws(TokenizerError) {
    let model = try SentencePieceModel(data, file: name)
    try self.init(
      TokenizerFile(model, postProcessor: NoPostProcessor(), name: name), name: name,
      configuration: .init(specialTokens: model.specialNames), files: [("tokenizer.model", data)])
  }

  /// A tokenizer from a model's folder, from the first of `TokenizerFormat.all` whose files are there.
  ///
  /// Throws `noTokenizer` where the folder has none, `unreadable` where a file cannot be read.
  package convenience init(folder: URL) throws(TokenizerError) {
    try self.init(folder: folder, formats: TokenizerFormat.all)
  }

  /// The tokenizer of what a pair writes, where the folder has another for that than for what it reads (Marian).
  package static func ofTarget(in folder: URL) throws(TokenizerError) -> Tokenizer? {
    guard try read("target.spm", in: folder) != nil, try read("tokenizer.json", in: folder) == nil,
      try read("vocab.json", in: folder) != nil
    else { return nil }
    return try Tokenizer(folder: folder, formats: TokenizerFormat.targets)
  }

  private convenience init(folder: URL, formats: [TokenizerFormat]) throws(TokenizerError) {
    let configurationFile = try Self.read("tokenizer_config.json", in: folder)
    let mapFile = try Self.read("special_tokens_map.json", in: folder)
    let addedFile = try Self.read("added_tokens.json", in: folder)
    var configuration = try TokenizerConfiguration(configurationFile, mapFile, added: addedFile)
    configuration.modelType = try Self.read("config.json", in: folder).flatMap { data throws(TokenizerError) in
      try JSONSlice(data, file: "config.json").object().optional("model_type")?.string()
    }
    let templateFile = try Self.read("chat_template.jinja", in: folder)
    if let templateFile { configuration.chatTemplates["default"] = String(decoding: templateFile, as: UTF8.self) }
    for format in formats {
      var files: [(name: String, data: Data)] = []
      for name in format.names {
        if let data = try Self.read(name, in: folder) { files.append((name, data)) }
      }
      guard files.count == format.names.count else { continue }
      let file = try format.read(files.map(\.data), format.names, &configuration)
      let others = [
        ("tokenizer_config.json", configurationFile), ("special_tokens_map.json", mapFile),
        ("added_tokens.json", addedFile), ("chat_template.jinja", templateFile),
        ("target.spm", format.names.contains("source.spm") ? try Self.read("target.spm", in: folder) : nil),
      ]
      for (name, data) in others { if let data { files.append((name, data)) } }
      try self.init(file, name: format.names[0], configuration: configuration, files: files)
      return
    }
    throw .noTokenizer(folder: folder.path)
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
