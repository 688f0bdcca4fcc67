import Foundation

/// What tokenizer_config.json and special_tokens_map.json say.
struct TokenizerConfiguration {
  var specialTokens: [String: String] = [:]
  var modelMaximumLength: Int?
  var lowercases = true
  var stripsAccents: Bool?
  var separatesIdeographs = true
  var added: [AddedToken] = []
  /// The class that reads the files in Hugging Face's library, and the model's kind from config.json.
  var tokenizerClass: String?
  var modelType: String?
  var addsBeginning: Bool?
  var addsEnd: Bool?
  var addsPrefixSpace = false
  var keepsAccents = false
  /// The chat templates by name; the one that has none is `default`.
  var chatTemplates: [String: String] = [:]

  var conventions: TokenizerConventions { .named(tokenizerClass, modelType: modelType) }

  /// The length that stands for "no limit" in files, and everything above it, counts as none.
  private static let unlimited = 1e9

  init(specialTokens: [String: String] = [:]) { self.specialTokens = specialTokens }

  /// Reads the files of a folder that are there; the first one goes before the second.
  init(_ configuration: Data?, _ map: Data?, added file: Data? = nil) throws(TokenizerError) {
    if let map {
      let json = try JSONSlice(map, file: "special_tokens_map.json").object()
      try readSpecialTokens(json)
    }
    try readAdded(file)
    guard let configuration else { return }
    let json = try JSONSlice(configuration, file: "tokenizer_config.json").object()
    try readSpecialTokens(json)
    if let length = try json.optional("model_max_length")?.number(), length >= 1, length < Self.unlimited {
      modelMaximumLength = Int(length)
    }
    tokenizerClass = try json.optional("tokenizer_class")?.string()
    addsBeginning = try json.optional("add_bos_token")?.boolean()
    addsEnd = try json.optional("add_eos_token")?.boolean()
    addsPrefixSpace = try json.boolean("add_prefix_space", default: false)
    keepsAccents = try json.boolean("keep_accents", default: false)
    lowercases = try json.boolean("do_lower_case", default: true)
    stripsAccents = try json.optional("strip_accents")?.boolean()
    separatesIdeographs = try json.boolean("tokenize_chinese_chars", default: true)
    try readTemplates(json)
    for (key, entry) in try json.optional("added_tokens_decoder")?.members() ?? [] {
      guard let id = Int(key) else { throw entry.wrong(.number) }
      added.removeAll { $0.id == id }
      added.append(try AddedToken(try entry.object(), id: id))
    }
  }

  /// Reads a chat template, or a list of those with names.
  private mutating func readTemplates(_ json: JSONObject) throws(TokenizerError) {
    guard let value = json.optional("chat_template") else { return }
    guard value.kind == .array else {
      chatTemplates["default"] = try value.string()
      return
    }
    for element in try value.elements() {
      let entry = try element.object()
      chatTemplates[try entry.required("name").string()] = try entry.required("template").string()
    }
  }

  /// Reads added_tokens.json, which older folders have: an object from text to id.
  private mutating func readAdded(_ file: Data?) throws(TokenizerError) {
    guard let file else { return }
    for (text, id) in try JSONSlice(file, file: "added_tokens.json").members() {
      var token = AddedToken(id: try id.integer(), content: text)
      token.isSpecial = specialTokens.values.contains(text)
      added.append(token)
    }
    added.sort { $0.id < $1.id }
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
