/// What a tokenizer's class means for the files that do not say it themselves: where special tokens go, and the like.
///
/// A tokenizer.json says all of it; vocab.json, merges.txt and `.model` files say none, and Hugging Face has it in code.
struct TokenizerConventions: Sendable {
  /// Where special tokens stand around a sequence.
  enum Layout: Sendable {
    case none
    /// `<s> A`; the end token after it where a configuration asks for it.
    case beginning
    /// `A </s>`
    case end
    /// `[CLS] A [SEP] B [SEP]`, the second of type 1.
    case classified
    /// `<s> A </s> </s> B </s>`
    case doubled
  }

  var layout = Layout.none
  /// The pattern that a byte-level text is split with.
  var words = GGUFSplitting.Words.gpt2
  /// Whether a byte-level text is composed first (Unicode's form C).
  var composes = false
  /// How many tokens `<extra_id_N>` go behind the pieces, the last of them first.
  var extraTokens = 0
  /// Whether accents and case are dropped before SentencePiece, unless a configuration says otherwise.
  var simplifies = false
  /// Whether ids follow fairseq's: `<s>`, `<pad>`, `</s>`, `<unk>`, then the pieces after their first three, then `<mask>`.
  var followsFairseq = false
  /// The names of special tokens, by their keys, where they are not the usual ones.
  var names: [String: String] = [:]

  private static let bracketed = [
    "cls_token": "[CLS]", "sep_token": "[SEP]", "mask_token": "[MASK]", "bos_token": "[CLS]", "eos_token": "[SEP]",
  ]
  private static let fairseq = [
    "bos_token": "<s>", "eos_token": "</s>", "cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>",
    "pad_token": "<pad>", "mask_token": "<mask>",
  ]

  private static let rows: [(classes: [String], conventions: TokenizerConventions)] = [
    (["T5Tokenizer", "MT5Tokenizer", "t5", "mt5", "umt5", "longt5"], .init(layout: .end, extraTokens: 100)),
    (["MarianTokenizer", "PegasusTokenizer", "marian"], .init(layout: .end)),
    (
      [
        "LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer", "MistralTokenizer", "llama", "mistral", "mixtral",
        "gemma", "gemma2", "gemma3_text", "phi3",
      ], .init(layout: .beginning)
    ),
    (
      ["AlbertTokenizer", "albert"],
      .init(layout: .classified, simplifies: true, names: bracketed)
    ),
    (["DebertaV2Tokenizer", "deberta-v2"], .init(layout: .classified, names: bracketed)),
    (
      ["XLMRobertaTokenizer", "xlm-roberta"],
      .init(layout: .doubled, followsFairseq: true, names: fairseq)
    ),
    (
      [
        "RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer", "roberta", "bart", "longformer",
        "led",
      ],
      .init(layout: .doubled, names: fairseq)
    ),
    (["Qwen2Tokenizer", "qwen2", "qwen3"], .init(words: GGUFSplitting.Words.qwen2, composes: true)),
  ]

  /// The conventions of a class as tokenizer_config.json names it, else of a `model_type` in config.json; plain ones for
  /// any other.
  static func named(_ tokenizerClass: String?, modelType: String?) -> TokenizerConventions {
    let tokenizerClass = tokenizerClass.map { $0.hasSuffix("Fast") ? String($0.dropLast(4)) : $0 }
    for name in [tokenizerClass, modelType] {
      guard let name else { continue }
      if let row = rows.first(where: { $0.classes.contains(name) }) { return row.conventions }
    }
    return TokenizerConventions()
  }

  /// The layout as a post-processor.
  ///
  /// Throws `missingToken` where one of its tokens has no id.
  func postProcessor(
    _ configuration: TokenizerConfiguration, file: String, trimming: OffsetTrimming? = nil,
    id: (String) -> Int?
  ) throws(TokenizerError) -> any PostProcessor {
    func token(_ key: String) throws(TokenizerError) -> LayoutPart.SpecialToken {
      let text = configuration.specialTokens[key] ?? names[key] ?? SpecialTokens.usualName(of: key)
      guard let id = id(text) else { throw .missingToken(file: file, token: text) }
      return .init(id: id, text: text)
    }
    switch layout {
    case .classified:
      return BertProcessing(separator: try token("sep_token"), classifier: try token("cls_token"))
    case .doubled:
      return RobertaProcessing(
        separator: try token("sep_token"), classifier: try token("cls_token"), trimming: trimming)
    case .none, .beginning, .end:
      let before = configuration.addsBeginning ?? (layout == .beginning) ? [try token("bos_token")] : []
      let after = configuration.addsEnd ?? (layout == .end) ? [try token("eos_token")] : []
      return before.isEmpty && after.isEmpty ? NoPostProcessor() : TemplateProcessing(before: before, after: after)
    }
  }
}
