import Foundation
import Testing
import Tokenizers

@Suite struct TraceTests {
  @Test func showsEveryStage() throws {
    let tokenizer = try TokenizerFixture.tokenizer("wordpiece-uncased")
    let trace = try tokenizer.trace("Café, [MASK]", pair: "日")
    #expect(trace.sequences.map(\.original) == ["Café, [MASK]", "日"])
    #expect(trace.sequences.map(\.normalized) == ["cafe, [MASK]", " 日 "])
    #expect(
      trace.sequences[0].words == [
        .init("cafe", 0..<4, isAdded: false), .init(",", 4..<5, isAdded: false),
        .init("[MASK]", 6..<12, isAdded: true),
      ])
    #expect(trace.encoding.tokens.first == "[CLS]")
  }

  /// The trace takes the stages one by one, `encode` a short cut: they must agree on every text.
  @Test(arguments: [
    ("minilm", "minilm"), ("wordpiece-cased", "unicode-cased"), ("wordpiece-uncased", "unicode-uncased"),
    ("added-tokens", "added-tokens"), ("gpt2", "unicode-gpt2"), ("roberta-base", "unicode-roberta-base"),
    ("t5-small", "unicode-t5-small"), ("unigram-t5", "unicode-unigram-t5"),
  ])
  func agreesWithEncode(name: String, golden: String) throws {
    let tokenizer = try TokenizerFixture.tokenizer(name)
    let lines = try TokenizerFixture.data(golden + "/golden.jsonl").split(separator: 10)
    var texts = try lines.map { line in
      (try JSONSerialization.jsonObject(with: line) as? [String: Any])?["text"] as? String ?? ""
    }
    texts += [1, 99, 100, 101, 255, 256, 257, 600].flatMap { count in
      ["a", "é", "a.", "a\u{0}", "a\u{301}"].map { String(repeating: $0, count: count) + " b" }
    }
    texts.append(texts.joined(separator: " "))
    for text in texts {
      let (encoding, traced) = (try tokenizer.encode(text), try tokenizer.trace(text).encoding)
      #expect(encoding.ids == traced.ids)
      #expect(encoding.offsets == traced.offsets)
      #expect(encoding.wordIDs == traced.wordIDs)
      #expect(encoding.tokens == traced.tokens)
    }
  }
}
