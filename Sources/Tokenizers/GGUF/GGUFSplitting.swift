/// How a byte-level tokenizer splits a text into words, by the name that a GGUF file has for it.
///
/// A GGUF file carries no pattern. The names and what they stand for are those of llama.cpp; the patterns are those
/// of the models' own tokenizer.json files. A new model is a new row.
struct GGUFSplitting: Sendable {
  /// Each splits what the one before left, matches standing alone.
  var patterns: [String]
  /// A word that is a piece as a whole is not built from merges.
  var ignoresMerges = false
  /// Whether the beginning token is added where the file does not say.
  var addsBeginning = false
  /// Whether sequences stand between `<s>` and `</s>`, as RoBERTa has them.
  var addsSeparator = false
  /// Whether pieces are written in the byte alphabet; else a space is `▁` and a missing character is its bytes.
  var isByteLevel = true

  static let gpt2 = GGUFSplitting(patterns: [Words.gpt2])
  static let gpt4 = GGUFSplitting(patterns: [Words.gpt4])
  static let llama3 = GGUFSplitting(patterns: [Words.gpt4], ignoresMerges: true, addsBeginning: true)
  static let gpt4o = GGUFSplitting(patterns: [Words.gpt4o])
  static let qwen2 = GGUFSplitting(patterns: [Words.qwen2])
  static let digitsFirst = GGUFSplitting(patterns: [#"\p{N}"#, Words.gpt2])
  static let roberta = GGUFSplitting(patterns: [Words.gpt2], addsSeparator: true)
  static let deepSeek3 = GGUFSplitting(patterns: [#"\p{N}{1,3}"#, Words.kana, Words.deepSeek3])
  static let bloom = GGUFSplitting(patterns: [Words.bloom])
  static let bailing = GGUFSplitting(patterns: [Words.bailing])
  static let byName: [String: GGUFSplitting] = {
    var table: [String: GGUFSplitting] = [:]
    for (names, splitting) in rows { for name in names { table[name] = splitting } }
    return table
  }()

  static let rows: [(names: [String], splitting: GGUFSplitting)] = [
    (
      ["default"],
      .init(patterns: [#"[\p{P}\$\+<=>\^~\|]+"#, Words.gpt2, #"\p{N}+"#, "[0-9][0-9][0-9]"])
    ),
    (
      [
        "gpt-2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "gigachat", "a.x-4.0", "mellum",
        "modern-bert", "mpt", "olmo", "jais", "trillion", "granite-docling", "exaone4",
      ], gpt2
    ),
    (["jina-v1-en", "jina-v2-code", "roberta-bpe"], roberta),
    (
      [
        "llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2", "jina-v5-nano",
      ], llama3
    ),
    (["dbrx", "smaug-bpe", "glm4", "chatglm-bpe"], gpt4),
    (
      [
        "smollm", "starcoder", "refact", "command-r", "codeshell", "exaone", "minerva-7b", "mellum2",
      ], digitsFirst
    ),
    (
      ["qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan", "solar-open", "grok-2"],
      qwen2
    ),
    (["gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"], gpt4o),
    (["tekken"], .init(patterns: [Words.tekken], ignoresMerges: true, addsBeginning: true)),
    (["falcon"], .init(patterns: [#"[\p{P}\$\+<=>\^~\|`]+"#, Words.gpt2, "[0-9][0-9][0-9]"])),
    (
      ["deepseek-llm"],
      .init(patterns: [
        #"[\r\n]"#, Words.deepSeekLetters, Words.deepSeekMarks, #"\s+$"#, Words.deepSeekIdeographs, #"\p{N}+"#,
      ])
    ),
    (
      ["deepseek-coder"],
      .init(patterns: [#"[\r\n]"#, #"\s?\p{L}+"#, #"\s?\p{P}+"#, Words.deepSeekIdeographs, #"\p{N}"#])
    ),
    (["deepseek-v3", "hunyuan-dense", "hy_v4", "joyai-llm"], deepSeek3),
    (["poro-chat", "bloom", "gpt3-finnish"], bloom),
    (["viking"], .init(patterns: [Words.bloom, #"\p{N}"#])),
    (["bailingmoe", "bailingmoe2", "llada-moe"], bailing),
    (["seed-coder"], .init(patterns: [Words.seedCoder])),
    (["qwen35"], .init(patterns: [Words.qwen35])),
    (["superbpe"], .init(patterns: [#"\p{N}+"#, #"(?=(\d{3})+(?!\d))"#])),
    (["minicpm5"], .init(patterns: [#"\p{N}{1,3}"#, Words.minicpm5], ignoresMerges: true)),
    (["gemma4"], .init(patterns: [#"[^\n]+|[\n]+"#], ignoresMerges: true, addsBeginning: true, isByteLevel: false)),
    (["sarvam-moe"], .init(patterns: [#"[^\n]+|[\n]+"#], isByteLevel: false)),
  ]

  /// The patterns of published tokenizer.json files.
  enum Words {
    static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
    static let gpt4 =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let qwen2 =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let qwen35 =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let minicpm5 =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}+| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let seedCoder =
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let bailing =
      #"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+"#
    static let gpt4o =
      #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let tekken =
      #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
    static let deepSeek3 =
      ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"##
    static let kana = "[\u{4E00}-\u{9FA5}\u{3040}-\u{309F}\u{30A0}-\u{30FF}]+"
    static let bloom = " ?[^(\\s|[.,!?…。，、।۔،])]+"
    static let deepSeekIdeographs = "[\u{4E00}-\u{9FA5}\u{800}-\u{4E00}\u{AC00}-\u{D7FF}]+"
    static let deepSeekMarks = "\\s?[!-/:-~\u{FF01}-\u{FF0F}\u{FF1A}-\u{FF5E}\u{2018}-\u{201F}\u{3000}-\u{3002}]+"
    static let deepSeekLetters =
      """
      \\s?[A-Za-z\
      \u{B5}\u{C0}-\u{D6}\u{D8}-\u{F6}\u{F8}-\u{1BA}\u{1BC}-\u{1BF}\u{1C4}-\u{293}\u{295}-\u{2AF}\
      \u{370}-\u{373}\u{376}\u{377}\u{37B}-\u{37D}\u{37F}\u{386}\u{388}-\u{38A}\u{38C}\u{38E}-\u{3A1}\
      \u{3A3}-\u{3F5}\u{3F7}-\u{481}\u{48A}-\u{52F}\u{531}-\u{556}\u{10A0}-\u{10C5}\u{13A0}-\u{13F5}\
      \u{13F8}-\u{13FD}\u{1C90}-\u{1CBA}\u{1CBD}-\u{1CBF}\u{1D00}-\u{1D2B}\u{1D6B}-\u{1D77}\
      \u{1D79}-\u{1D9A}\u{1E00}-\u{1F15}\u{1F18}-\u{1F1D}\u{1F20}-\u{1F45}\u{1F48}-\u{1F4D}\
      \u{1F50}-\u{1F57}\u{1F59}\u{1F5B}\u{1F5D}\u{1F5F}-\u{1F7D}\u{1F80}-\u{1FB4}\u{1FB6}-\u{1FBC}\u{1FBE}\
      \u{1FC2}-\u{1FC4}\u{1FC6}-\u{1FCC}\u{1FD0}-\u{1FD3}\u{1FD6}-\u{1FDB}\u{1FE0}-\u{1FEC}\
      \u{1FF2}-\u{1FF4}\u{1FF6}-\u{1FFC}\u{2102}\u{2107}\u{210A}-\u{2113}\u{2115}\u{2119}-\u{211D}\u{2124}\
      \u{2126}\u{2128}\u{212A}-\u{212D}\u{212F}-\u{2134}\u{2139}\u{213C}-\u{213F}\u{2145}-\u{2149}\u{214E}\
      \u{2183}\u{2184}\u{2C00}-\u{2C7B}\u{2C7E}-\u{2CE4}\u{2CEB}-\u{2CEE}\u{2CF2}\u{2CF3}\u{A640}-\u{A66D}\
      \u{A680}-\u{A69B}\u{A722}-\u{A76F}\u{A771}-\u{A787}\u{A78B}-\u{A78E}\u{AB70}-\u{ABBF}\
      \u{FB00}-\u{FB06}\u{FB13}-\u{FB17}\u{FF21}-\u{FF3A}\u{FF41}-\u{FF5A}\u{10400}-\u{1044F}\
      \u{104B0}-\u{104D3}\u{104D8}-\u{104FB}\u{10C80}-\u{10CB2}\u{10CC0}-\u{10CF2}\u{118A0}-\u{118DF}\
      \u{1E900}-\u{1E943}\
      ]+
      """
  }
}
