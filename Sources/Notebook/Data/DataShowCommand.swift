import ArgumentParser
import Drawing
import Foundation
import Training

/// `data show`: rows as a reader sees them.
package struct DataShowCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show rows of a data file.",
    discussion: """
      --where label=NAME keeps rows with that label, with a name of that type (PER), or questions with or without an \
      answer ("answer", "no answer"); --where text=WORDS keeps rows whose text holds the words, in any case.
      """)
  package static let group = CommandGroup.data
  package static let example = "data show samples/reviews/train.tsv --rows 3 --where label=NEGATIVE"
  @Argument(help: ArgumentHelp("Data file, or the name of imported data.", valueName: "data|file"))
  package var file: String
  @Option(help: "How many rows to show.") package var rows = 5
  @Option(name: .customLong("where"), help: "Only rows with label=NAME or text=WORDS; may be repeated.")
  package var conditions: [RowCondition] = []
  @OptionGroup(title: "Reading") package var data: DataOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws { try RecipeOptions.require("--rows", rows, in: 1...10_000) }

  package struct Answer: CommandAnswer {
    let file: String
    let task: String
    /// Of the whole file.
    let rows: Int
    /// Rows that fulfil the conditions.
    let matching: Int
    let shown: [ShownRow]
  }

  package func answer(in session: Session) throws -> Answer {
    let open = try data.open(file, in: session)
    let (matching, shown) = try select(
      from: open.rows.contents, OpenData.advance("looking", of: open.rows.count, on: session))
    return Answer(
      file: open.file.path, task: open.task.name, rows: open.rows.count, matching: matching, shown: shown)
  }

  private func select(
    from data: some ShownRows, _ advance: (Int) throws -> Void
  ) throws -> (matching: Int, shown: [ShownRow]) {
    if conditions.isEmpty {
      var shown: [ShownRow] = []
      try data.rows.forEach(in: 0..<min(rows, data.rows.count)) { _, row in shown.append(data.shown(row)) }
      return (data.rows.count, shown)
    }
    var (matching, shown) = (0, [ShownRow]())
    try data.rows.forEach { place, row in
      if place.isMultiple(of: 1024) { try advance(place) }
      guard conditions.allSatisfy({ $0.holds(for: row, of: data) }) else { return }
      matching += 1
      if shown.count < rows { shown.append(data.shown(row)) }
    }
    return (matching, shown)
  }
}

/// `label=NEGATIVE` or `text=good film`.
package struct RowCondition: ExpressibleByArgument, Sendable {
  enum Column: String, CaseIterable { case label, text }
  let column: Column
  let value: String

  package init?(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let column = Column(rawValue: String(parts[0])), !parts[1].isEmpty else { return nil }
    self.column = column
    value = String(parts[1])
  }

  func holds<Data: DataSet>(for row: Data.Row, of data: Data) -> Bool {
    switch column {
    case .label: return data.labels(of: row).contains(value)
    case .text:
      let (text, pair) = data.sequence(of: row)
      return [text, pair ?? ""].contains { $0.range(of: value, options: .caseInsensitive) != nil }
    }
  }
}
