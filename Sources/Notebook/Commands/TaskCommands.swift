import ArgumentParser
import Drawing
import Models
import Pipelines

/// `classify`: which class a text belongs to.
package struct ClassifyCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Classify texts with a fine-tuned model.",
    discussion: "Without --model: the session's model if it classifies, else your newest fine-tuned run.",
    aliases: ["sentiment-analysis", "text-classification"])
  package static let group = CommandGroup.tasks
  package static let example = #"classify "This movie was absolutely fantastic!""#
  @Argument(help: "Texts.") package var texts: [String]
  @Option(help: "How many classes to show.") package var top: Int?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if texts.isEmpty { throw ValidationError("Give at least one text.") }
    if let top, top < 1 { throw ValidationError("--top counts from 1, not \(top).") }
  }

  package struct Row: Encodable {
    let text: String
    let label: String
    let score: Double
    let scores: [ClassScore]
  }

  package struct Answer: CommandAnswer {
    let text: String
    /// The most likely class of the first text.
    let label: String
    let score: Double
    let model: String
    let results: [Row]
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.classifier(common)
    let rows = zip(texts, try repository.classify(texts)).map { text, scores in
      Row(
        text: text, label: scores.first?.label ?? "", score: scores.first?.score ?? 0,
        scores: Array(scores.prefix(top ?? scores.count)))
    }
    guard let first = rows.first else { throw InputError.empty }
    return Answer(text: first.text, label: first.label, score: first.score, model: repository.name, results: rows)
  }
}

extension Session {
  /// The model that classifies: the one a command names, the session's if it can, or the newest fine-tuned run.
  package func classifier(_ common: CommonOptions) throws -> Repository {
    if let named = common.model { return try model(named) }
    if let chosen = settings.model {
      let repository = try model(chosen)
      if repository.kind == .sequenceClassification { return repository }
    }
    guard !Runs(home).numbers.isEmpty else {
      throw Failure(
        "No model here classifies texts yet; `finetune --task sentiment --data FILE` trains one, or name one with --model.",
        .usage)
    }
    return try model("last")
  }
}
