import Foundation

extension GGUFVocabulary {
  /// A byte-level tokenizer's files as a GGUF file has them.
  ///
  /// Other kinds keep what llama.cpp needs in files of their own (`tokenizer.model`), and are not taken.
  /// - Parameter rows: of the model's word table; ids that no token has are filled with unused ones
  /// - Throws: `TokenizerError.unknownKind` for another kind of tokenizer, or a splitting that llama.cpp has no name for
  package init(_ tokenizer: Tokenizer, rows: Int) throws(TokenizerError) {
    let name = "tokenizer.json"
    guard let data = tokenizer.files.first(where: { $0.name == name })?.data,
      let file = try? JSONSerialization.jsonObject(with: data) as? [String: Any],
      let model = file["model"] as? [String: Any], let vocabulary = model["vocab"] as? [String: Int],
      let merges = model["merges"] as? [Any], model["byte_fallback"] as? Bool != true
    else { throw .unknownKind(file: name, stage: "model", kind: "other than byte-level BPE") }
    self.init(model: "gpt2")
    let patterns = Self.patterns(file["pre_tokenizer"] as? [String: Any])
    let ignoresMerges = model["ignore_merges"] as? Bool ?? false
    guard let patterns, let pre = GGUFSplitting.name(of: patterns, ignoresMerges: ignoresMerges) else {
      throw .unknownKind(file: name, stage: "pre_tokenizer", kind: "that llama.cpp has no name for")
    }
    self.pre = pre
    var texts = (0..<max(rows, (vocabulary.values.max() ?? 0) + 1)).map { "[PAD\($0)]" }
    var kinds = texts.map { _ in PieceKind.unused.rawValue }
    func set(_ id: Int, _ text: String, _ kind: PieceKind) {
      guard texts.indices.contains(id) else { return }
      (texts[id], kinds[id]) = (text, kind.rawValue)
    }
    for (text, id) in vocabulary { set(id, text, .normal) }
    for added in file["added_tokens"] as? [[String: Any]] ?? [] {
      guard let id = added["id"] as? Int, let text = added["content"] as? String else { continue }
      set(id, text, added["special"] as? Bool == true ? .control : .userDefined)
    }
    tokens = PackedTexts(texts)
    self.kinds = kinds
    self.merges = PackedTexts(
      merges.compactMap { ($0 as? [String])?.joined(separator: " ") ?? $0 as? String })
    let special = tokenizer.special
    (beginning, end, unknown, padding) = (special.beginning, special.end, special.unknown, special.padding)
    let sample = try tokenizer.encode("a").ids.map(Int.init)
    addsBeginning = beginning != nil && sample.first == beginning
    addsEnd = end != nil && sample.count > 1 && sample.last == end
    chatTemplate = tokenizer.chatTemplates["default"]
  }

  /// The patterns that a text is split by, one after the other; nil for a way that is none of patterns.
  private static func patterns(_ stage: [String: Any]?) -> [String]? {
    guard let stage, let type = stage["type"] as? String else { return nil }
    switch type {
    case "Sequence":
      var all: [String] = []
      for part in stage["pretokenizers"] as? [[String: Any]] ?? [] {
        guard let own = patterns(part) else { return nil }
        all += own
      }
      return all
    case "ByteLevel": return stage["use_regex"] as? Bool ?? true ? [GGUFSplitting.gpt2.patterns[0]] : []
    case "Digits": return stage["individual_digits"] as? Bool == true ? [#"\p{N}"#] : nil
    case "Split": return (stage["pattern"] as? [String: Any])?["Regex"].flatMap { $0 as? String }.map { [$0] }
    default: return nil
    }
  }
}

extension GGUFSplitting {
  /// llama.cpp's name for these patterns; nil where it has none.
  static func name(of patterns: [String], ignoresMerges: Bool) -> String? {
    rows.first {
      $0.splitting.patterns == patterns && $0.splitting.ignoresMerges == ignoresMerges && $0.splitting.isByteLevel
    }?.names.first
  }
}
