import ArgumentParser
import Drawing
import Models
import Pipelines

/// `next-token`: what a model expects behind a text.
package struct NextTokenCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "next-token", abstract: "Show the likeliest next tokens of a text, and what narrowing leaves of them.",
    discussion: """
      Without options of drawing the bars are the model's probabilities; with them, what a token would be drawn from. \
      A model with an encoder shows the first token of its answer.
      """)
  package static let group = CommandGroup.inside
  package static let example = #"next-token "Once upon a" --top 5"#
  @Argument(help: "The text.") package var text: String
  @Option(help: "How many tokens to show.") package var top = 10
  @OptionGroup(title: "Drawing a token") package var options: DrawingOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if top < 1 { throw ValidationError("--top counts from 1, not \(top).") }
  }

  package struct Answer: CommandAnswer {
    let text: String
    let model: String
    /// The likeliest first.
    let tokens: [NextToken]
    /// In nats, of the model's own distribution.
    let entropy: Double
    /// How many tokens could be drawn.
    let kept: Int
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.writingModel(common)
    var settings = GenerationSettings()
    // What the model's file narrows is left out: all tokens are shown, unless an option says otherwise.
    settings.topCount = nil
    options.apply(to: &settings)
    let expected = try repository.expect(text, count: top, settings)
    return Answer(
      text: text, model: repository.name, tokens: expected.tokens, entropy: expected.entropy, kept: expected.kept)
  }
}

/// `score`: how much a model expected a text.
package struct ScoreCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "score", abstract: "Give every token of a text its log probability, and the text its perplexity.",
    discussion: "Each token is judged behind those before it; the first has nothing before it and no score.",
    aliases: ["perplexity"])
  package static let group = CommandGroup.inside
  package static let example = #"score "Once upon a time there was a dog.""#
  @Argument(help: "Texts.") package var texts: [String] = []
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws { try input.check(common, texts: texts) }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let text: String
    let loss: Double?
    let perplexity: Double?
    let tokens: [ScoredToken]
  }

  package struct Whole: CommandAnswer {
    let text: String
    let model: String
    let loss: Double?
    let perplexity: Double?
    let results: [Row]
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.writingModel(common)
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name
    ) { inputs in
      try inputs.map { input in
        try Interrupt.check()
        let scored = try repository.score(input.text)
        return Row(
          id: input.id, line: input.line, text: input.text, loss: scored.loss, perplexity: scored.perplexity,
          tokens: scored.tokens)
      }
    } whole: { rows in
      guard let first = rows.first else { throw InputError.empty }
      return Whole(
        text: first.text, model: repository.name, loss: first.loss, perplexity: first.perplexity, results: rows)
    }
  }
}
