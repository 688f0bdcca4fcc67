/// What may come next because it came before: the tokens that followed the last few ones where they stood earlier
/// (prompt lookup decoding, Saxena 2023). A model reads a guess and the token before it in one trip, for little more than
/// the token alone, and what it would not have written itself is dropped: a guess changes how long writing takes and not
/// what is written.
struct Guess {
  /// A trip's most tokens.
  private let most: Int
  /// How many to guess at present: more while guesses come true, fewer after one that failed.
  private var trust: Int
  private var tokens: [Int32] = []
  /// How many of them the model wrote itself.
  private var confirmed = 0

  /// Tokens that must have stood there in the same order.
  private static let runs = [3, 2]

  /// - Returns: nil where none are wanted
  init?(most: Int) {
    guard most > 0 else { return nil }
    self.most = most
    trust = min(3, most)
  }

  /// Whether the token that the model wrote is the next of the guess.
  mutating func confirms(_ token: Int32) -> Bool {
    guard confirmed < tokens.count, tokens[confirmed] == token else { return false }
    confirmed += 1
    return true
  }

  /// Guesses again, wiser by the last one.
  /// - Returns: none where nothing like it stood there before
  mutating func next(behind text: [Int32], most limit: Int) -> [Int32] {
    if confirmed < tokens.count {
      trust = max(1, min(trust - 1, 2 * confirmed))
    } else if !tokens.isEmpty {
      trust = min(most, 2 * trust + 1)
    }
    confirmed = 0
    tokens = Guess.following(text, count: min(trust, limit))
    return tokens
  }

  /// What followed the latest place with the longest run that the text ends with; round and round, where that is the end.
  private static func following(_ text: [Int32], count: Int) -> [Int32] {
    guard count > 0 else { return [] }
    for run in runs where text.count > run {
      let end = text[(text.count - run)...]
      for start in (0..<text.count - run).reversed() where text[start..<start + run].elementsEqual(end) {
        let followers = text[(start + run)...]
        return (0..<count).map { followers[followers.startIndex + $0 % followers.count] }
      }
    }
    return []
  }
}

extension TransformerModel {
  /// Whether a few tokens in one trip give the bits that they give one after the other. Quantised weights meet several
  /// rows in another order, and rounding a row to 8 bits makes of that another choice now and then.
  var readsRowsAlike: Bool { !parameters.contains { $0.isQuantized } }
}
