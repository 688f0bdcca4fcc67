import Foundation
import Testing
import Tokenizers

@Suite struct PaddingTests {
  private let encodings: [Encoding]

  init() throws {
    let tokenizer = try TokenizerFixture.tokenizer("wordpiece-uncased")
    encodings = [try tokenizer.encode("a b c"), try tokenizer.encode("a")]
  }

  @Test func rightFillsUpToTheLongest() {
    let padded = PaddingSetting(id: 0, token: "[PAD]").padded(encodings)
    #expect(padded.map(\.count) == [5, 5])
    #expect(padded[1].tokens == ["[CLS]", "a", "[SEP]", "[PAD]", "[PAD]"])
    #expect(padded[1].attentionMask == [true, true, true, false, false])
    #expect(padded[1].specialMask == [true, false, true, true, true])
    #expect(padded[1].offsets == [0..<0, 0..<1, 0..<0, 0..<0, 0..<0])
    #expect(padded[1].sequenceIDs == [nil, 0, nil, nil, nil])
    #expect(padded[0].attentionMask == [true, true, true, true, true])
  }

  @Test func leftFillsUpToAMultiple() {
    let padded = PaddingSetting(direction: .left, multiple: 4, id: 1, typeID: 7, token: "<x>").padded(encodings)
    #expect(padded.map(\.count) == [8, 8])
    #expect(padded[1].tokens == ["<x>", "<x>", "<x>", "<x>", "<x>", "[CLS]", "a", "[SEP]"])
    #expect(padded[1].typeIDs == [7, 7, 7, 7, 7, 0, 0, 0])
    #expect(padded[1].sequenceIDs == [nil, nil, nil, nil, nil, nil, 0, nil])
    #expect(padded[1].attentionMask == [false, false, false, false, false, true, true, true])
  }

  @Test func fixedLengthCutsNothing() {
    #expect(PaddingSetting(fixedLength: 4).padded(encodings).map(\.count) == [5, 4])
  }

  @Test func refusesALengthThatNoMemoryHolds() {
    let padding = #", "padding": {"strategy": {"Fixed": 100000000000}}"#
    #expect(throws: TokenizerError.wrongField(file: "t.json", line: 2, path: "padding", expected: .length)) {
      try Tokenizer(json: TokenizerFixture.json(padding), name: "t.json")
    }
  }
}
