import Foundation
import Testing
import Tokenizers

/// Tokenizers from what a GGUF file says: the fixtures' own vocabularies, spelt as such a file spells them.
@Suite struct GGUFVocabularyTests {
  private struct File: Decodable {
    struct Model: Decodable {
      let vocab: [String: Int]
      let merges: [Merge]?
    }
    /// `"a b"` or `["a", "b"]`.
    struct Merge: Decodable {
      let text: String
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
          self.text = text
        } else {
          text = try container.decode([String].self).joined(separator: " ")
        }
      }
    }
    struct Added: Decodable {
      let id: Int
      let content: String
    }
    let model: Model
    let added_tokens: [Added]
  }

  private static func vocabulary(
    _ name: String, _ model: String, spell: (String) -> String = { $0 }
  ) throws
    -> GGUFVocabulary
  {
    let file = try JSONDecoder().decode(File.self, from: TokenizerFixture.data(name + "/tokenizer.json"))
    var vocabulary = GGUFVocabulary(model: model)
    let special = Set(file.added_tokens.map(\.id))
    var pieces = file.model.vocab
    for token in file.added_tokens { pieces[token.content] = token.id }
    let sorted = pieces.sorted { $0.value < $1.value }
    vocabulary.tokens = PackedTexts(sorted.map { special.contains($0.value) ? $0.key : spell($0.key) })
    vocabulary.kinds = sorted.map { (special.contains($0.value) ? PieceKind.control : .normal).rawValue }
    vocabulary.merges = PackedTexts((file.model.merges ?? []).map(\.text))
    return vocabulary
  }

  static func bert() throws -> GGUFVocabulary {
    try vocabulary("minilm", "bert") { piece in
      if piece.hasPrefix("##") { return String(piece.dropFirst(2)) }
      return piece.hasPrefix("[") && piece.hasSuffix("]") ? piece : "▁" + piece
    }
  }

  static func gpt2(pre: String? = "gpt-2") throws -> GGUFVocabulary {
    var vocabulary = try vocabulary("gpt2", "gpt2")
    vocabulary.pre = pre
    return vocabulary
  }

  static func llama(_ name: String = "pairs-llama") throws -> GGUFVocabulary {
    let model = try SentencePieceModel(SentencePieceTests.data(name + ".model"), file: name)
    var vocabulary = GGUFVocabulary(model: "llama")
    for id in 0..<model.texts.count {
      let text = model.texts.text(id) ?? ""
      vocabulary.tokens.append((model.kinds[id] == .userDefined ? text.replacing("▁", with: " ") : text).utf8)
    }
    vocabulary.scores = model.scores
    vocabulary.kinds = model.kinds.map(\.rawValue)
    return vocabulary
  }

  private func differences(_ vocabulary: GGUFVocabulary, _ golden: String) throws -> TokenizerVerification {
    try TokenizerVerification(
      try Tokenizer(gguf: vocabulary, name: "t.gguf"), golden: TokenizerFixture.data(golden), name: golden)
  }

  @Test func bertReproducesEveryField() throws {
    #expect(try differences(Self.bert(), "minilm/golden.jsonl").firstDifference == nil)
    let tokenizer = try Tokenizer(gguf: Self.bert(), name: "t.gguf")
    #expect(tokenizer.special.classifier == 101)
    #expect(tokenizer.special.mask == 103)
    #expect(tokenizer.kind == "WordPiece")
  }

  @Test(arguments: ["gpt2/golden.jsonl", "unicode-gpt2/golden.jsonl"])
  func byteLevelReproducesEveryField(golden: String) throws {
    #expect(try differences(Self.gpt2(), golden).firstDifference == nil)
  }

  @Test(arguments: ["pairs-llama", "pairs-gemma"])
  func llamaReproducesEveryID(name: String) throws {
    var vocabulary = try Self.llama(name)
    vocabulary.addsBeginning = false
    vocabulary.addsSpacePrefix = name == "pairs-llama"
    #expect(try differences(vocabulary, "sentencepiece/\(name).jsonl").firstDifference == nil)
  }

  @Test func t5ReproducesEveryID() throws {
    var vocabulary = try Self.llama("unigram-t5")
    vocabulary.model = "t5"
    vocabulary.addsEnd = false
    #expect(try differences(vocabulary, "sentencepiece/unigram-t5.jsonl").firstDifference == nil)
    vocabulary.addsEnd = nil
    #expect(try Tokenizer(gguf: vocabulary, name: "t.gguf").encode("she").tokens == ["▁she", "</s>"])
  }

  @Test func specialTokensStandWhereTheFileSays() throws {
    var vocabulary = try Self.llama()
    #expect(try Tokenizer(gguf: vocabulary, name: "t.gguf").encode("she").tokens == ["<s>", "▁she"])
    vocabulary.addsEnd = true
    #expect(try Tokenizer(gguf: vocabulary, name: "t.gguf").encode("she").tokens == ["<s>", "▁she", "</s>"])
    var roberta = try Self.gpt2(pre: "roberta-bpe")
    roberta.beginning = 50256
    roberta.end = 50256
    #expect(
      try Tokenizer(gguf: roberta, name: "t.gguf").encode("a", pair: "b").ids == [50256, 64, 50256, 50256, 65, 50256])
  }

  /// No known way to split loses a character.
  @Test(arguments: GGUFVocabulary.knownSplittings)
  func everySplittingKeepsTheText(pre: String) throws {
    let tokenizer = try Tokenizer(gguf: Self.gpt2(pre: pre), name: "t.gguf")
    let text = "Don't  stop at 12345, où l'été\r\n\r\n  日本語です。 Привет, мир! 1 000 000 $x+y=z$\tend "
    let encoding = try tokenizer.encode(text, specialTokens: false)
    if tokenizer.decode(encoding.ids.map { Int($0) }, skippingSpecialTokens: false) != text {
      #expect(["gemma4", "sarvam-moe"].contains(pre))
    }
    #expect(encoding.count > 20)
  }

  private func expect(_ error: TokenizerError, _ change: (inout GGUFVocabulary) -> Void) throws {
    var vocabulary = try Self.llama()
    change(&vocabulary)
    #expect(throws: error) { try Tokenizer(gguf: vocabulary, name: "t.gguf") }
  }

  @Test func namesWhatIsWrong() throws {
    let count = try Self.llama().tokens.count
    try expect(.unknownKind(file: "t.gguf", stage: "tokenizer.ggml.model", kind: "rwkv")) { $0.model = "rwkv" }
    try expect(.unknownKind(file: "t.gguf", stage: "tokenizer.ggml.pre", kind: "klingon")) {
      $0.model = "gpt2"
      $0.pre = "klingon"
    }
    let problem = FileProblem.wrongCount(list: "tokenizer.ggml.scores", found: count - 1, expected: count)
    try expect(.damaged(file: "t.gguf", problem: problem)) { $0.scores.removeLast() }
    try expect(.missingID(file: "t.gguf", id: count)) { $0.beginning = count }
    try expect(.emptyVocabulary(file: "t.gguf")) { $0.tokens = PackedTexts() }
    try expect(.damaged(file: "t.gguf", problem: .repeatedPiece("▁she", id: count))) {
      $0.tokens.append("▁she".utf8)
      $0.scores.append(0)
      $0.kinds.append(1)
    }
  }
}
