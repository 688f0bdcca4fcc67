import Testing
import Tokenizers

@Suite struct TruncationTests {
  private let tokenizer: Tokenizer
  init() throws { tokenizer = try TokenizerFixture.tokenizer("wordpiece-uncased") }

  @Test func strideRepeatsTheEndOfThePartBefore() throws {
    let encoding = try tokenizer.encode(
      "a b c d e f g", truncation: Truncation(maximumLength: 6, stride: 2))
    #expect(encoding.tokens == ["[CLS]", "a", "b", "c", "d", "[SEP]"])
    #expect(
      encoding.overflowing.map(\.tokens) == [
        ["[CLS]", "c", "d", "e", "f", "[SEP]"], ["[CLS]", "e", "f", "g", "[SEP]"],
      ])
    #expect(encoding.overflowing[1].offsets == [0..<0, 8..<9, 10..<11, 12..<13, 0..<0])
    #expect(encoding.overflowing[1].wordIDs == [nil, 4, 5, 6, nil])
  }

  @Test func leftKeepsTheEnd() throws {
    let truncation = Truncation(maximumLength: 6, stride: 1, direction: .left)
    let encoding = try tokenizer.encode("a b c d e f g h i", truncation: truncation)
    #expect(encoding.tokens == ["[CLS]", "f", "g", "h", "i", "[SEP]"])
    #expect(
      encoding.overflowing.map(\.tokens) == [
        ["[CLS]", "c", "d", "e", "f", "[SEP]"], ["[CLS]", "a", "b", "c", "[SEP]"],
      ])
  }

  @Test func windowsOfBothSequencesMeet() throws {
    let encoding = try tokenizer.encode(
      "a b c", pair: "d e f", truncation: Truncation(maximumLength: 7))
    #expect(encoding.tokens == ["[CLS]", "a", "b", "[SEP]", "d", "e", "[SEP]"])
    #expect(
      encoding.overflowing.map(\.tokens) == [
        ["[CLS]", "c", "[SEP]", "d", "e", "[SEP]"], ["[CLS]", "c", "[SEP]", "f", "[SEP]"],
        ["[CLS]", "a", "b", "[SEP]", "f", "[SEP]"],
      ])
    #expect(encoding.typeIDs == [0, 0, 0, 0, 1, 1, 1])
    #expect(encoding.sequenceIDs == [nil, 0, 0, nil, 1, 1, nil])
  }

  @Test func overflowIsLeftOutOnRequest() throws {
    let truncation = Truncation(maximumLength: 4, keepsOverflow: false)
    let encoding = try tokenizer.encode("a b c d e f", truncation: truncation)
    #expect(encoding.tokens == ["[CLS]", "a", "b", "[SEP]"])
    #expect(encoding.overflowing.isEmpty)
    #expect(encoding.isTruncated)
    #expect(try !tokenizer.encode("a b", truncation: truncation).isTruncated)
  }

  @Test func partsOfTwoLongTextsHaveALimit() throws {
    let long = String(repeating: "a ", count: 1100)
    let truncation = Truncation(maximumLength: 5)
    #expect(throws: TokenizerError.tooManyParts(limit: 1_000_000)) {
      try tokenizer.encode(long, pair: long, truncation: truncation)
    }
    #expect(try tokenizer.encode(long, pair: "a", truncation: truncation).overflowing.count == 1099)
  }

  @Test func roomForSpecialTokensOnlyLeavesThemAlone() throws {
    let encoding = try tokenizer.encode("a b", truncation: Truncation(maximumLength: 2))
    #expect(encoding.tokens == ["[CLS]", "[SEP]"])
    #expect(encoding.overflowing.map(\.tokens) == [["[CLS]", "a", "b", "[SEP]"]])
  }

  @Test(arguments: [
    (Truncation(maximumLength: 1), TokenizerError.truncationTooShort(maximumLength: 1, needed: 3)),
    (Truncation(maximumLength: -5), .truncationTooShort(maximumLength: -5, needed: 3)),
    (
      Truncation(maximumLength: 6, strategy: .onlySecond),
      .truncationTooShort(maximumLength: 6, needed: 7)
    ),
    (Truncation(maximumLength: 6, stride: 1), .strideTooLong(stride: 1, room: 1)),
  ])
  func namesWhatDoesNotFit(truncation: Truncation, error: TokenizerError) {
    #expect(throws: error) { try tokenizer.encode("a b c", pair: "d e", truncation: truncation) }
  }

  @Test func onlySecondNeedsASecond() {
    #expect(throws: TokenizerError.noSecondSequence) {
      try tokenizer.encode(
        "a b c", truncation: Truncation(maximumLength: 4, strategy: .onlySecond))
    }
  }
}
