import ArgumentParser
import Drawing
import Models
import Pipelines

/// `fill`: the likeliest words for a gap.
package struct FillCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "fill", abstract: "Fill the gaps of a text with the likeliest words.",
    discussion: """
      A gap is the model's mask: [MASK] for BERT and DistilBERT, <mask> for RoBERTa. Of several gaps each is filled by \
      itself. The model must have a masked-word head.
      """,
    aliases: ["fill-mask"])
  package static let group = CommandGroup.tasks
  package static let example = #"fill "Paris is the [MASK] of France." --top 3"#
  @Argument(help: "Texts with gaps.") package var texts: [String] = []
  @Option(help: "How many words for a gap.") package var top = 5
  @Option(parsing: .upToNextOption, help: ArgumentHelp("The only words to look at.", valueName: "word"))
  package var targets: [String] = []
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try input.check(common, texts: texts)
    if top < 1 { throw ValidationError("--top counts from 1, not \(top).") }
  }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let text: String
    /// [gaps][words]
    let gaps: [[Filling]]

    var best: Filling? { gaps.first?.first }

    enum CodingKeys: String, CodingKey {
      case id, line, text, sequence, score, token
      case tokenText = "token_str"
      case fillings
    }

    /// One gap is a list of words, several are a list of lists, as Hugging Face answers.
    package func encode(to encoder: any Swift.Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encodeIfPresent(id, forKey: .id)
      try values.encodeIfPresent(line, forKey: .line)
      try values.encode(text, forKey: .text)
      try values.encodeIfPresent(best?.sequence, forKey: .sequence)
      try values.encodeIfPresent(best?.score, forKey: .score)
      try values.encodeIfPresent(best?.token, forKey: .token)
      try values.encodeIfPresent(best?.tokenText, forKey: .tokenText)
      if gaps.count == 1 {
        try values.encode(gaps[0], forKey: .fillings)
      } else {
        try values.encode(gaps, forKey: .fillings)
      }
    }
  }

  package struct Whole: CommandAnswer {
    let model: String
    let results: [Row]

    enum CodingKeys: String, CodingKey { case model, results }

    /// The first text's row, with all rows beside it.
    package func encode(to encoder: any Swift.Encoder) throws {
      try results.first?.encode(to: encoder)
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(model, forKey: .model)
      try values.encode(results, forKey: .results)
    }
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.taskModel(.maskedWords, common)
    let targets = try targets.isEmpty ? nil : repository.fillTargets(self.targets)
    for target in targets ?? [] where target.isPart {
      let token = try repository.tokenizer().token(of: target.token) ?? ""
      session.screen.notice("'\(target.word)' is no single token of this model; its first piece '\(token)' is used.")
    }
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name
    ) { inputs in
      let readings = try repository.fill(inputs.map(\.text), count: top, targets: targets?.map(\.token))
      return zip(inputs, readings).map { input, reading in
        reading.map { Row(id: input.id, line: input.line, text: input.text, gaps: $0) }
      }
    } whole: { rows in
      Whole(model: repository.name, results: rows)
    }
  }
}
