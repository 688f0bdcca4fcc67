import Foundation
import Testing
import Tokenizers

@Suite struct TokenizerFolderTests {
  private func vocabulary(_ name: String) throws -> Data {
    Data(try TokenizerFixture.vocabularyLines(name).map { $0 + "\n" }.joined().utf8)
  }

  @Test(arguments: [("wordpiece-uncased", true), ("wordpiece-cased", false)])
  func vocabularyFileEqualsTokenizerFile(name: String, lowercases: Bool) throws {
    let configuration = Data(#"{"do_lower_case": \#(lowercases), "model_max_length": 77}"#.utf8)
    let files = ["vocab.txt": try vocabulary(name), "tokenizer_config.json": configuration]
    let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    for golden in [name, name == "wordpiece-cased" ? "unicode-cased" : "unicode-uncased"] {
      let verification = try TokenizerVerification(
        tokenizer, golden: TokenizerFixture.data(golden + "/golden.jsonl"), name: golden)
      #expect(verification.firstDifference == nil)
      #expect(verification.cases > 40)
    }
    #expect(tokenizer.modelMaximumLength == 77)
    #expect(tokenizer.files.map(\.name) == ["vocab.txt", "tokenizer_config.json"])
    #expect(tokenizer.files.first?.data == files["vocab.txt"])
  }

  @Test func windowsLineEndsAreNotPartOfPieces() throws {
    let lines = Data("[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n[MASK]\r\nword".utf8)
    let tokenizer = try TokenizerFixture.withFolder(["vocab.txt": lines]) { try Tokenizer(folder: $0) }
    #expect(try tokenizer.encode("Word").ids == [2, 5, 3])
  }

  @Test(arguments: [
    ("[PAD]\n[UNK]\n\n[SEP]", TokenizerError.emptyPiece(file: "vocab.txt", line: 3)),
    ("[PAD]\n[UNK]\na\n[SEP]\na\n", .duplicatePiece(file: "vocab.txt", line: 5, piece: "a")),
    ("[PAD]\n[UNK]\n[SEP]\n[MASK]\na\n", .missingToken(file: "vocab.txt", token: "[CLS]")),
    ("", .emptyVocabulary(file: "vocab.txt")),
  ])
  func namesTheLineOfABadVocabulary(text: String, error: TokenizerError) {
    #expect(throws: error) {
      try TokenizerFixture.withFolder(["vocab.txt": Data(text.utf8)]) { try Tokenizer(folder: $0) }
    }
  }

  @Test func configurationChoosesStagesAndTokens() throws {
    let configuration = #"""
      {"unk_token": {"content": "<unk>"}, "cls_token": "<c>", "sep_token": "<s>", "mask_token": "<m>",
       "pad_token": "<p>", "strip_accents": false, "tokenize_chinese_chars": false,
       "model_max_length": 1000000000000000019884624838656,
       "added_tokens_decoder": {"6": {"content": "<new>", "special": true}}}
      """#
    let files = [
      "vocab.txt": Data("<p>\n<unk>\n<c>\n<s>\n<m>\né日".utf8),
      "tokenizer_config.json": Data(configuration.utf8),
    ]
    let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    let encoding = try tokenizer.encode("É日 E <new>")
    #expect(encoding.tokens == ["<c>", "é日", "<unk>", "<new>", "<s>"])
    #expect(tokenizer.modelMaximumLength == nil)
    #expect(tokenizer.special.mask == 4)
    #expect(tokenizer.vocabularySize == 7)
  }

  @Test func tokenizerFileGoesBeforeVocabularyAndHonoursTheLength() throws {
    let files = [
      "vocab.txt": Data("nonsense".utf8), "tokenizer.json": TokenizerFixture.json(),
      "tokenizer_config.json": Data(#"{"model_max_length": 128, "cls_token": "a"}"#.utf8),
    ]
    let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    #expect(tokenizer.modelMaximumLength == 128)
    #expect(tokenizer.special.classifier == 3)
    #expect(tokenizer.special.separator == 2)
    #expect(tokenizer.files.map(\.name) == ["tokenizer.json", "tokenizer_config.json"])
  }

  @Test func emptyFolderHasNoTokenizer() throws {
    try TokenizerFixture.withFolder([:]) { folder in
      _ = #expect(throws: TokenizerError.noTokenizer(folder: folder.path)) {
        try Tokenizer(folder: folder)
      }
    }
  }
}

/// vocab.json with merges.txt, taken from the fixtures' own tokenizer.json.
@Suite struct MergesFolderTests {
  private func files(_ name: String, _ configuration: String) throws -> [String: Data] {
    let json = try JSONSerialization.jsonObject(with: TokenizerFixture.data(name + "/tokenizer.json"))
    let model = try #require((json as? [String: Any])?["model"] as? [String: Any])
    let merges = try #require(model["merges"] as? [Any]).compactMap { merge in
      merge as? String ?? (merge as? [String])?.joined(separator: " ")
    }
    return [
      "vocab.json": try JSONSerialization.data(withJSONObject: try #require(model["vocab"])),
      "merges.txt": Data(("#version: 0.2\n" + merges.joined(separator: "\n") + "\n").utf8),
      "tokenizer_config.json": Data(configuration.utf8),
    ]
  }

  @Test(arguments: [
    ("gpt2", "gpt2", #"{"tokenizer_class": "GPT2Tokenizer", "eos_token": "<|endoftext|>"}"#),
    ("gpt2", "unicode-gpt2", #"{"tokenizer_class": "GPT2Tokenizer", "eos_token": "<|endoftext|>"}"#),
    ("roberta-base", "roberta-base", #"{"tokenizer_class": "RobertaTokenizer"}"#),
    ("roberta-base", "unicode-roberta-base", #"{"tokenizer_class": "RobertaTokenizerFast"}"#),
  ])
  func equalsTokenizerFile(name: String, golden: String, configuration: String) throws {
    let tokenizer = try TokenizerFixture.withFolder(files(name, configuration)) { try Tokenizer(folder: $0) }
    let verification = try TokenizerVerification(
      tokenizer, golden: TokenizerFixture.data(golden + "/golden.jsonl"), name: golden)
    #expect(verification.firstDifference == nil)
    #expect(verification.cases > 40)
    #expect(tokenizer.files.map(\.name) == ["vocab.json", "merges.txt", "tokenizer_config.json"])
  }

  @Test func oneOfTheFilesOpensBoth() throws {
    try TokenizerFixture.withFolder(files("gpt2", "{}")) { folder in
      for name in ["vocab.json", "merges.txt"] {
        let tokenizer = try Tokenizer(at: folder.appendingPathComponent(name))
        let ids = try tokenizer.encode("Hello world").ids
        #expect(ids == [15496, 995])
      }
    }
  }

  @Test func addedTokensComeFromTheirFile() throws {
    var files = try files("gpt2", #"{"additional_special_tokens": ["<|x|>"]}"#)
    files["added_tokens.json"] = Data(#"{"<|y|>": 50257}"#.utf8)
    let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    #expect(try tokenizer.encode("Hello<|y|> world").ids == [15496, 50257, 995])
  }

  @Test func namesTheLineOfABadMerge() throws {
    var files = try files("gpt2", "{}")
    files["merges.txt"] = Data("#version: 0.2\nĠ t\nĠ a b\n".utf8)
    #expect(throws: TokenizerError.malformed(file: "merges.txt", line: 3)) {
      try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    }
    files["merges.txt"] = Data("Ġ t\nĠ 日\n".utf8)
    #expect(throws: TokenizerError.badMerge(file: "merges.txt", number: 2, left: "Ġ", right: "日")) {
      try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    }
  }
}
