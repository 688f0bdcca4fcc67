import ArgumentParser
import Drawing
import Pipelines

/// `embed`: a text as a vector.
package struct EmbedCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "embed", abstract: "Turn texts into vectors: the mean of their tokens' last hidden states, length 1.")
  package static let group = CommandGroup.inside
  package static let example = #"embed "I love this!""#
  @Argument(help: "Texts.") package var texts: [String] = []
  @OptionGroup(title: "Input and output") package var input: InputOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws { try input.check(common, texts: texts) }

  package struct Row: TaskRow {
    let id: Value?
    let line: Int?
    let text: String
    let embedding: [Float]
  }

  package struct Whole: CommandAnswer {
    let model: String
    let texts: [String]
    let width: Int
    /// One for each text.
    let embeddings: [[Float]]
  }

  package func answer(in session: Session) throws -> TaskAnswer<Whole> {
    let repository = try session.repository(common)
    return try session.answer(
      texts.map { TaskInput(text: $0) }, input, common, .text, model: repository.name
    ) { inputs in
      zip(inputs, try repository.embed(inputs.map(\.text))).map { input, reading in
        reading.map { Row(id: input.id, line: input.line, text: input.text, embedding: $0) }
      }
    } whole: { rows in
      Whole(
        model: repository.name, texts: rows.map(\.text), width: rows.first?.embedding.count ?? 0,
        embeddings: rows.map(\.embedding))
    }
  }
}
