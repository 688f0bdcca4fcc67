import ArgumentParser
import Checkpoints
import Drawing
import Foundation

/// `search`: what the hub has.
package struct SearchCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "search", abstract: "Look for models, or data sets, on the Hugging Face hub.",
    discussion: """
      Those that are fetched most often stand first. A task is called as Hugging Face calls it: text-classification, \
      token-classification, question-answering, fill-mask, text-generation, summarization, translation.
      """)
  package static let group = CommandGroup.models
  package static let example = "search \"sentiment distilbert\" --task text-classification"
  @Argument(help: "Words of its name.") package var text: [String]
  @Flag(help: "Data sets instead of models.") package var data = false
  @Option(help: "Only models for this task.") package var task: String?
  @Option(help: "How many to show.") package var limit = 10
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    try RecipeOptions.require("--limit", limit, in: 1...100)
    guard !text.joined(separator: " ").trimmingCharacters(in: .whitespaces).isEmpty else {
      throw ValidationError("There is nothing to look for; give a word of the name.")
    }
  }

  package struct Row: Encodable {
    let name: String
    let task: String?
    let family: String?
    let licence: String?
    let parameters: Int?
    let downloads: Int?
    let likes: Int?
    let gated: Bool
    /// Of models; null where only the files tell.
    let runs: Bool?
    let here: Bool
  }

  package struct Answer: CommandAnswer {
    let text: String
    let kind: String
    let found: [Row]
  }

  package func answer(in session: Session) throws -> Answer {
    let store = session.shelf.store
    let words = text.joined(separator: " ")
    let kind: HubName.Kind = data ? .datasets : .models
    let found = try store.search(words, kind, task: task, limit: limit, isCancelled: { Interrupt.shouldStop })
    let rows = found.map { repository in
      let name = repository.name.identifier
      return Row(
        name: name, task: repository.task, family: repository.modelType, licence: repository.licence,
        parameters: repository.parameters, downloads: repository.downloads, likes: repository.likes,
        gated: repository.isGated, runs: data ? nil : HubRunning(repository).runs,
        here: !data && name.contains("/") && store.locate(name) != nil)
    }
    return Answer(text: words, kind: kind.rawValue, found: rows)
  }
}

extension SearchCommand.Answer {
  package var drawing: Drawing? {
    let isData = kind == HubName.Kind.datasets.rawValue
    guard !found.isEmpty else {
      return .plain("The hub has no \(isData ? "data set" : "model") with '\(sanitized(text))' in its name.")
    }
    func runs(_ row: SearchCommand.Row) -> Drawing.Span {
      if row.here { return .init("is here", .good) }
      return row.runs.map { $0 ? .init("yes", .good) : .init("no", .faint) } ?? .init("?", .faint)
    }
    return .stack([
      .table(
        .init(
          columns: ["name"] + (isData ? [] : ["task", "runs"]) + ["licence", .number("downloads")],
          rows: found.map { row in
            [.init(row.name, .strong)] + (isData ? [] : [.init(row.task ?? "-"), runs(row)])
              + [.init((row.licence ?? "-") + (row.gated ? ", gated" : "")), .init(row.downloads.map(counted) ?? "-")]
          })),
      .words(
        .init(
          isData
            ? "`data pull NAME --split train[~2000]` fetches rows of one."
            : "`info NAME` tells more, `pull NAME` fetches one.", .faint)),
    ])
  }
}
