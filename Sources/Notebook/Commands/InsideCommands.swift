import ArgumentParser
import Drawing
import Pipelines

/// `attention`: who looks at whom.
package struct AttentionCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "attention", abstract: "Show where each token looks: a heat map, ranked lines, or all heads.",
    discussion:
      "Layers and heads count from 0. Without --head the heads are averaged; without --layer, the last is shown.")
  package static let group = CommandGroup.inside
  package static let example = #"attention "The cat sat because it was tired" --from it --top 3"#
  @Argument(help: "The text.") package var text: String
  @Option(help: "A second text.") package var pair: String?
  @Option(help: "Layer, from 0.") package var layer: Int?
  @Option(help: "Head, from 0; without it the mean of all.") package var head: Int?
  @Option(help: "Only the looks of this token: its text or its number, from 0.") package var from: String?
  @Option(help: "How many ranked lines.") package var top: Int = 5
  @Flag(help: "A small picture of every head of the layer.") package var heads = false
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Look: Encodable {
    let token: String
    let position: Int
    let weight: Float
  }

  package struct Answer: CommandAnswer {
    let text: String
    let pair: String?
    let tokens: [String]
    let layer: Int
    let layers: Int
    /// nil: the mean over heads
    let head: Int?
    let from: String?
    let position: Int?
    /// The strongest looks of `from`, or of the whole map.
    let top: [Look]
    /// [from][to]; with `heads`, of the mean
    let weights: [[Float]]
    /// [head][from][to], only with --heads
    let maps: [[[Float]]]?
  }

  package func answer(in session: Session) throws -> Answer {
    guard top >= 1 else { throw Failure("--top counts from 1, not \(top).", .usage) }
    let repository = try session.repository(common)
    let configuration = repository.configuration
    let layer = try place(layer ?? configuration.layers - 1, "layer", configuration.layers)
    let head = try head.map { try place($0, "head", configuration.heads) }
    let reading = try repository.attend(text, pair: pair)
    let tokens = reading.encoding.tokens
    let weights = reading.map(layer: layer, head: head)
    let position = try from.map { try Self.position(of: $0, in: tokens) }
    let looks = position.map { row in
      weights[row].enumerated().sorted { $0.element > $1.element }.prefix(top).map { column, weight in
        Look(token: tokens[column], position: column, weight: weight)
      }
    }
    return Answer(
      text: text, pair: pair, tokens: tokens, layer: layer, layers: configuration.layers, head: head,
      from: position.map { tokens[$0] }, position: position, top: looks ?? Self.received(weights, tokens, top),
      weights: weights,
      maps: heads ? (0..<configuration.heads).map { reading.map(layer: layer, head: $0) } : nil)
  }

  private func place(_ number: Int, _ what: String, _ count: Int) throws -> Int {
    guard (0..<count).contains(number) else {
      throw Failure("There is no \(what) \(number); this model has \(what)s 0 to \(count - 1).", .usage)
    }
    return number
  }

  /// The token that a person means: a number, or its text, with or without `##`; of several equal ones the first.
  private static func position(of wanted: String, in tokens: [String]) throws -> Int {
    if let number = Int(wanted), tokens.indices.contains(number) { return number }
    let plain = wanted.lowercased()
    let match =
      tokens.firstIndex { $0 == wanted } ?? tokens.firstIndex { $0.lowercased() == plain }
      ?? tokens.firstIndex { $0.lowercased().replacing("##", with: "") == plain }
    guard let match else {
      throw Failure(
        "'\(sanitized(wanted))' is no token of this text; it has \(tokens.map { sanitized($0) }.joined(separator: " ")).",
        .usage)
    }
    return match
  }

  /// Who is looked at most, on average over all tokens.
  private static func received(_ weights: [[Float]], _ tokens: [String], _ count: Int) -> [Look] {
    let sums = tokens.indices.map { column in weights.reduce(0) { $0 + $1[column] } / Float(max(1, weights.count)) }
    return sums.enumerated().sorted { $0.element > $1.element }.prefix(count).map { column, weight in
      Look(token: tokens[column], position: column, weight: weight)
    }
  }
}

/// `similar`: how near texts are in meaning.
package struct SimilarCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "similar", abstract: "Compare the meaning of texts: the cosine of their vectors, 1 is the same.",
    discussion: "With more than two texts the first is compared with all others.")
  package static let group = CommandGroup.inside
  package static let example = #"similar "A man is eating food." "Someone has a meal.""#
  @Argument(help: "Two texts or more.") package var texts: [String]
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if texts.count < 2 { throw ValidationError("Give two texts or more.") }
  }

  package struct Pair: Encodable {
    let text: String
    let score: Double
  }

  package struct Answer: CommandAnswer {
    let text: String
    /// The likeness of the nearest.
    let score: Double
    /// The other texts, nearest first.
    let pairs: [Pair]
  }

  package func answer(in session: Session) throws -> Answer {
    let vectors = try session.repository(common).embed(texts)
    let pairs = zip(texts, vectors).dropFirst().map { Pair(text: $0, score: cosine(vectors[0], $1)) }
      .sorted { $0.score > $1.score }
    return Answer(text: texts[0], score: pairs.first?.score ?? 0, pairs: pairs)
  }
}
