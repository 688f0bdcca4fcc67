import Testing
import Tokenizers

/// Texts made to be slow or to break, about a megabyte each: a quadratic step would not end within a minute.
@Suite(.timeLimit(.minutes(1))) struct HostileTextTests {
  enum Hostile: String, CaseIterable {
    case nothing, loneMark, longWord, marks, marksOnIdeograph, controls, almostAdded, added, ideographs

    var text: String {
      let marks = [0x323, 0x301, 0x345, 0x334, 0x31B].compactMap(Unicode.Scalar.init)
      let manyMarks = String(String.UnicodeScalarView((0..<100_000).map { marks[$0 % 5] }))
      return switch self {
      case .nothing: ""
      case .loneMark: "\u{301}"
      case .longWord: String(repeating: "a", count: 1 << 20)
      case .marks: "a" + manyMarks
      case .marksOnIdeograph: "日" + manyMarks
      case .controls: String(repeating: "\u{0}", count: 1 << 20)
      case .almostAdded: String(repeating: "[MASK", count: 200_000)
      case .added: String(repeating: "[MASK]", count: 170_000)
      case .ideographs: String(repeating: "日", count: 300_000)
      }
    }

    /// How many tokens the text has beside the two special ones.
    var count: Int {
      switch self {
      case .nothing, .loneMark, .controls: 0
      case .longWord, .marks, .marksOnIdeograph: 1
      case .almostAdded: 400_000
      case .added: 170_000
      case .ideographs: 300_000
      }
    }
  }

  @Test(arguments: ["gpt2", "roberta-base", "t5-small", "unigram-t5"], Hostile.allCases)
  func endsSoonInOtherFamilies(name: String, hostile: Hostile) throws {
    let text = hostile.text
    let encoding = try TokenizerFixture.tokenizer(name).encode(text)
    let scalars = text.unicodeScalars.count
    #expect(encoding.offsets.allSatisfy { $0.upperBound <= scalars })
  }

  @Test(arguments: Hostile.allCases)
  func endsSoon(hostile: Hostile) throws {
    let text = hostile.text
    let encoding = try TokenizerFixture.tokenizer("minilm").encode(text)
    #expect(encoding.count == hostile.count + 2)
    let scalars = text.unicodeScalars.count
    #expect(encoding.offsets.allSatisfy { $0.upperBound <= scalars })
  }
}
