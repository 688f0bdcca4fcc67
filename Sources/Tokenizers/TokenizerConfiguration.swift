import Foundation

/// What tokenizer_config.json and special_tokens_map.json say.
struct TokenizerConfiguration {
  var specialTokens: [String: String] = [:]
  var modelMaximumLength: Int?
  var lowercases = true
  var stripsAccents: Bool?
  var separatesIdeographs = true
  var added: [AddedToken] = []

  /// The length that stands for "no limit" in files, and everything above it, counts as none.
  private static let unlimited = 1e9

  init() {}

  /// Reads the files of a folder that are there; the first one goes before the second.
  init(_ configuration: Data?, _ map: Data?) throws(TokenizerError) {
    if let map {
      let json = try JSONSlice(map, file: "special_tokens_map.json").object()
      try readSpecialTokens(json)
    }
    guard let configuration else { return }
    let json = try JSONSlice(configuration, file: "tokenizer_config.json").object()
    try readSpecialTokens(json)
    if let length = try json.optional("model_max_length")?.number(), length >= 1, length < Self.unlimited {
      modelMaximumLength = Int(length)
    }
    lowercases = try json.boolean("do_lower_case", default: true)
    stripsAccents = try json.optional("strip_accents")?.boolean()
    separatesIdeographs = try json.boolean("tokenize_chinese_chars", default: true)
    for (key, entry) in try json.optional("added_tokens_decoder")?.members() ?? [] {
      guard let id = Int(key) else { throw entry.wrong(.number) }
      added.append(try AddedToken(try entry.object(), id: id))
    }
  }

  /// Reads names that are given as text or as an object with `content`.
  private mutating func readSpecialTokens(_ json: JSONObject) throws(TokenizerError) {
    for (_, key, _) in SpecialTokens.roles {
      guard let value = json.optional(key) else { continue }
      specialTokens[key] =
        value.kind == .object ? try value.object().required("content").string() : try value.string()
    }
  }
}
