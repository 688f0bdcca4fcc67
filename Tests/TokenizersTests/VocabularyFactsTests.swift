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
