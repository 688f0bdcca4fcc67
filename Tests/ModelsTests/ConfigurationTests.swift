import Foundation
import Models
import Testing

@Suite struct ConfigurationTests {
  /// One wrong file and the error that names it.
  struct Wrong: Sendable, CustomTestStringConvertible {
    let name: String
    let json: Data
    let error: ConfigurationError

    /// BERT's configuration with one key as written, or without it.
    init(_ key: String, _ text: String?, family: String = "bert", _ error: ConfigurationError) {
      name = "\(family) \(key): \(text ?? "absent")"
      json = Data(ConfigurationText(family).with(key, text).json.utf8)
      self.error = error
    }

    init(_ name: String, bytes: Data) {
      self.name = name
      json = bytes
      error = .notJSON(file: "c")
    }

    var testDescription: String { name }
  }

  static let wrong = notJSON + absent + types + ranges + choices

  static let notJSON: [Wrong] =
    [
      "", "{", "[]", "null", "\"bert\"", "{\"model_type\": bert}", "{} {}",
      String(repeating: "[", count: 200_000),
    ]
    .map { Wrong("not JSON: \($0.prefix(20))", bytes: Data($0.utf8)) }
    + [Wrong("not UTF-8", bytes: Data([0x7B, 0xFF, 0xFE, 0x7D])), Wrong("zeros", bytes: Data(count: 64))]

  static let absent: [Wrong] = {
    let bert = [
      "model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
      "intermediate_size",
    ]
    let distilBERT = ["dim", "n_layers", "n_heads", "hidden_dim"]
    return bert.map { Wrong($0, nil, .missing(file: "c", key: $0)) }
      + bert.map { Wrong($0, "null", .missing(file: "c", key: $0)) }
      + distilBERT.map { Wrong($0, nil, family: "distilbert", .missing(file: "c", key: $0)) }
  }()

  /// Key, what stands there, what should.
  static let types: [Wrong] = [
    ("hidden_size", "\"32\"", "a whole number"), ("hidden_size", "32.5", "a whole number"),
    ("hidden_size", "true", "a whole number"), ("hidden_size", "[32]", "a whole number"),
    ("hidden_size", "{}", "a whole number"), ("model_type", "5", "text"),
    ("hidden_dropout_prob", "\"0.1\"", "a number"), ("hidden_dropout_prob", "false", "a number"),
    ("tie_word_embeddings", "\"yes\"", "true or false"), ("tie_word_embeddings", "1", "true or false"),
    ("id2label", "[\"A\"]", "an object of label names"),
    ("id2label", "{\"0\": 5}", "one name for each id from 0 to 0"),
    ("id2label", "{\"1\": \"A\"}", "one name for each id from 0 to 0"),
    ("id2label", "{\"0\": \"A\", \"zero\": \"B\"}", "one name for each id from 0 to 1"),
  ].map { key, text, expected in Wrong(key, text, .wrongType(file: "c", key: key, expected: expected)) }

  /// Family, key, what stands there, how the error shows it, what is allowed.
  static let ranges: [Wrong] = [
    ("bert", "hidden_size", "0", "0", "1 to 65536"), ("bert", "hidden_size", "-32", "-32", "1 to 65536"),
    ("bert", "hidden_size", "65537", "65537", "1 to 65536"),
    ("bert", "vocab_size", "1e300", "1e+300", "1 to 16777216"),
    ("bert", "vocab_size", "-99999999999999999999999", "-99999999999999999999999", "1 to 16777216"),
    ("bert", "num_attention_heads", "5", "5", "a divisor of hidden_size = 32"),
    ("distilbert", "n_heads", "3", "3", "a divisor of dim = 32"),
    ("bert", "num_hidden_layers", "100000", "100000", "1 to 1024"),
    ("bert", "hidden_dropout_prob", "1.5", "1.5", "0.0 to 0.99"),
    ("bert", "layer_norm_eps", "-1", "-1", "0.0 to 1.0"),
    ("bert", "pad_token_id", "50", "50", "0 to 49"), ("bert", "type_vocab_size", "0", "0", "1 to 65536"),
    ("bert", "num_labels", "0", "0", "1 to 100000"),
    ("roberta", "max_position_embeddings", "2", "2", "more than pad_token_id + 1"),
  ].map { family, key, text, value, allowed in
    Wrong(key, text, family: family, .outOfRange(file: "c", key: key, value: value, allowed: allowed))
  }

  /// Key, what stands there, what we know.
  static let choices: [Wrong] = [
    (
      "model_type", "bird",
      [
        "bart", "bert", "distilbert", "gpt2", "llama", "marian", "mbart", "mt5", "pegasus", "qwen2",
        "roberta", "t5",
      ]
    ),
    (
      "hidden_act", "mish",
      ["gelu", "gelu_fast", "gelu_new", "gelu_python", "gelu_pytorch_tanh", "relu", "silu", "swish", "tanh"]
    ),
    ("position_embedding_type", "relative_key", ["absolute"]),
  ].map { key, text, supported in
    Wrong(key, "\"\(text)\"", .unsupported(file: "c", key: key, value: text, supported: supported))
  }

  @Test("A wrong file is refused with the key, what it said and what it may say", arguments: wrong)
  func wrongFile(_ wrong: Wrong) {
    #expect(throws: wrong.error) { try TransformerConfiguration(json: wrong.json, file: "c") }
  }

