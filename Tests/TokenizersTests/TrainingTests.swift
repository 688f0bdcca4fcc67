import Foundation
import Testing
import Tokenizers

/// Training beside Hugging Face's trainers (see train.py): BPE equal to it, the other two no worse than by a hair.
@Suite struct TokenizerTrainingTests {
  private struct Learned: Decodable {
    let merges: [[String]]
    let wordpiece: Int
    let unigram: Int
  }

  private struct File: Decodable {
    struct Model: Decodable {
      let merges: [[String]]?
      let vocab: [String: Int]
    }
    let model: Model
  }

  private let learned: Learned

  init() throws {
    learned = try JSONDecoder().decode(Learned.self, from: TokenizerFixture.data("training/learned.json"))
  }

  private func words(_ kind: TrainingKind) throws -> WordCounts {
    var words = try kind.words(lowercases: true)
    words.add(file: [UInt8](try TokenizerFixture.data("training/text.txt"))) {}
    return words
  }

  private func train(_ kind: TrainingKind) throws -> Data {
    let words = try words(kind)
    if kind == .unigram {
      var settings = UnigramTrainer.Settings(size: 1200)
      settings.special = kind.recipe(lowercases: true).special
      var trainer = UnigramTrainer(words, settings)
      return TrainedTokenizer(kind, unigram: trainer.train { _ in }, lowercases: true).json
    }
    var trainer = BPETrainer(words, .init(kind, size: 1200, lowercases: true))
    while trainer.next() != nil {}
    return TrainedTokenizer(kind, trainer, lowercases: true).json
  }

  private func tokens(_ json: Data) throws -> Int {
    let tokenizer = try Tokenizer(json: json, name: "trained.json")
    let held = String(decoding: try TokenizerFixture.data("training/held.txt"), as: UTF8.self)
    return try held.split(separator: "\n", omittingEmptySubsequences: false)
      .reduce(0) { try $0 + tokenizer.encode(String($1), specialTokens: false).count }
  }

  @Test func mergesEqualTheReference() throws {
    let file = try JSONDecoder().decode(File.self, from: try train(.bpe))
    #expect(file.model.merges == learned.merges)
    #expect(file.model.vocab.count == 1200)
  }

  @Test func wordPieceNeedsNoMoreTokens() throws {
    #expect(Double(try tokens(train(.wordpiece))) <= 1.005 * Double(learned.wordpiece))
  }

  @Test func unigramNeedsNoMoreTokens() throws {
    #expect(Double(try tokens(train(.unigram))) <= 1.005 * Double(learned.unigram))
  }

  @Test(arguments: TrainingKind.allCases)
  func oneTextGivesOneVocabulary(kind: TrainingKind) throws {
    let json = try train(kind)
    #expect(try train(kind) == json)
    let tokenizer = try Tokenizer(json: json, name: "trained.json")
    #expect(tokenizer.vocabularySize == 1200)
    let ids = try tokenizer.encode("she was, perhaps, seventeen").ids.map { Int($0) }
    #expect(tokenizer.decode(ids, skippingSpecialTokens: true) == "she was, perhaps, seventeen")
  }

  @Test func stepsCanBeLookedAt() throws {
    var words = try TrainingKind.wordpiece.words(lowercases: true)
    words.add(line: "low low low low low lower lower newest newest newest newest newest newest widest widest widest")
    var trainer = BPETrainer(words, .init(.wordpiece, size: 100, lowercases: true))
    #expect(trainer.candidates(2).map(\.count) == [9, 9])
    let step = trainer.next()
    #expect(step == BPETrainer.Step(left: "##e", right: "##s", count: 9))
    #expect(trainer.newestPiece == "##es")
    #expect(trainer.pieces(ofWord: 2) == ["n", "##e", "##w", "##es", "##t"])
    #expect(trainer.candidates(1).first == BPETrainer.Step(left: "##es", right: "##t", count: 9))
    #expect(words.total == 16)
    #expect(words.count == 4)
  }
}
