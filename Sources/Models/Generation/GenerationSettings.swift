import Tensors

/// How a continuation is chosen, word by word: the fields of Hugging Face's `GenerationConfig` that change what comes out.
package struct GenerationSettings: Sendable, Equatable {
  /// When a beam search ends.
  package enum EarlyStopping: Sendable, Equatable {
    /// As soon as there are as many finished continuations as beams.
    case atOnce
    /// When the best beam, judged at its present length, cannot beat the worst of the finished.
    case likely
    /// When it cannot, at any length.
    case never
  }

  // How long
  package var maximumNewTokens = 20
  /// New tokens for each of the source, of a pair; where it is set, it counts instead.
  package var newTokensPerSource: Float?
  /// Of prompt and continuation together; where it is set, it counts instead.
  package var maximumLength: Int?
  package var minimumNewTokens = 0
  /// Tokens that a decoder looks at at most: when they are full it lets the older half go and reads the rest anew, so that
  /// a text may grow beyond the model's limit. Nil: the limit ends it.
  package var window: Int?
  /// Of prompt and continuation together.
  package var minimumLength = 0
  /// Tokens that end a continuation.
  package var endIDs: Set<Int32> = []

  // Which words may come
  /// The first token behind a start of one, and the last one where the length runs out.
  package var forcedFirstID: Int32?, forcedLastID: Int32?
  package var suppressed: [Int32] = []
  /// Not as the first new token.
  package var suppressedFirst: [Int32] = []
  /// Sequences of tokens that must not come.
  package var banned: [[Int32]] = []
  /// No run of that many tokens comes twice; 0 allows all.
  package var uniqueRun = 0
  /// Divides the positive and multiplies the negative logits of every token that was there (Keskar et al. 2019).
  package var repetitionPenalty: Float = 1
  /// Taken off a logit for each time that the token was generated, and once if it was.
  package var frequencyPenalty: Float = 0, presencePenalty: Float = 0

  // Drawing one
  package var draws = false
  package var temperature: Float = 1
  /// Only so many of the likeliest.
  package var topCount: Int? = 50
  /// Only the likeliest that make up this much probability (Holtzman et al. 2020).
  package var topMass: Float = 1
  /// Only those with this share of the likeliest one's probability (Nguyen et al. 2024).
  package var leastShare: Float?
  /// Only those whose surprise is nearest to the expected one, up to this much probability (Meister et al. 2023).
  package var typicalMass: Float = 1
  package var seed: UInt64 = 0

  // Searching
  package var beams = 1
  /// The exponent of the length by which a beam's log probability is divided.
  package var lengthPenalty: Float = 1
  package var earlyStopping = EarlyStopping.likely
  /// The weight of not repeating states against probability (Su et al. 2022); with `topCount` candidates.
  package var contrast: Float?
  /// Continuations for each input.
  package var count = 1

  /// Tokens that are guessed at most from what stood in the text before and read together with the next one, where a
  /// single text is continued with the likeliest each time; 0 reads each by itself. Float weights are read from memory
  /// once for all of a trip, which is most of what it costs.
  package var lookupTokens = GenerationSettings.mostLookupTokens
  /// With the token before them as many rows as give the bits that each would give alone.
  package static let mostLookupTokens = Products.fewRows - 1

  package init() {}
}

/// Why a continuation ended.
package enum Ending: Sendable, Equatable {
  /// A token that ends.
  case end
  /// As long as asked for, or as the model can read.
  case length
  /// What it was told to stop at.
  case stop
  /// Whoever watched did not want more.
  case halted
}

/// What a model wrote behind an input.
package struct Continuation: Sendable, Equatable {
  /// The prompt, or the start of a pair's decoder, and behind it what was written.
  package internal(set) var tokens: [Int32]
  package let promptCount: Int
  /// The natural logarithm of each written token's probability, before anything was suppressed or penalised.
  package internal(set) var logProbabilities: [Float] = []
  /// A beam's sum of log probabilities, divided by its length's power; nil without beams.
  package internal(set) var score: Float?
  package internal(set) var ending = Ending.length
  /// How often all inputs went through the model for this; nil for what was searched.
  package internal(set) var trips: Int?

  package var written: ArraySlice<Int32> { tokens[promptCount...] }
  /// The same without the token that ended it: that is no part of the text, whether or not the tokenizer knows it for
  /// special.
  package var said: ArraySlice<Int32> { ending == .end ? written.dropLast() : written }
}
