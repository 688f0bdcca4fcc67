import Foundation
import Testing
import Tokenizers

@Suite struct WordPieceTests {
  private func tokenizer(_ model: String, _ rest: String = "") throws -> Tokenizer {
    let json = """
      {"model": {"type": "WordPiece", \(model)},
       "pre_tokenizer": {"type": "BertPreTokenizer"}, "decoder": {"type": "WordPiece"}\(rest)}
      """
    return try Tokenizer(json: Data(json.utf8), name: "t.json")
  }

  @Test func takesTheLongestPieceFirst() throws {
    let tokenizer = try tokenizer(
      ###""vocab": {"[UNK]":0,"un":1,"##aff":2,"##affable":3,"##a":4,"una":5,"##ffab":6,"##le":7}"###)
    #expect(try tokenizer.encode("unaffable").tokens == ["una", "##ffab", "##le"])
    #expect(try tokenizer.encode("unaffable").offsets == [0..<3, 3..<7, 7..<9])
    #expect(try tokenizer.encode("unaffablex una").tokens == ["[UNK]", "una"])
    #expect(try tokenizer.encode("unaffablex una").offsets == [0..<10, 11..<14])
  }

  @Test func aContinuationDoesNotStartAWord() throws {
    let tokenizer = try tokenizer(###""vocab": {"[UNK]":0,"##b":1,"a":2}"###)
    #expect(try tokenizer.encode("b ab").ids == [0, 2, 1])
  }

  @Test func honoursPrefixUnknownAndLimit() throws {
    let tokenizer = try tokenizer(
      #"""
      "vocab": {"?":0,"@@é":1,"é":2}, "unk_token": "?", "continuing_subword_prefix": "@@",
      "max_input_chars_per_word": 3
      """#)
    #expect(try tokenizer.encode("ééé éééé").ids == [2, 1, 1, 0])
    #expect(try tokenizer.encode("ééé éééé").offsets == [0..<1, 1..<2, 2..<3, 4..<8])
    #expect(tokenizer.special.unknown == 0)
  }

  @Test func withoutPrefixAnyPieceGoesOn() throws {
    let tokenizer = try tokenizer(
      #" "vocab": {"[UNK]":0,"ab":1,"a":2,"b":3}, "continuing_subword_prefix": "" "#)
    #expect(try tokenizer.encode("abba").ids == [1, 3, 2])
  }

  @Test func decodesWithAndWithoutCleaning() throws {
    let tokenizer = try TokenizerFixture.tokenizer("minilm")
    let ids = try tokenizer.encode("I don't, you won 't. [MASK]").ids.map { Int($0) }
    #expect(
      tokenizer.decode(ids, skippingSpecialTokens: false) == "[CLS] i don ' t, you won ' t. [MASK] [SEP]")
    #expect(tokenizer.decode(ids + [-1, 999_999], skippingSpecialTokens: true) == "i don ' t, you won ' t.")
    let plain = try Tokenizer(json: TokenizerFixture.json(), name: "t.json")
    #expect(plain.decode([3, 4], skippingSpecialTokens: false) == "a ##b")
  }

  @Test func looksTokensUp() throws {
    let tokenizer = try TokenizerFixture.tokenizer("minilm")
    #expect(tokenizer.vocabularySize == 30522)
    #expect(tokenizer.id(of: "hello") == 7592)
    #expect(tokenizer.id(of: "Hello") == nil)
    #expect(tokenizer.token(of: 7592) == "hello")
    #expect(tokenizer.token(of: 30522) == nil)
    #expect(tokenizer.token(of: -1) == nil)
    let special = tokenizer.special
    #expect(
      [special.unknown, special.separator, special.classifier, special.mask, special.padding]
        == [100, 102, 101, 103, 0])
    #expect(special.beginning == nil)
  }
}
