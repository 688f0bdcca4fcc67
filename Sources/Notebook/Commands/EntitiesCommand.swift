import ArgumentParser
import Drawing
import Models
import Pipelines

/// `entities`: the names in a text.
package struct EntitiesCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "entities", abstract: "Find the names in texts: people, organisations, places.",
    discussion: """
      --aggregation says how the tags of pieces become entities: none (every piece by itself), simple (neighbours of \
      one type), and first, average or max (whole words, each with the tag of its first piece, of the mean, or of the \
      surest). Offsets count characters (Unicode scalars).
      """,
    aliases: ["ner", "token-classification"])
  package static let group = CommandGroup.tasks
  package static let example = #"entities "Elon Musk founded SpaceX in Hawthorne, California.""#
  @Argument(help: "Texts.") package var texts: [String] = []
  @Option(help: "none, simple, first, average or max.") package var aggregation = Aggregation.first.rawValue
  @Option(help: "Read a long text in windows that repeat this many tokens; without it, as much as fits the model.")
  package var stride: Int?
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try input.check(common, texts: texts)
    let names = Aggregation.allCases.map(\.rawValue)
    guard names.contains(aggregation) else {
      throw ValidationError(
        "--aggregation is \(names.dropLast().joined(separator: ", ")) or max, not '\(sanitized(aggregation))'.")
    }
    guard let stride else { return }
    if stride < 0 { throw ValidationError("--stride counts from 0, not \(stride).") }
    if aggregation == Aggregation.none.rawValue {
      throw ValidationError("--stride merges the entities of windows, so it needs an --aggregation other than none.")
    }
  }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let text: String
    let entities: [Entity]
  }

  package struct Whole: CommandAnswer {
    let text: String
    /// Those of the first text.
    let entities: [Entity]
    let model: String
    let results: [Row]
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.taskModel(.tokenClassification, common)
    let aggregation = Aggregation(rawValue: aggregation) ?? .first
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name,
      advice: "--stride 64 reads it in windows"
    ) { inputs in
      let readings = try repository.entities(inputs.map(\.text), aggregation: aggregation, stride: stride)
      return zip(inputs, readings).map { input, reading in
        reading.map { Row(id: input.id, line: input.line, text: input.text, entities: $0) }
      }
    } whole: { rows in
      guard let first = rows.first else { throw InputError.empty }
      return Whole(text: first.text, entities: first.entities, model: repository.name, results: rows)
    }
  }
}
