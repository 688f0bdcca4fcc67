import Foundation
import Testing
import Tokenizers

@Suite struct TokenizerFileTests {
  @Test(arguments: [
    (#"{"[UNK]":0,"a":1,"c":3}"#, TokenizerError.missingID(file: "t.json", id: 2)),
    (#"{"[UNK]":0,"a":1,"b":-1}"#, .missingID(file: "t.json", id: 2)),
    (#"{"[UNK]":0,"a":9000000000}"#, .missingID(file: "t.json", id: 1)),
    ("{\"[UNK]\":0,\n\"a\":1,\n\"a\":2}", .duplicatePiece(file: "t.json", line: 4, piece: "a")),
    (#"{"[UNK]":0,"a":1,"b":1}"#, .duplicateID(file: "t.json", line: 2, id: 1)),
    (#"{"a":0}"#, .missingToken(file: "t.json", token: "[UNK]")),
    (#"{}"#, .emptyVocabulary(file: "t.json")),
    (#"{"[UNK]":"zero"}"#, .wrongField(file: "t.json", line: 2, path: "model.vocab", expected: .number)),
    (#"["[UNK]"]"#, .wrongField(file: "t.json", line: 2, path: "model.vocab", expected: .object)),
    (#"{"[UNK]":0,"#, .malformed(file: "t.json", line: 2)),
  ])
  func refusesABadVocabulary(vocabulary: String, error: TokenizerError) {
    #expect(throws: error) {
      try Tokenizer(json: TokenizerFixture.json(vocabulary: vocabulary), name: "t.json")
    }
  }

  @Test(arguments: [
    (#", "normalizer": {"type": "Upside"}"#, "normalizer", "Upside"),
    (#", "pre_tokenizer": {"type": "Dice"}"#, "pre_tokenizer", "Dice"),
    (#", "post_processor": {"type": "Salt"}"#, "post_processor", "Salt"),
    (#", "decoder": {"type": "Ring"}"#, "decoder", "Ring"),
  ])
  func namesAnUnknownKind(rest: String, stage: String, kind: String) {
    #expect(throws: TokenizerError.unknownKind(file: "t.json", stage: stage, kind: kind)) {
      try Tokenizer(json: TokenizerFixture.json(rest), name: "t.json")
    }
  }

  @Test func namesAnUnknownModel() {
    #expect(throws: TokenizerError.unknownKind(file: "t.json", stage: "model", kind: "Oracle")) {
      try Tokenizer(json: Data(#"{"model": {"type": "Oracle"}}"#.utf8), name: "t.json")
    }
  }

  @Test func negativeIDsAreRefused() {
    #expect(throws: TokenizerError.self) {
      try Tokenizer(
        json: Data(#"{"model": {"type": "WordLevel", "unk_token": "a", "vocab": {"a": -5}}}"#.utf8), name: "t.json")
    }
  }

  @Test func twoTokensMayTakeTheSameSpaceAlong() throws {
    let added = [("x", "rstrip"), (" ", "lstrip")].enumerated().map { index, token in
      #"{"id": \#(5 + index), "content": "\#(token.0)", "\#(token.1)": true, "single_word": false, "normalized": false, "#
        + #""special": true}"#
    }
    let tokenizer = try Tokenizer(
      json: TokenizerFixture.json(#", "added_tokens": [\#(added.joined(separator: ", "))]"#), name: "t.json")
    let encoding = try tokenizer.encode("x  b")
    #expect(encoding.ids.contains(5) && encoding.offsets.allSatisfy { $0.upperBound <= 4 })
  }

  @Test func aTemplateDoesNotMultiplySpecialTokens() {
    let many = Array(repeating: "4", count: 1000).joined(separator: ",")
    let names = Array(repeating: #"{"SpecialToken": {"id": "S", "type_id": 0}}"#, count: 1000).joined(separator: ",")
    let texts = Array(repeating: #""b""#, count: 1000).joined(separator: ",")
    let post =
      #", "post_processor": {"type": "TemplateProcessing", "single": [\#(names)], "pair": [], "#
      + #""special_tokens": {"S": {"id": "S", "ids": [\#(many)], "tokens": [\#(texts)]}}}"#
    #expect {
      try Tokenizer(json: TokenizerFixture.json(post), name: "t.json")
    } throws: { error in
      guard case .wrongField(_, _, "post_processor.single", .fewSpecialTokens)? = error as? TokenizerError else {
        return false
      }
      return true
    }
  }

  @Test func replacementsInARowHaveALimit() throws {
    let doubling = Array(
      repeating: #"{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}"#, count: 40
    ).joined(separator: ",")
    let tokenizer = try Tokenizer(
      json: TokenizerFixture.json(#", "decoder": {"type": "Sequence", "decoders": [\#(doubling)]}"#), name: "t.json")
    #expect(tokenizer.decode([3], skippingSpecialTokens: false).utf8.count <= 1 << 20)
  }

  @Test(arguments: [("B", "A", "single", JSONKind.onlyText), ("A", "C", "pair", .eitherText)])
  func aTemplateOnlyNamesTextsThatAreThere(single: String, pair: String, place: String, expected: JSONKind) {
    let post =
      #", "post_processor": {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "\#(single)", "type_id": 0}}], "#
      + #""pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "\#(pair)", "type_id": 1}}], "#
      + #""special_tokens": {}}"#
    #expect {
      try Tokenizer(json: TokenizerFixture.json(post), name: "t.json")
    } throws: { error in
      guard case .wrongField(_, _, let path, expected)? = error as? TokenizerError else { return false }
      return path.hasPrefix("post_processor.\(place).") && path.hasSuffix(".Sequence.id")
    }
  }

  @Test(arguments: [
    ("", TokenizerError.malformed(file: "t.json", line: 1)),
    ("{}", .missingField(file: "t.json", path: "model")),
    ("{\n\"model\": {}\n} x", .malformed(file: "t.json", line: 3)),
    ("{\"model\": 3}", .wrongField(file: "t.json", line: 1, path: "model", expected: .object)),
    ("{\"model\": {\"type\": \"WordPiece\"}}", .missingField(file: "t.json", path: "model.vocab")),
    ("{\"model\": tru}", .malformed(file: "t.json", line: 1)),
    ("{\"model\": 01}", .malformed(file: "t.json", line: 1)),
    ("{\"model\": 1.}", .malformed(file: "t.json", line: 1)),
    ("{\"model\": \"\\", .malformed(file: "t.json", line: 1)),
    ("{\"model\": [1,]}", .malformed(file: "t.json", line: 1)),
    (String(repeating: "[", count: 100_000), .malformed(file: "t.json", line: 1)),
  ])
  func refusesWhatIsNotATokenizer(json: String, error: TokenizerError) {
    #expect(throws: error) { try Tokenizer(json: Data(json.utf8), name: "t.json") }
  }

  @Test func everyTruncatedFileIsAnErrorAndNoCrash() throws {
    let whole = try TokenizerFixture.data("added-tokens/tokenizer.json")
    for length in stride(from: 0, to: whole.count - 1, by: 97) {
      #expect(throws: TokenizerError.self) {
        try Tokenizer(json: whole.prefix(length), name: "t.json")
      }
    }
  }

  @Test func addedTokensMustAgreeWithTheVocabulary() {
    let moved = #", "added_tokens": [{"id": 9, "content": "a"}]"#
    #expect(throws: TokenizerError.conflictingID(file: "t.json", token: "a", listed: 9, found: 3)) {
      try Tokenizer(json: TokenizerFixture.json(moved), name: "t.json")
    }
    let apart = #", "added_tokens": [{"id": 6, "content": "<x>"}]"#
    #expect(throws: TokenizerError.missingID(file: "t.json", id: 5)) {
      try Tokenizer(json: TokenizerFixture.json(apart), name: "t.json")
    }
    let template = #"""
      , "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 2], "cls": ["[CLS]", 70]}
      """#
    #expect(throws: TokenizerError.missingID(file: "t.json", id: 70)) {
      try Tokenizer(json: TokenizerFixture.json(template), name: "t.json")
    }
  }

  @Test func readsEscapesInPieces() throws {
    let vocabulary = #"{"[UNK]":0,"\u00e9\ud83d\ude00\n\"":1,"\ud800x":2}"#
    let tokenizer = try Tokenizer(json: TokenizerFixture.json(vocabulary: vocabulary), name: "t.json")
    #expect(tokenizer.token(of: 1) == "é😀\n\"")
    #expect(tokenizer.token(of: 2) == "\u{FFFD}x")
    #expect(tokenizer.id(of: "é😀\n\"") == 1)
    #expect(tokenizer.id(of: "e\u{301}😀\n\"") == nil)
  }

  @Test func exposesWhatItDoesNotApply() throws {
    let rest = #"""
      , "truncation": {"direction": "Right", "max_length": 128, "strategy": "OnlySecond", "stride": 4}
      , "padding": {"strategy": {"Fixed": 128}, "pad_id": 0, "pad_token": "[PAD]"}
      """#
    let tokenizer = try Tokenizer(json: TokenizerFixture.json(rest), name: "t.json")
    #expect(
      tokenizer.fileTruncation == Truncation(maximumLength: 128, strategy: .onlySecond, stride: 4))
    #expect(tokenizer.filePadding?.fixedLength == 128)
    #expect(try tokenizer.encode(String(repeating: "a ", count: 200)).count == 1)
  }
}
