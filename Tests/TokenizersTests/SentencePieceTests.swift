import Foundation
import Testing
import Tokenizers

/// SentencePiece's own ids on random texts, from models of every sort (see pieces.py).
@Suite struct SentencePieceTests {
  static let models = [
    "unigram", "unigram-user", "unigram-whole", "unigram-suffix", "unigram-t5", "pairs", "pairs-llama", "pairs-gemma",
    "characters",
  ]

  static func data(_ name: String) throws -> Data { try TokenizerFixture.data("sentencepiece/" + name) }

  static func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(at: TokenizerFixture.folder.appendingPathComponent("sentencepiece/\(name).model"))
  }

  @Test(arguments: models)
  func reproducesEveryID(name: String) throws {
    let golden = try Self.data(name + ".jsonl")
    let verification = try TokenizerVerification(try Self.tokenizer(name), golden: golden, name: name)
    #expect(verification.firstDifference == nil)
    #expect(verification.cases > 100)
  }

  /// Offsets rise and cover only what is there, and the trace, which takes no short cuts, agrees.
  @Test(arguments: models)
  func offsetsStandInTheText(name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    var wrong: [String] = []
    for line in try Self.data(name + ".jsonl").split(separator: 10) {
      let text = try #require((try JSONSerialization.jsonObject(with: line) as? [String: Any])?["text"] as? String)
      let (encoding, traced) = (try tokenizer.encode(text), try tokenizer.trace(text).encoding)
      let agrees =
        encoding.ids == traced.ids && encoding.offsets == traced.offsets && encoding.wordIDs == traced.wordIDs
      let isInside = encoding.offsets.allSatisfy { $0.upperBound <= text.unicodeScalars.count }
      let rises = zip(encoding.offsets, encoding.offsets.dropFirst()).allSatisfy { $0.lowerBound <= $1.lowerBound }
      if !agrees || !isInside || !rises { wrong.append(text) }
    }
    #expect(wrong == [])
  }

  /// Words that come again are remembered, also where sums are rounded; the trace remembers nothing. The text is long
  /// enough for the sums to become coarse.
  @Test(arguments: ["unigram", "unigram-t5", "pairs-llama"])
  func whatIsRememberedIsWhatItWouldBe(name: String) throws {
    let tokenizer = try Self.tokenizer(name)
    let words = try Self.data(name + ".jsonl").split(separator: 10).prefix(40).flatMap { line in
      let text = (try JSONSerialization.jsonObject(with: line) as? [String: Any])?["text"] as? String
      return (text ?? "").split(separator: " ").map(String.init)
    }
    let text = (0..<30).map { turn in words.map { turn.isMultiple(of: 3) ? $0 + "aa" : $0 }.joined(separator: " ") }
      .joined(separator: " ")
    let (encoding, traced) = (try tokenizer.encode(text), try tokenizer.trace(text).encoding)
    #expect(encoding.ids.count > 5_000)
    #expect(encoding.ids == traced.ids)
    #expect(encoding.offsets == traced.offsets)
  }

  @Test func aChoiceIsRememberedAsFarAsRoundingLeavesIt() {
    #expect(Reach.reach(margin: .infinity, additions: 9, size: 12) == Reach.endless)
    #expect(Reach.reach(margin: 0, additions: 4, size: 12) == Reach.none, "a tie")
    // Eight sums below 2^12 are off by 2^-9 at most: 1 is safe up to sums below 2^20, as 8 * 2^(20 - 24) = 1/2.
    #expect((19...20).contains(Reach.reach(margin: 1, additions: 8, size: 12)))
    #expect(Reach.reach(margin: .nan, additions: 8, size: 12) == Reach.none)
    #expect(Reach.reach(margin: 1, additions: 8, size: 255) == Reach.none)
  }

  @Test func decodesWhatItEncodes() throws {
    for (name, text) in [
      ("pairs-llama", "  two  spaces, où l'été 🎈 "), ("pairs-gemma", "a <table>\n\nb   c 🎈"),
      ("unigram-whole", "she was there"), ("unigram", "she was there"), ("unigram-suffix", "she was there"),
    ] {
      let tokenizer = try Self.tokenizer(name)
      let ids = try tokenizer.encode(text).ids.map { Int($0) }
      #expect(tokenizer.decode(ids, skippingSpecialTokens: true) == text, "\(name)")
    }
  }

  @Test func theClassSaysWhereSpecialTokensStand() throws {
    func tokens(_ file: String, _ model: String, _ configuration: String) throws -> [String] {
      let files = [file: try Self.data(model + ".model"), "tokenizer_config.json": Data(configuration.utf8)]
      return try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0).encode("she", pair: "was").tokens }
    }
    #expect(
      try tokens("spiece.model", "unigram-t5", #"{"tokenizer_class": "T5TokenizerFast"}"#)
        == ["▁she", "</s>", "▁was", "</s>"])
    #expect(
      try tokens("tokenizer.model", "pairs-llama", #"{"tokenizer_class": "LlamaTokenizer"}"#)
        == ["<s>", "▁she", "<s>", "▁was"])
    #expect(
      try tokens(
        "tokenizer.model", "pairs-llama",
        #"{"tokenizer_class": "LlamaTokenizer", "add_bos_token": false, "add_eos_token": true}"#)
        == ["▁she", "</s>", "▁was", "</s>"])
    #expect(
      try tokens("sentencepiece.bpe.model", "unigram", #"{"tokenizer_class": "XLMRobertaTokenizer"}"#)
        == ["<s>", "▁she", "</s>", "</s>", "▁was", "</s>"])
    #expect(try tokens("spm.model", "unigram", "{}") == ["▁she", "▁was"])
  }

  @Test func t5HasExtraTokensBehindItsPieces() throws {
    let files = [
      "spiece.model": try Self.data("unigram-t5.model"), "config.json": Data(#"{"model_type": "t5"}"#.utf8),
    ]
    let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    #expect(tokenizer.vocabularySize == 500)
    #expect(tokenizer.id(of: "<extra_id_0>") == 499)
    #expect(try tokenizer.encode("she <extra_id_0> was").tokens == ["▁she", "<extra_id_0>", "▁was", "</s>"])
  }

  @Test func fairseqCountsItsOwnTokensFirst() throws {
    let files = [
      "sentencepiece.bpe.model": try Self.data("unigram.model"),
      "tokenizer_config.json": Data(#"{"tokenizer_class": "XLMRobertaTokenizer"}"#.utf8),
    ]
    let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    let plain = try Self.tokenizer("unigram")
    #expect((0..<4).map { tokenizer.token(of: $0) } == ["<s>", "<pad>", "</s>", "<unk>"])
    #expect(tokenizer.token(of: 4) == plain.token(of: 3))
    #expect(tokenizer.token(of: tokenizer.vocabularySize - 1) == "<mask>")
    #expect(tokenizer.special.mask == tokenizer.vocabularySize - 1)
  }

  @Test func marianTakesIDsFromItsVocabulary() throws {
    let plain = try Self.tokenizer("unigram-t5")
    var pieces = (0..<plain.vocabularySize).compactMap { plain.token(of: $0) }
    pieces.reverse()
    let vocabulary = Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($1, $0) })
    let files = [
      "source.spm": try Self.data("unigram-t5.model"), "vocab.json": try JSONEncoder().encode(vocabulary),
    ]
    let tokenizer = try TokenizerFixture.withFolder(files) { try Tokenizer(folder: $0) }
    let (ours, theirs) = (try tokenizer.encode("she was so"), try plain.encode("she was so"))
    #expect(ours.tokens == theirs.tokens + ["</s>"])
    #expect(ours.ids.dropLast().map { pieces[Int($0)] } == theirs.tokens)
  }

  /// Marian cuts what it writes by a model of its own, into ids of the same vocabulary.
  @Test func marianCutsTargetsByTheirOwnModel() throws {
    let (source, target) = (try Self.tokenizer("unigram-t5"), try Self.tokenizer("unigram"))
    var pieces: [String] = []
    for tokenizer in [source, target] {
      pieces += (0..<tokenizer.vocabularySize).compactMap { tokenizer.token(of: $0) }.filter { !pieces.contains($0) }
    }
    let vocabulary = Dictionary(uniqueKeysWithValues: pieces.enumerated().map { ($1, $0) })
    var files = [
      "source.spm": try Self.data("unigram-t5.model"), "vocab.json": try JSONEncoder().encode(vocabulary),
      "target.spm": try Self.data("unigram.model"),
    ]
    let text = "she was so wonderful"
    try TokenizerFixture.withFolder(files) { folder in
      let own = try #require(try Tokenizer.ofTarget(in: folder))
      #expect(try own.encode(text).tokens == target.encode(text).tokens + ["</s>"])
      #expect(try Tokenizer(folder: folder).encode(text).tokens == source.encode(text).tokens + ["</s>"])
      #expect(try Tokenizer(folder: folder).files.map(\.name).contains("target.spm"), "a saved folder keeps it")
    }
    files["target.spm"] = nil
    let none = try TokenizerFixture.withFolder(files) { try Tokenizer.ofTarget(in: $0) }
    #expect(none == nil)
  }

  @Test(arguments: [
    ("", TokenizerError.emptyVocabulary(file: "t.model")),
    ("\u{0A}\u{05}\u{0A}", .damaged(file: "t.model", problem: .cutOff(byte: 2))),
    ("\u{0A}\u{02}\u{0A}\u{00}", .damaged(file: "t.model", problem: .emptyPiece(id: 0))),
    (
      "\u{0A}\u{03}\u{0A}\u{01}a\u{12}\u{02}\u{18}\u{09}", .unknownKind(file: "t.model", stage: "model_type", kind: "9")
    ),
    ("\u{03}", .damaged(file: "t.model", problem: .cutOff(byte: 1))),
  ])
  func namesWhatIsWrong(file: String, error: TokenizerError) {
    #expect(throws: error) {
      try SentencePieceModel(Data(file.unicodeScalars.map { UInt8($0.value) }), file: "t.model")
    }
  }

  @Test func aModelNeedsAnUnknownPiece() throws {
    let file = Data([0x0A, 3, 0x0A, 1, 0x61])
    try TokenizerFixture.withFolder(["t.model": file]) { folder in
      let place = folder.appendingPathComponent("t.model")
      #expect(throws: TokenizerError.damaged(file: place.path, problem: .noUnknownPiece)) { try Tokenizer(at: place) }
    }
  }
}
