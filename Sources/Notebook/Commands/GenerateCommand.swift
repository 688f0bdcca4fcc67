import ArgumentParser
import Drawing
import Models
import Pipelines

/// `generate`: what a model writes behind a text.
package struct GenerateCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Continue texts, token by token.",
    discussion: """
      The likeliest token each time, unless the model's generation_config.json or an option says otherwise: an option \
      of drawing draws, --num-beams searches. Ctrl-C ends it and keeps what is there. A model with an encoder answers \
      the text instead of continuing it.
      """,
    aliases: ["text-generation"])
  package static let group = CommandGroup.tasks
  package static let example = #"generate "Once upon a time" --max-new-tokens 20"#
  @Argument(help: "Texts.") package var texts: [String] = []
  @Flag(
    name: [.customLong("show-probabilities"), .customLong("probabilities")],
    help: "Shade each token by its probability.")
  package var showsProbabilities = false
  @Flag(
    name: .customLong("show-entropy"), help: "Shade each token by how open the choice was, in nats.")
  package var showsEntropy = false
  @Flag(name: .customLong("show-beams"), help: "Draw all that a search with --num-beams kept, as a tree.")
  package var showsBeams = false
  @OptionGroup(title: "Writing") package var options: GenerationOptions
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws { try input.check(common, texts: texts) }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let text: String
    /// The best or only one.
    let generatedText: String
    let sequences: [WrittenText]
    /// Only with --show-beams.
    let beams: BeamTree?
    let isPrompted: Bool
    let shades: [Shade]

    enum CodingKeys: String, CodingKey {
      case id, line, text
      case generatedText = "generated_text"
      case sequences, beams
    }
  }

  /// What tints the tokens of a text.
  enum Shade { case probability, entropy }

  package struct Whole: CommandAnswer {
    let text: String
    let generatedText: String
    let model: String
    let newTokens: Int
    /// Above 1 where guesses at repetitions came true; nil for what was searched.
    let tokensPerTrip: Double?
    let seconds: Double
    let results: [Row]

    enum CodingKeys: String, CodingKey {
      case text
      case generatedText = "generated_text"
      case model
      case newTokens = "new_tokens"
      case tokensPerTrip = "tokens_per_trip"
      case seconds, results
    }
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.writingModel(common)
    let settings = try options.settings(repository, usual: 128)
    if showsBeams, settings.beams < 2 {
      throw Failure("--show-beams draws a search; give --num-beams 2 or more.", .usage)
    }
    if showsEntropy, settings.beams > 1 {
      throw Failure("--show-entropy looks at one choice after the other; leave out --num-beams.", .usage)
    }
    let shades = (showsProbabilities ? [Shade.probability] : []) + (showsEntropy ? [.entropy] : [])
    // Reading the weights is no part of the writing.
    _ = try repository.model()
    let start = ContinuousClock.now
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name
    ) { inputs in
      try inputs.map { input in
        var tree = showsBeams ? BeamTree() : nil
        let sequences = try session.write(input.text, repository, settings, stops: options.stops, tree: &tree)
        return Row(
          id: input.id, line: input.line, text: input.text, generatedText: sequences.first?.generatedText ?? "",
          sequences: sequences, beams: tree, isPrompted: repository.kind == .causalWords, shades: shades)
      }
    } whole: { rows in
      guard let first = rows.first else { throw InputError.empty }
      let tokens = rows.reduce(0) { $0 + $1.sequences.reduce(0) { $0 + $1.tokens.count } }
      let trips = rows.reduce(0) { $0 + ($1.sequences.first?.trips ?? 0) }
      return Whole(
        text: first.text, generatedText: first.generatedText, model: repository.name, newTokens: tokens,
        tokensPerTrip: trips > 0 ? Double(tokens) / Double(trips) : nil,
        seconds: (ContinuousClock.now - start).seconds, results: rows)
    }
  }
}

extension Session {
  /// The model that continues texts: the one that a command names, or the session's.
  func writingModel(_ common: CommonOptions) throws -> Repository {
    if let named = common.model { return try model(named) }
    if let chosen = settings.model, case let repository = try model(chosen), repository.writes { return repository }
    return try taskModel(.causalWords, common)
  }

  /// Writes behind one text, and shows it as it comes. An interrupt ends it and keeps what is there.
  /// - Parameter tree: takes up what a search kept, and is drawn as it grows
  func write(
    _ text: String, _ repository: Repository, _ settings: GenerationSettings, stops: [String], tree: inout BeamTree?
  ) throws -> [WrittenText] {
    let isAlone = settings.count == 1 && settings.beams == 1
    let tokenizer = try repository.tokenizer()
    var written = ""
    var growing = tree
    defer { screen.endLive() }
    let sequences = try repository.write(
      [text], settings, stops: stops,
      hooks: WritingHooks(
        onPiece: { _, piece in
          written += piece
          if isAlone { self.screen.live(.text(.init([.init(text, .faint), .init(written)])), followsEnd: true) }
          return !Interrupt.shouldStop
        },
        onBeams: { step in
          growing?.add(step) { tokenizer.text(of: $1, behind: $0) }
          if let growing { self.screen.live(growing.drawing(text), followsEnd: true) }
          return !Interrupt.shouldStop
        }))[0]
    growing?.choose(sequences.first?.tokens.map(\.token) ?? [])
    tree = growing
    return sequences
  }
}
