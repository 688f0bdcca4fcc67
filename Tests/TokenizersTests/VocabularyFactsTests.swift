import Foundation
import Testing
import Tokenizers

@Suite struct VocabularyFactsTests {
  @Test func tellsTextLengthAndScript() throws {
    let tokenizer = try TokenizerFixture.tokenizer("gpt2")
    let facts = try #require(tokenizer.facts(of: 995))
    #expect(facts == PieceFacts(id: 995, piece: "Ġworld", text: " world", length: 6, script: "Latin", isSpecial: false))
    #expect(tokenizer.facts(of: 50256)?.isSpecial == true)
    #expect(tokenizer.facts(of: 222)?.script == "bytes")
    #expect(tokenizer.facts(of: -1) == nil)
    #expect(tokenizer.kind == "BPE")
  }

  /// A space belongs to a piece that has a mark for it, and to no other.
  @Test(arguments: [
    ("minilm", "the", "the", 3), ("minilm", "##ing", "ing", 3), ("minilm", "[PAD]", "[PAD]", 5),
    ("t5-small", "▁the", " the", 4), ("t5-small", "ing", "ing", 3), ("t5-small", "▁", " ", 1),
  ])
  func aSpaceBelongsToItsMark(name: String, piece: String, text: String, length: Int) throws {
    let tokenizer = try TokenizerFixture.tokenizer(name)
    let facts = try #require(tokenizer.id(of: piece).flatMap { tokenizer.facts(of: $0) })
    #expect(facts.text == text)
    #expect(facts.length == length)
  }

  @Test func findsPiecesByPattern() throws {
    let tokenizer = try TokenizerFixture.tokenizer("minilm")
    let pieces = try tokenizer.ids(matching: "^un.*able$").compactMap { tokenizer.token(of: $0) }
    #expect(pieces.prefix(4) == ["unable", "uncomfortable", "unstable", "unavailable"])
    #expect(pieces.count == 12)
  }

  @Test func everyStageOfATraceHasAName() throws {
    let trace = try TokenizerFixture.tokenizer("unigram-t5").trace("ﬁne  a", pair: nil)
    #expect(trace.sequences[0].steps.map(\.name) == ["NFKC", "Replace", "Metaspace"])
    #expect(trace.sequences[0].steps.map(\.parts) == [["fine  a"], ["fine a"], ["▁fine", "▁a"]])
  }
}
