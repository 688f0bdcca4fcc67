/// The tokenizer that a GGUF file carries in its metadata, as plain values; whoever reads the file fills them in.
///
/// A value that the file does not have stays nil or empty: what it then is follows from the model and `pre`.
/// Source: the GGUF specification's keys `tokenizer.ggml.*`.
package struct GGUFVocabulary: Sendable {
  /// `tokenizer.ggml.model`: which kind of tokenizer, as `gpt2`, `llama`, `bert` or `t5`.
  package var model: String
  /// `tokenizer.ggml.pre`: how a byte-level tokenizer splits a text into words, by the name of a published model.
  package var pre: String?
  /// `tokenizer.ggml.tokens`, by id.
  package var tokens = PackedTexts()
  /// `tokenizer.ggml.scores`, as many as tokens or none.
  package var scores: [Float] = []
  /// `tokenizer.ggml.token_type`, as many as tokens or none; see `PieceKind`.
  package var kinds: [Int32] = []
  /// `tokenizer.ggml.merges`: two pieces with a space between, in order.
  package var merges = PackedTexts()

  /// `tokenizer.ggml.bos_token_id` and the like.
  package var beginning: Int?
  package var end: Int?
  package var unknown: Int?
  package var separator: Int?
  package var padding: Int?
  package var classifier: Int?
  package var mask: Int?

  /// `tokenizer.ggml.add_bos_token`, `add_eos_token` and `add_sep_token`.
  package var addsBeginning: Bool?
  package var addsEnd: Bool?
  package var addsSeparator: Bool?
  /// `tokenizer.ggml.add_space_prefix` and `remove_extra_whitespaces`.
  package var addsSpacePrefix: Bool?
  package var removesExtraSpaces: Bool?
  /// `tokenizer.ggml.normalizer.lowercase` and `strip_accents`.
  package var lowercases: Bool?
  package var stripsAccents: Bool?
  /// `tokenizer.ggml.precompiled_charsmap`.
  package var characterMap: [UInt8] = []
  /// `tokenizer.chat_template`.
  package var chatTemplate: String?

  package init(model: String) { self.model = model }

  /// The kinds of tokenizer, and the names of splittings, that are known.
  package static var knownModels: [String] { models.keys.sorted() }
  package static var knownSplittings: [String] { GGUFSplitting.byName.keys.sorted() }
}

/// What a piece of a SentencePiece model, or of a GGUF file, is for. The raw values are those of both files.
package enum PieceKind: Int32, Sendable {
  case normal = 1, unknown, control, userDefined, unused, byte
}

extension GGUFVocabulary {
  /// The kind of a piece; one without a kind, or with one that nobody knows, is `normal`.
  func kind(of id: Int) -> PieceKind {
    kinds.indices.contains(id) ? PieceKind(rawValue: kinds[id]) ?? .normal : .normal
  }

  /// Throws `damaged` where the lists differ in length or a special id is no piece.
  func check(_ file: String) throws(TokenizerError) {
    guard !tokens.isEmpty else { throw .emptyVocabulary(file: file) }
    for (key, count) in [("scores", scores.count), ("token_type", kinds.count)] where count != 0 {
      guard count == tokens.count else {
        throw .damaged(
          file: file, problem: .wrongCount(list: "tokenizer.ggml." + key, found: count, expected: tokens.count))
      }
    }
    let ids = [beginning, end, unknown, separator, padding, classifier, mask]
    for id in ids.compactMap({ $0 }) where !(0..<tokens.count).contains(id) {
      throw .missingID(file: file, id: id)
    }
  }

  /// The special tokens' texts by their keys in a Hugging Face configuration.
  var configuration: TokenizerConfiguration {
    var configuration = TokenizerConfiguration()
    let ids: KeyValuePairs = [
      "bos_token": beginning, "eos_token": end, "unk_token": unknown, "sep_token": separator, "pad_token": padding,
      "cls_token": classifier, "mask_token": mask,
    ]
    for (key, id) in ids { configuration.specialTokens[key] = id.flatMap { tokens.text($0) } }
    if let chatTemplate { configuration.chatTemplates["default"] = chatTemplate }
    return configuration
  }

  /// The pieces that are found in a text as they stand, before the model sees it.
  func addedTokens(_ isAdded: (PieceKind) -> Bool) -> [AddedToken] {
    kinds.indices.compactMap { id in
      let kind = kind(of: id)
      guard isAdded(kind), let text = tokens.text(id) else { return nil }
      var token = AddedToken(id: id, content: text)
      token.isSpecial = kind != .userDefined
      return token
    }
  }
}
