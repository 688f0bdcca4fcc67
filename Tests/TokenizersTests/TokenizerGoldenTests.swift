import Foundation
import Testing
import Tokenizers

@Suite struct TokenizerGoldenTests {
  @Test(arguments: [
    ("minilm", "minilm", 47), ("bert-base-cased", "bert-base-cased", 47),
    ("wordpiece-uncased", "wordpiece-uncased", 47), ("wordpiece-cased", "wordpiece-cased", 47),
    ("added-tokens", "added-tokens", 250), ("wordpiece-uncased", "unicode-uncased", 300),
    ("wordpiece-cased", "unicode-cased", 200), ("bytelevel-bpe-gpt2", "bytelevel-bpe-gpt2", 47),
    ("bytelevel-bpe-roberta", "bytelevel-bpe-roberta", 47), ("gpt2", "gpt2", 47), ("gpt2", "unicode-gpt2", 150),
    ("roberta-base", "roberta-base", 47), ("roberta-base", "unicode-roberta-base", 150), ("t5-small", "t5-small", 47),
    ("t5-small", "unicode-t5-small", 150), ("unigram-t5", "unigram-t5", 47), ("unigram-t5", "unicode-unigram-t5", 150),
  ])
  func reproducesEveryField(tokenizer: String, golden: String, cases: Int) throws {
    let verification = try TokenizerVerification(
      tokenizer: TokenizerFixture.data(tokenizer + "/tokenizer.json"),
      golden: TokenizerFixture.data(golden + "/golden.jsonl"))
    #expect(verification.firstDifference == nil)
    #expect(verification.mismatches == 0)
    #expect(verification.cases == cases)
  }

  @Test func namesTheFirstDifference() throws {
    let tokenizer = try TokenizerFixture.tokenizer("wordpiece-uncased")
    let encoding = try tokenizer.encode("hello")
    let ids = encoding.ids.map { String($0) }.joined(separator: ",")
    let golden = """
      {"text": "hello", "ids": [\(ids)]}

      {"text": "hello", "ids": [\(ids)], "word_ids": [null, 0, 1, null]}
      {"text": "hello", "ids": [1]}
      """
    let verification = try TokenizerVerification(tokenizer, golden: Data(golden.utf8), name: "g.jsonl")
    #expect(verification.cases == 3)
    #expect(verification.mismatches == 2)
    #expect(
      verification.firstDifference
        == .init(
          line: 3, text: "hello", field: "word_ids", expected: "[null, 0, 1, null]",
          found: "[null, 0, 0, null]"))
  }

  @Test func namesTheOverflowingPartThatDiffers() throws {
    let tokenizer = try TokenizerFixture.tokenizer("wordpiece-uncased")
    let golden = """
      {"text": "a b c", "max_length": 4, "overflowing": [{"offsets": [[0, 0], [4, 6], [0, 0]]}]}
      """
    let verification = try TokenizerVerification(tokenizer, golden: Data(golden.utf8), name: "g.jsonl")
    #expect(verification.firstDifference?.field == "overflowing.0.offsets")
    #expect(verification.firstDifference?.found == "[[0, 0], [4, 5], [0, 0]]")
  }

  @Test func countsWhatCannotBeEncodedAsAMismatch() throws {
    let tokenizer = try TokenizerFixture.tokenizer("wordpiece-uncased")
    let golden = #"{"text": "a b c", "max_length": 1, "ids": []}"#
    let verification = try TokenizerVerification(tokenizer, golden: Data(golden.utf8), name: "g.jsonl")
    #expect(verification.mismatches == 1)
    #expect(verification.firstDifference?.field == "error")
  }

  @Test(arguments: [
    ("{\"text\": \"a\"}\n{\"text\": ", TokenizerError.malformed(file: "g.jsonl", line: 2)),
    ("{\"text\": \"a\", \"colour\": 1}", .unknownGoldenField(file: "g.jsonl", line: 1, field: "colour")),
    ("{\"ids\": [1]}", .missingField(file: "g.jsonl", path: "text")),
    ("\n[1]", .wrongField(file: "g.jsonl", line: 2, path: "", expected: .object)),
  ])
  func namesTheLineOfAMalformedGolden(golden: String, error: TokenizerError) throws {
    let tokenizer = try TokenizerFixture.tokenizer("wordpiece-uncased")
    #expect(throws: error) {
      try TokenizerVerification(tokenizer, golden: Data(golden.utf8), name: "g.jsonl")
    }
  }
}
