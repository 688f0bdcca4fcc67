import ArgumentParser
import Drawing
import Models
import Pipelines

/// `attention`: who looks at whom.
package struct AttentionCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "attention", abstract: "Show where each token looks: a heat map, ranked lines, or all heads.",
    discussion:
      """
      Layers and heads count from 0. Without --head the heads are averaged; without --layer, the last is shown. A model \
      with an encoder and a decoder has three attentions: the encoder's to the text; with --cross the decoder's to the \
      encoder, row for row as it writes its answer or --target; with --decoder the decoder's to what it has written.
      """)
  package static let group = CommandGroup.inside
  package static let example = #"attention "The cat sat because it was tired" --from it --top 3"#
  @Argument(help: "The text.") package var text: String
  @Option(help: "A second text.") package var pair: String?
  @Option(help: "Layer, from 0.") package var layer: Int?
  @Option(help: "Head, from 0; without it the mean of all.") package var head: Int?
  @Option(help: "Only the looks of this token: its text or its number, from 0.") package var from: String?
  @Option(help: "How many ranked lines.") package var top: Int = 5
  @Flag(help: "A small picture of every head of the layer.") package var heads = false
  @Flag(help: "Of the decoder to the encoder.") package var cross = false
  @Flag(help: "Of the decoder to what it has written.") package var decoder = false
  @Option(help: "The answer that a decoder writes; without it the model's own.") package var target: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if cross, decoder { throw ValidationError("--cross and --decoder are two attentions; choose one.") }
    if target != nil, !cross, !decoder { throw ValidationError("--target goes with --cross or --decoder.") }
    if pair != nil, cross || decoder { throw ValidationError("--pair is for a model that reads two texts at once.") }
  }

  package struct Look: Encodable {
    let token: String
    let position: Int
    let weight: Float
  }

  package struct HeadLook: Encodable {
    let layer: Int
    let head: Int
    let token: String
    let position: Int
    let weight: Float
  }

  package struct Answer: CommandAnswer {
    let text: String
    let pair: String?
    let part: AttentionPart
    /// Who looks.
    let tokens: [String]
    /// Who is looked at, where that is not the same.
    let seen: [String]?
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
    /// Every head's strongest look of `from`, strongest first; only with --heads and --from.
    let strongest: [HeadLook]?
  }

  package func answer(in session: Session) throws -> Answer {
    guard top >= 1 else { throw Failure("--top counts from 1, not \(top).", .usage) }
    let repository = try session.repository(common)
    let part: AttentionPart = cross ? .cross : decoder ? .decoder : .own
    let shape = part == .own ? repository.configuration.stack : repository.configuration.decoder
    guard let shape else { throw AttendingError.hasNoEncoder(model: repository.name) }
    let layer = try place(layer ?? shape.layers - 1, "layer", shape.layers)
    let head = try head.map { try place($0, "head", shape.heads) }
    let reading =
      part == .own
      ? try repository.attend(text, pair: pair)
      : try repository.attend(text, writing: answer(repository), part: part)
    session.note(cut: reading.isCut ? 1 : 0)
    let (tokens, seen) = (reading.tokens, reading.seen)
    let weights = reading.map(layer: layer, head: head)
    let position = try from.map { try Self.position(of: $0, in: tokens) }
    let looks = position.map { row in
      weights[row].enumerated().sorted { $0.element > $1.element }.prefix(top).map { column, weight in
        Look(token: seen[column], position: column, weight: weight)
      }
    }
    let maps = heads ? (0..<shape.heads).map { reading.map(layer: layer, head: $0) } : nil
    return Answer(
      text: text, pair: pair, part: part, tokens: tokens, seen: part == .own ? nil : seen, layer: layer,
      layers: shape.layers, head: head, from: position.map { tokens[$0] }, position: position,
      top: looks ?? Self.received(weights, seen, top), weights: weights,
      maps: maps, strongest: position.flatMap { row in maps.map { Self.strongest($0, row, layer, seen) } })
  }

  private static func strongest(_ maps: [[[Float]]], _ row: Int, _ layer: Int, _ seen: [String]) -> [HeadLook] {
    maps.enumerated().compactMap { head, map -> HeadLook? in
      guard let best = map[row].enumerated().max(by: { $0.element < $1.element }) else { return nil }
      return HeadLook(layer: layer, head: head, token: seen[best.offset], position: best.offset, weight: best.element)
    }.sorted { $0.weight > $1.weight }
  }

  /// The tokens of the answer whose writing is looked at.
  private func answer(_ repository: Repository) throws -> [Int32] {
    if let target { return try repository.answerIDs(target) }
    var settings = GenerationSettings()
    settings.maximumNewTokens = 128
    try repository.read(into: &settings)
    let written = try repository.write([text], settings, hooks: .stoppingAtOnce)[0]
    return written.first?.tokens.map { Int32($0.token) } ?? []
  }

  private func place(_ number: Int, _ what: String, _ count: Int) throws -> Int {
    guard (0..<count).contains(number) else {
      throw Failure("There is no \(what) \(number); this model has \(what)s 0 to \(count - 1).", .usage)
    }
    return number
  }

  /// The token that a person means: a number, or its text, with or without the mark of a piece; of several equal ones the
  /// first.
  private static func position(of wanted: String, in tokens: [String]) throws -> Int {
    if let number = Int(wanted), tokens.indices.contains(number) { return number }
    let plain = wanted.lowercased()
    let match =
      tokens.firstIndex { $0 == wanted } ?? tokens.firstIndex { $0.lowercased() == plain }
      ?? tokens.firstIndex { token in
        plain == ["##", "▁", "Ġ"].reduce(token.lowercased()) { $0.replacing($1.lowercased(), with: "") }
      }
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
    session.noteLooseWords(texts)
    let readings = try session.repository(common).embed(texts)
    session.note(cut: readings.count { $0.isCut })
    let vectors = readings.map(\.content)
    let pairs = zip(texts, vectors).dropFirst().map { Pair(text: $0, score: cosine(vectors[0], $1)) }
      .sorted { $0.score > $1.score }
    return Answer(text: texts[0], score: pairs.first?.score ?? 0, pairs: pairs)
  }
}
