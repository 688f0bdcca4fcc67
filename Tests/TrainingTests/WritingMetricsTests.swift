import Foundation
import Testing
import Training

/// ROUGE and BLEU beside what rouge_score and sacrebleu say of the same texts (`Tests/Fixtures/metrics/written.py`).
@Suite struct WritingMetricsTests {
  private struct Golden: Decodable {
    struct Pair: Decodable {
      let written, reference: String
      let rouge1, rouge2, rougeL, bleu: Double
    }
    let pairs: [Pair]
    let corpus_bleu: [Double]
  }

  private let golden: Golden

  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/metrics/written.json")
    golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }

  @Test func countsWordsAsRougeScoreDoes() {
    for pair in golden.pairs {
      let rouge = Rouge(pair.written, reference: pair.reference)
      #expect(abs(rouge.one - pair.rouge1) < 1e-12, "\(pair)")
      #expect(abs(rouge.two - pair.rouge2) < 1e-12, "\(pair)")
      #expect(abs(rouge.longest - pair.rougeL) < 1e-12, "\(pair)")
    }
  }

  @Test func scoresACorpusAsSacrebleuDoes() {
    var corpus = BLEU()
    for (pair, wanted) in zip(golden.pairs, golden.corpus_bleu) {
      corpus.add(pair.written, reference: pair.reference)
      #expect(abs(corpus.score - wanted) < 1e-9, "\(pair)")
      var alone = BLEU()
      alone.add(pair.written, reference: pair.reference)
      #expect(abs(alone.score - pair.bleu) < 1e-9, "\(pair)")
    }
  }
}
