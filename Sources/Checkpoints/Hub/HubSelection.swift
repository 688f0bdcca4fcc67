/// Which files of a model are fetched: what the engine reads, what Python needs beside it, in one form and no second.
enum HubSelection {
  /// Everything small by which a model, its tokenizer and its card are known.
  private static let small: Set<String> = Set(
    [
      "config.json", "generation_config.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
      "target.spm", "chat_template.jinja", "chat_template.json", "README.md", "modules.json",
      "config_sentence_transformers.json", "sentence_bert_config.json", "1_Pooling/config.json",
    ] + RepositoryFiles.tokenizerForms.joined())

  /// The first form of weights that is complete wins: safetensors before PyTorch's, a model before an adapter, GGUF last.
  static func choose(from all: [HubFile], for name: HubName) throws(PullFailure) -> [HubFile] {
    var files: [String: HubFile] = [:]
    for file in all where files[file.path] == nil { files[file.path] = file }
    let weights = try weights(files, name)
    let beside = small.compactMap { files[$0] }.sorted { $0.path < $1.path }
    return beside + weights
  }

  private static func weights(_ files: [String: HubFile], _ name: HubName) throws(PullFailure) -> [HubFile] {
    if let wanted = name.file {
      guard let file = files[wanted] else { throw .noFile(name, file: wanted) }
      return [file]
    }
    let safetensors = model("model", ".safetensors", files)
    if !safetensors.isEmpty { return safetensors }
    if let configuration = files["adapter_config.json"] {
      for form in ["adapter_model.safetensors", "adapter_model.bin"] {
        if let weights = files[form] { return [configuration, weights] }
      }
    }
    let pytorch = model("pytorch_model", ".bin", files)
    if !pytorch.isEmpty { return pytorch }
    let gguf = files.values.filter { isPlain($0.path, ending: ".gguf") }.sorted { $0.path < $1.path }
    guard gguf.count <= 1 else { throw .several(name, files: gguf.map(\.path)) }
    guard gguf.isEmpty else { return gguf }
    let other = files.keys.filter { path in others.contains { path.hasSuffix($0) } }.sorted()
    throw .nothingReadable(name, found: other)
  }

  private static let others = [
    ".h5", ".msgpack", ".onnx", ".ot", ".pt", ".pth", ".bin", ".safetensors", ".gguf", ".ckpt",
  ]

  /// The whole file, or the index with every shard that belongs to it.
  private static func model(_ stem: String, _ ending: String, _ files: [String: HubFile]) -> [HubFile] {
    if let whole = files[stem + ending] { return [whole] }
    guard let index = files["\(stem)\(ending).index.json"] else { return [] }
    let shards = files.values.filter { isShard($0.path, stem, ending) }.sorted { $0.path < $1.path }
    return shards.isEmpty ? [] : [index] + shards
  }

  /// `model-00001-of-00002.safetensors`
  private static func isShard(_ path: String, _ stem: String, _ ending: String) -> Bool {
    guard path.hasPrefix(stem + "-"), path.hasSuffix(ending) else { return false }
    let parts = path.dropFirst(stem.utf8.count + 1).dropLast(ending.utf8.count).split(separator: "-")
    return parts.count == 3 && parts[1] == "of" && Int(parts[0]) != nil && Int(parts[2]) != nil
      && HubCache.isSafeName(path[...])
  }

  private static func isPlain(_ path: String, ending: String) -> Bool {
    path.lowercased().hasSuffix(ending) && HubCache.isSafeName(path[...])
  }
}
