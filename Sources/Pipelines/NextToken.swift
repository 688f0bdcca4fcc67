import Foundation
import Models
import Tensors

/// A token that may come next.
package struct NextToken: Encodable, Sendable, Equatable {
  package let token: Int
  package let tokenText: String
  package let score: Double

  enum CodingKeys: String, CodingKey {
    case token
    case tokenText = "token_str"
    case score
  }
}

/// What a model expects behind a text.
package struct Expectation: Sendable, Equatable {
  /// The likeliest first.
  package let tokens: [NextToken]
  /// Of the whole distribution, in nats, before it was narrowed.
  package let entropy: Double
  /// How many tokens narrowing left.
  package let kept: Int
}

extension Repository {
  /// The likeliest tokens behind a text; of a model with an encoder, the first of its answer.
  /// - Parameter settings: narrow the choice and shape its probabilities
  package func expect(_ text: String, count: Int = 10, _ settings: GenerationSettings) throws -> Expectation {
    let ids = try input(text)
    let model = try model()
    let tokenizer = try tokenizer()
    return try model.withNextLogits(ids) { logits in
      let candidates = Candidates(logits, settings)
      let best = zip(candidates.all, candidates.probabilities).prefix(count).map { candidate, probability in
        NextToken(
          token: Int(candidate.id), tokenText: tokenizer.decode([Int(candidate.id)], skippingSpecialTokens: false),
          score: Double(probability))
      }
      return Expectation(tokens: best, entropy: Distribution(logits).entropy, kept: candidates.all.count)
    }
  }
}