  @Test("Distances beyond those that have buckets of their own share the rest")
  func distances() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/models/t5-gated-seq2seq-lm/config.json")
    var object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    object["relative_attention_num_buckets"] = 32
    object["relative_attention_max_distance"] = 8
    let json = try JSONSerialization.data(withJSONObject: object)
    #expect(
      throws: ConfigurationError.outOfRange(
        file: "c", key: "relative_attention_max_distance", value: "8", allowed: "17 to 16777216")
    ) { try TransformerConfiguration(json: json, file: "c") }
  }

  @Test("Each family's own spellings", arguments: ["bert", "roberta", "distilbert"])
  func spellings(_ family: String) throws {
    let configuration = try ConfigurationText(family).configuration()
    #expect(configuration.family.modelType == family)
    #expect((configuration.width, configuration.layers, configuration.heads) == (32, 2, 4))
    #expect((configuration.innerWidth, configuration.vocabularySize, configuration.positions) == (64, 50, 20))
    #expect(configuration.segments == (family == "distilbert" ? 0 : 2))
    #expect(configuration.padID == (family == "roberta" ? 1 : 0))
    #expect(configuration.maximumTokens == (family == "roberta" ? 18 : 20))
    #expect(configuration.epsilon == 1e-12)
    #expect(configuration.labels == ["LABEL_0", "LABEL_1"])
    #expect(configuration.tiesWords)
  }

  @Test("Labels come by id, not by place in the file; an empty map names none, so there are two")
  func labels() throws {
    let named = try ConfigurationText("bert").with("id2label", "{\"2\": \"C\", \"0\": \"A\", \"1\": \"B\"}")
      .configuration()
    #expect(named.labels == ["A", "B", "C"])
    #expect(try ConfigurationText("bert").with("id2label", "{}").configuration().labels.count == 2)
    #expect(try ConfigurationText("bert").with("num_labels", "5").configuration().labels.count == 5)
  }

  @Test("A head without its own dropout takes the body's")
  func dropout() throws {
    let body = ConfigurationText("bert").with("hidden_dropout_prob", "0.25")
    #expect(try body.with("classifier_dropout", "null").configuration().sequenceDropout == 0.25)
    #expect(try body.with("classifier_dropout", "0.5").configuration().sequenceDropout == 0.5)
    #expect(try body.configuration().answerDropout == 0)
    #expect(try ConfigurationText("distilbert").configuration().sequenceDropout == 0.1)
  }

  @Test("One rate for all of it stands in the file as well, under each family's keys")
  func settingDropout() throws {
    var bert = try ConfigurationText("bert").with("classifier_dropout", "0.5").configuration()
    try bert.setDropout(0.25)
    let read = try TransformerConfiguration(json: bert.json, file: "c")
    for configuration in [bert, read] {
      #expect((configuration.hiddenDropout, configuration.attentionDropout) == (0.25, 0.25))
      #expect((configuration.embeddingDropout, configuration.sequenceDropout) == (0.25, 0.25))
    }
    // T5 has one key for all.
    let t5 = Data(
      """
      {"model_type": "t5", "vocab_size": 50, "d_model": 32, "num_layers": 2, "num_heads": 4, "d_ff": 64, "d_kv": 8,
       "dropout_rate": 0.1}
      """.utf8)
    var pair = try TransformerConfiguration(json: t5, file: "c")
    #expect(pair.attentionDropout == 0.1)
    try pair.setDropout(0)
    #expect((pair.hiddenDropout, pair.attentionDropout, pair.embeddingDropout) == (0, 0, 0))
  }

  @Test func sizesInAFamilysOwnSpelling() throws {
    let size = try #require(TransformerSize.named("tiny"))
    let bert = try TransformerConfiguration(
      size, .bert, .maskedWords, vocabularySize: 99, tokens: ["pad_token_id": 0], name: "tiny")
    let written = try #require(JSONSerialization.jsonObject(with: bert.json) as? NSDictionary)
    let expected: [String: Any] = [
      "model_type": "bert", "architectures": ["BertForMaskedLM"], "vocab_size": 99, "hidden_size": 128,
      "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 512, "max_position_embeddings": 512,
      "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12, "initializer_range": 0.02,
      "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "pad_token_id": 0,
    ]
    #expect(written == expected as NSDictionary)
    let gpt = try TransformerConfiguration(size, .gpt2, .causalWords, vocabularySize: 99, tokens: [:], name: "tiny")
    #expect(gpt.kind == .causalWords && gpt.layers == 2 && gpt.innerWidth == 512 && gpt.activation == .geluTanh)
    for size in TransformerSize.all {
      #expect(throws: Never.self) {
        try TransformerConfiguration(size, .gpt2, .causalWords, vocabularySize: 9, tokens: [:], name: size.name)
      }
    }
  }

  @Test func workOfAToken() throws {
    let size = try #require(TransformerSize.named("base"))
    let bert = try TransformerConfiguration(
      size, .bert, .maskedWords, vocabularySize: 30_522, tokens: [:], name: "base")
    // Twice the 85 million weights of the blocks' maps, and each head's products with 128 others.
    let perLayer = 12 * 768 * 768 + 2 * 128 * 768
    #expect(bert.blockOperations(length: 128) == Double(2 * 12 * perLayer))
    // Of a token that nobody asks for, the last block makes a key and a value.
    let spared = perLayer - 2 * 768 * 768
    #expect(bert.blockOperations(length: 128, asked: 0) == Double(2 * (12 * perLayer - spared)))
    let head = 768 * 768 + 768 * 30_522
    #expect(bert.wordOperations(.maskedWords) == Double(2 * head))
  }
}
