import Foundation

/// The files of a model folder by what they are for; the raw value is the name on disk.
package enum RepositoryFile: String, CaseIterable, Sendable {
  case config = "config.json"
  case weights = "model.safetensors"
  case weightsIndex = "model.safetensors.index.json"
  case pytorchWeights = "pytorch_model.bin"
  case pytorchIndex = "pytorch_model.bin.index.json"
  case adapterConfig = "adapter_config.json"
  case adapterWeights = "adapter_model.safetensors"
  case pytorchAdapter = "adapter_model.bin"
  case tokenizer = "tokenizer.json"
  case vocabulary = "vocab.txt"
  case tokenizerConfig = "tokenizer_config.json"
  case specialTokens = "special_tokens_map.json"
  case generationConfig = "generation_config.json"
}

/// Which of its files a model folder has.
package struct RepositoryFiles: Sendable {
  package let folder: URL
  /// Weights in GGUF, which describe themselves: the only such file of the folder, or what stands for the folder.
  package let gguf: URL?
  /// A model in Marian's binary format, which describes itself, and a shortlist for it.
  package let marian: URL?
  package let shortlist: URL?

  /// - Parameter place: a folder, or a GGUF file, which is all that counts of its folder then
  package init(_ place: URL) {
    guard !RepositoryFiles.isGGUF(place.path) else {
      (folder, gguf, marian, shortlist) = (place, place, nil, nil)
      return
    }
    folder = place
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    func only(_ isWanted: (String) -> Bool) -> URL? {
      let found = names.filter(isWanted)
      return found.count == 1 ? place.appendingPathComponent(found[0]) : nil
    }
    gguf = only { RepositoryFiles.isGGUF(place.appendingPathComponent($0).path) }
    marian = only { $0.hasPrefix("model.") && $0.hasSuffix(".bin") }
    shortlist = only { $0.hasPrefix("lex.") && $0.hasSuffix(".bin") }
  }

  /// Whether it is a file of that kind, by its name.
  static func isGGUF(_ path: String) -> Bool {
    var status = stat()
    return path.lowercased().hasSuffix(".gguf") && stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  /// Where the file is; nil when the folder does not hold it.
  package subscript(_ file: RepositoryFile) -> URL? {
    var status = stat()
    let url = folder.appendingPathComponent(file.rawValue)
    return stat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? url : nil
  }

  /// Where the file is. Throws `missing` when there is no such folder, else `missingFromFolder`.
  package func require(_ file: RepositoryFile) throws(FileError) -> URL {
    if let url = self[file] { return url }
    var status = stat()
    guard stat(folder.path, &status) == 0 else { throw .missing(path: folder.path) }
    guard status.st_mode & S_IFMT == S_IFDIR else { throw .notAFolder(path: folder.path) }
    throw .missingFromFolder(folder: folder.path, file: file.rawValue)
  }

  /// The weights, in one file or as the index of several.
  package func requireWeights() throws(FileError) -> URL {
    if let file = self[.weights] ?? self[.weightsIndex] ?? self[.pytorchWeights] ?? self[.pytorchIndex] { return file }
    return try require(.weights)
  }

  /// Whether it holds what is added to another model, instead of a model.
  package var isAdapter: Bool { self[.adapterConfig] != nil && !hasWeights }

  /// Whether a model can be opened from here: a configuration, weights and a vocabulary; or an adapter.
  package var isComplete: Bool {
    if isAdapter { return (self[.adapterWeights] ?? self[.pytorchAdapter]) != nil }
    return hasModel
  }

  private var hasModel: Bool {
    if hasWeights { return self[.config] != nil && hasTokenizer }
    return gguf != nil || (marian != nil && self[.tokenizer] != nil)
  }

  /// The files that a tokenizer may lie in: all of one row.
  static let tokenizerForms = [
    ["tokenizer.json"], ["vocab.json", "source.spm"], ["vocab.json", "merges.txt"], ["tokenizer.model"],
    ["spiece.model"],
    ["sentencepiece.bpe.model"], ["sentencepiece.model"], ["spm.model"], ["vocab.txt"],
  ]

  package var hasTokenizer: Bool {
    RepositoryFiles.tokenizerForms.contains { names in
      names.allSatisfy { FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
    }
  }

  /// Whether something says what model it is: a configuration, or weights that carry one.
  package var describesItself: Bool { self[.config] != nil || gguf != nil || marian != nil }

  /// Weights in a form that transformers writes, which need a configuration beside them.
  package var hasWeights: Bool {
    (self[.weights] ?? self[.weightsIndex] ?? self[.pytorchWeights] ?? self[.pytorchIndex]) != nil
  }
}
