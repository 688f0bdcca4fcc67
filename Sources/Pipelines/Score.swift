import Foundation
import Layers
import Models
import Tensors
import Tokenizers

/// A token of a text, and how much a model expected it.
package struct ScoredToken: Encodable, Sendable, Equatable {
  package let token: Int
  package let tokenText: String
  /// Where it stands in the text, in Unicode scalars; nil for one that the tokenizer added.
  package let start: Int?
  package let end: Int?
  /// The natural logarithm of its probability behind what stands before it; nil for the first.
  package let logProbability: Double?
  /// Its place among all tokens by probability, from 1.
  package let rank: Int?

  enum CodingKeys: String, CodingKey {
    case token
    case tokenText = "token_str"
    case start, end
    case logProbability = "logprob"
    case rank
  }
}

/// How much a model expected a text.
package struct ScoredText: Sendable, Equatable {
  package let tokens: [ScoredToken]
  /// The mean of -log p over the tokens that have one; nil where none has.
  package let loss: Double?
  package var perplexity: Double? { loss.map(exp) }
}

extension Repository {
  /// The log probability of every token of a text behind those before it. A text longer than the model reads goes through
  /// it in windows of that length, each half over the one before.
  package func score(_ text: String) throws -> ScoredText {
    guard kind == .causalWords else { throw WritingError.doesNotWrite(model: name) }
    let model = try model()
    let tokenizer = try tokenizer()
    let encoding = try tokenizer.encode(text)
    guard encoding.count > 0 else { throw InputError.empty }
    let limit = min(try maximumTokens(), Repository.tokensAtOnce)
    var scores: [(logProbability: Double, rank: Int)?] = [nil]
    var start = 0
    while scores.count < encoding.count {
      let end = min(encoding.count, start + limit)
      let known = scores.count
      try model.eachLogits(
        of: Array(encoding.ids[start..<end]), rows: known - start - 1..<end - start - 1
      ) { row, logits in
        let logit = logits[Int(encoding.ids[start + row + 1])]
        scores.append((Double(logit) - logSumOfExponentials(logits), 1 + logits.count { $0 > logit }))
      }
      start = end - limit / 2
    }
    let tokens = encoding.ids.indices.map { place in
      let offsets = encoding.offsets[place]
      let isAdded = encoding.specialMask[place]
      return ScoredToken(
        token: Int(encoding.ids[place]),
        tokenText: tokenizer.decode([Int(encoding.ids[place])], skippingSpecialTokens: false),
        start: isAdded ? nil : Int(offsets.lowerBound), end: isAdded ? nil : Int(offsets.upperBound),
        logProbability: scores[place]?.logProbability, rank: scores[place]?.rank)
    }
    let known = scores.compactMap { $0?.logProbability }
    return ScoredText(
      tokens: tokens, loss: known.isEmpty ? nil : -known.reduce(0, +) / Double(known.count))
  }
}

private func logSumOfExponentials(_ logits: UnsafeBufferPointer<Float>) -> Double {
  let largest = Double(logits.max() ?? 0)
  return largest + log(logits.reduce(0.0) { $0 + exp(Double($1) - largest) })
}
