import Checkpoints
import Foundation
import Tokenizers

extension Tokenizer {
  /// The tokenizer inside a GGUF file.
  /// - Throws: `GGUFError`, `TokenizerError`
  package convenience init(gguf file: GGUFFile) throws {
    try self.init(gguf: try GGUFVocabulary(file), name: file.url.path)
  }
}

extension GGUFVocabulary {
  /// Reads the keys `tokenizer.ggml.*` and `tokenizer.chat_template`.
  /// - Throws: `GGUFError` where the file names no tokenizer, or a value is of another kind
  init(_ file: GGUFFile) throws(GGUFError) {
    func value<Value>(
      _ key: String, _ expected: String, _ read: (GGUFValue) -> Value?
    ) throws(GGUFError) -> Value? {
      try file.value("tokenizer.ggml." + key, expected, read)
    }
    self.init(model: try file.require("tokenizer.ggml.model", "a text", \.text))
    pre = try value("pre", "a text", \.text)
    tokens = PackedTexts(try value("tokens", "a list of texts", \.texts) ?? [])
    merges = PackedTexts(try value("merges", "a list of texts", \.texts) ?? [])
    scores = try value("scores", "a list of numbers", \.numbers)?.map { Float($0) } ?? []
    kinds = try value("token_type", "a list of whole numbers", \.integers)?.map { Int32(truncatingIfNeeded: $0) } ?? []
    characterMap =
      try value("precompiled_charsmap", "a list of bytes", \.integers)?.map { UInt8(truncatingIfNeeded: $0) } ?? []
    chatTemplate = try file.value("tokenizer.chat_template", "a text", \.text)
    for (key, place) in Self.ids { self[keyPath: place] = try value(key, "a whole number", \.integer) }
    for (key, place) in Self.choices { self[keyPath: place] = try value(key, "true or false", \.truth) }
  }

  /// Where the special ids stand. The separator's key is misspelt in the format.
  static let ids: [(key: String, place: WritableKeyPath<GGUFVocabulary, Int?> & Sendable)] = [
    ("bos_token_id", \.beginning), ("eos_token_id", \.end), ("unknown_token_id", \.unknown),
    ("seperator_token_id", \.separator), ("padding_token_id", \.padding), ("cls_token_id", \.classifier),
    ("mask_token_id", \.mask),
  ]

  private static let choices: [(key: String, place: WritableKeyPath<GGUFVocabulary, Bool?> & Sendable)] = [
    ("add_bos_token", \.addsBeginning), ("add_eos_token", \.addsEnd), ("add_sep_token", \.addsSeparator),
    ("add_space_prefix", \.addsSpacePrefix), ("remove_extra_whitespaces", \.removesExtraSpaces),
    ("normalizer.lowercase", \.lowercases), ("normalizer.strip_accents", \.stripsAccents),
  ]
}
