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
  package static let example = #"generate "Once upon a time" --model smollm2 --max-new-tokens 20"#
  package static let needs = ["pull smollm2 --yes"]
  @Argument(help: "Texts.") package var texts: [String] = []
  @Flag(help: "Show each token's probability.") package var probabilities = false
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
    let isPrompted: Bool
    let showsProbabilities: Bool

    enum CodingKeys: String, CodingKey {
      case id, line, text
      case generatedText = "generated_text"
      case sequences
    }
  }

  package struct Whole: CommandAnswer {
    let text: String
    let generatedText: String
    let model: String
    let newTokens: Int
    let seconds: Double
    let results: [Row]

    enum CodingKeys: String, CodingKey {
      case text
      case generatedText = "generated_text"
      case model
      case newTokens = "new_tokens"
      case seconds, results
    }
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.writingModel(common)
    let settings = try options.settings(repository, usual: 128)
    // Reading the weights is no part of the writing.
    _ = try repository.model()
    let start = ContinuousClock.now
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name
    ) { inputs in
      try inputs.map { input in
        let sequences = try session.write(input.text, repository, settings, stops: options.stops)
        return Row(
          id: input.id, line: input.line, text: input.text, generatedText: sequences.first?.generatedText ?? "",
          sequences: sequences, isPrompted: repository.kind == .causalWords, showsProbabilities: probabilities)
      }
    } whole: { rows in
      guard let first = rows.first else { throw InputError.empty }
      return Whole(
        text: first.text, generatedText: first.generatedText, model: repository.name,
        newTokens: rows.reduce(0) { $0 + $1.sequences.reduce(0) { $0 + $1.tokens.count } },
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
  func write(
    _ text: String, _ repository: Repository, _ settings: GenerationSettings, stops: [String]
  ) throws -> [WrittenText] {
    let isAlone = settings.count == 1 && settings.beams == 1
    var written = ""
    defer { screen.endLive() }
    return try repository.write(
      [text], settings, stops: stops,
      hooks: WritingHooks(
        onPiece: { _, piece in
          written += piece
          if isAlone { self.screen.live(.text(.init([.init(text, .faint), .init(written)]))) }
          return !Interrupt.shouldStop
        }, onBeams: { _ in !Interrupt.shouldStop }))[0]
  }
}
