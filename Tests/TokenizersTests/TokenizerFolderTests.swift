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
