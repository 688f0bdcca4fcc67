import ArgumentParser
import Drawing
import Models
import Pipelines

/// `classify`: which class a text belongs to.
package struct ClassifyCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "classify", abstract: "Classify texts with a fine-tuned model.",
    discussion: """
      Without --model: the session's model if it classifies, else one that this session trained, else the one that \
      ships. Scores are probabilities of one class among all (softmax), of each class by itself for a model with \
      several labels a text (sigmoid), and the plain number for regression, as the model's problem_type says.
      """,
    aliases: ["sentiment-analysis", "text-classification"])
  package static let group = CommandGroup.tasks
  package static let example = #"classify "This movie was absolutely fantastic!""#
  @Argument(help: "Texts.") package var texts: [String] = []
  @Option(help: "How many classes to show.") package var top: Int?
  @Option(
    name: .customLong("function-to-apply"), help: "softmax, sigmoid or none, instead of what the model is made for.")
  package var function: String?
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try input.check(common, texts: texts)
    if let top, top < 1 { throw ValidationError("--top counts from 1, not \(top).") }
    if let function, ScoreFunction(rawValue: function) == nil {
      throw ValidationError("--function-to-apply is softmax, sigmoid or none, not '\(sanitized(function))'.")
    }
  }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let text: String
    let label: String
    let score: Double
    let scores: [ClassScore]
  }

  package struct Whole: CommandAnswer {
    let text: String
    /// The most likely class of the first text.
    let label: String
    let score: Double
    let model: String
    let results: [Row]
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.taskModel(.sequenceClassification, common)
    let function = self.function.flatMap(ScoreFunction.init)
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name
    ) { inputs in
      zip(inputs, try repository.classify(inputs.map { ($0.text, $0.pair) }, function: function)).map {
        input, reading in
        reading.map { scores in
          Row(
            id: input.id, line: input.line, text: input.text, label: scores.first?.label ?? "",
            score: scores.first?.score ?? 0, scores: Array(scores.prefix(top ?? scores.count)))
        }
      }
    } whole: { rows in
      guard let first = rows.first else { throw InputError.empty }
      return Whole(text: first.text, label: first.label, score: first.score, model: repository.name, results: rows)
    }
  }
}
