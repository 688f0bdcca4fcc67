import Foundation
import Layers
import Models
import Tensors
import Tokenizers

/// One word for a gap.
package struct Filling: Encodable, Sendable, Equatable {
  package let score: Double
  package let token: Int
  package let tokenText: String
  /// The text with the word in its place, as the tokenizer decodes it.
  package let sequence: String

  enum CodingKeys: String, CodingKey {
    case score, token
    case tokenText = "token_str"
    case sequence
  }
}

/// Why a text has no gap that can be filled.
package enum FillError: Error, Sendable, Equatable {
  /// The text does not hold the model's mask, or only behind the model's limit.
  case noMask(text: String, mask: String)
  /// The tokenizer has no token for a gap.
  case noMaskToken(model: String)
  /// A target has no token at all.
  case emptyTarget(String)
}

/// A word that a gap may be filled with, and the token that stands for it.
package struct FillTarget: Sendable, Equatable {
  package let word: String
  package let token: Int
  /// The word is no single token; this is its first one.
  package let isPart: Bool
}

extension Repository {
  /// The text of the token that marks a gap.
  /// - Throws: `FillError.noMaskToken`
  package func maskToken() throws -> (id: Int, text: String) {
    let tokenizer = try tokenizer()
    guard let id = tokenizer.special.mask, let text = tokenizer.token(of: id) else {
      throw FillError.noMaskToken(model: name)
    }
    return (id, text)
  }

  /// The token of each word, in their order; of a word that is several, the first.
  package func fillTargets(_ words: [String]) throws -> [FillTarget] {
    let tokenizer = try tokenizer()
    return try words.map { word in
      if let id = tokenizer.id(of: word) { return FillTarget(word: word, token: id, isPart: false) }
      guard let id = try tokenizer.encode(word, specialTokens: false).ids.first else {
        throw FillError.emptyTarget(word)
      }
      return FillTarget(word: word, token: Int(id), isPart: true)
    }
  }

  /// The likeliest words for every gap of each text, each gap by itself: the others stay gaps.
  /// - Parameter targets: the only tokens to look at; nil looks at all
  /// - Returns: for each text its [gaps][words]
  /// - Throws: `RepositoryError.noHead`, `FillError.noMask`
  package func fill(_ texts: [String], count: Int = 5, targets: [Int]? = nil) throws -> [Reading<[[Filling]]>] {
    try require(.maskedWords)
    let mask = try maskToken()
    let encodings = try encode(texts.map { ($0, nil) })
    let gaps = try zip(texts, encodings).map { text, encoding in
      let gaps = encoding.ids.indices.filter { Int(encoding.ids[$0]) == mask.id }
      guard !gaps.isEmpty else { throw FillError.noMask(text: text, mask: mask.text) }
      return gaps
    }
    var results = texts.map { _ in [[Filling]]() }
    try forEachBatch(encodings) { places, batch, model in
      let rows = places.enumerated().flatMap { sequence, place in
        gaps[place].map { Int32(batch.boundaries[sequence] + $0) }
      }
      let logits = model(batch, Pass(boundaries: batch.boundaries), rows: rows)  // [gaps, words]
      var row = 0
      for place in places {
        results[place] = try gaps[place].map { gap in
          defer { row += 1 }
          let best = FillTable(logits.row(row), targets).best(count)
          return try fillings(best, encodings[place].ids, gap: gap, isOnly: gaps[place].count == 1)
        }
      }
    }
    return readings(results, encodings)
  }

  private func fillings(
    _ best: [(token: Int, score: Double)], _ ids: [Int32], gap: Int, isOnly: Bool
  ) throws -> [Filling] {
    let tokenizer = try tokenizer()
    return best.map { token, score in
      var filled = ids.map(Int.init)
      filled[gap] = token
      filled.removeAll { $0 == tokenizer.special.padding }
      // Special tokens make way for readable text, unless other gaps would go with them.
      return Filling(
        score: score, token: token, tokenText: tokenizer.decode([token], skippingSpecialTokens: false),
        sequence: tokenizer.decode(filled, skippingSpecialTokens: isOnly))
    }
  }
}

/// The probabilities of all words for one gap.
private struct FillTable {
  let probabilities: [Double]
  let candidates: [Int]

  init(_ logits: [Float], _ targets: [Int]?) {
    probabilities = Pipelines.probabilities(logits)
    let all = probabilities.indices
    candidates = targets.map { Array(Set($0)).sorted().filter(all.contains) } ?? Array(all)
  }

  /// The likeliest candidates; of equally likely ones, those of the smaller id.
  func best(_ count: Int) -> [(token: Int, score: Double)] {
    var best: [Int] = []
    for token in candidates {
      let isIn = best.count < count || best.last.map { probabilities[token] > probabilities[$0] } ?? false
      guard isIn else { continue }
      let place = best.firstIndex { probabilities[token] > probabilities[$0] } ?? best.count
      best.insert(token, at: place)
      if best.count > count { best.removeLast() }
    }
    return best.map { ($0, probabilities[$0]) }
  }
}
