import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Training

/// `data pull`: rows of a data set on the Hugging Face hub.
package struct DataPullCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "pull", abstract: "Fetch rows of a data set from the Hugging Face hub, and keep them under a name.",
    discussion: """
      A split is written as in Python: train, train[:2000], train[10%:20%], test[-500:]. train[~2000] takes 2000 rows \
      from all over the split, which matters where it is sorted by label, as imdb is. Numbers of classes become their \
      names. Pages that came are kept, so that an interrupted pull goes on. Wherever a command takes a data file, \
      imdb:train[~2000] does the same on the way.
      """)
  package static let group = CommandGroup.data
  package static let example = "data pull imdb --split train[~2000] --split test[~500]"
  @Argument(help: ArgumentHelp("Data set: ORG/NAME, or the NAME of an old one.", valueName: "name"))
  package var dataset: String
  @Option(help: "Which rows; may be repeated. By default train.") package var split: [String] = []
  @Option(help: "Which of its configurations, such as sst2 of glue.") package var config: String?
  @Option(help: "What the data is called; by default NAME-SPLIT.") package var name: String?
  @Option(help: "csv, tsv, jsonl, conll, squad or plain; by default jsonl with all columns.")
  package var format: DataFormat?
  @Flag(help: "Replace data that has the name already.") package var replace = false
  @Flag(help: "Do not ask before fetching many rows.") package var yes = false
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    for text in split where SplitSlice(text) == nil {
      throw ValidationError(
        "--split is a split such as train, train[:2000], train[10%:20%] or train[~2000], not '\(text)'.")
    }
    if name != nil, split.count > 1 { throw ValidationError("--name is for one --split.") }
  }

  package struct Answer: CommandAnswer {
    let data: [DataPull.File]
    let seconds: Double
  }

  package func answer(in session: Session) throws -> Answer {
    let start = ContinuousClock.now
    guard let hub = HubName(dataset, .datasets), hub.revision == nil else {
      throw Failure(
        "'\(sanitized(dataset))' names no data set; one is called ORG/NAME, and `search --data` finds it.", .usage)
    }
    let pull = DataPull(session: session)
    let slices = (split.isEmpty ? ["train"] : split).compactMap(SplitSlice.init)
    let names = slices.map { name ?? DataPull.name(hub, $0.split) }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw Failure("Two slices would both be called \(twice); fetch them one after the other with --name.", .usage)
    }
    // A name that is taken is found out before anything is fetched.
    for name in names { _ = try session.data.place(name, ending: "", replaces: replace) }
    let plans = try slices.map { try pull.plan(hub, config: config, $0) }
    let rows = plans.reduce(0) { $0 + $1.count }
    if rows > DataPull.unaskedRows, !yes {
      guard session.screen.confirms("Fetch \(grouped(rows)) rows of \(hub.identifier)?") else {
        throw Failure("Nothing was fetched.", .interrupted)
      }
    }
    let files = try zip(plans, names).map { plan, name in
      try pull.bring(plan, as: name, format: format, replaces: replace)
    }
    return Answer(data: files, seconds: (ContinuousClock.now - start).seconds)
  }
}

extension DataPullCommand.Answer {
  package var drawing: Drawing? {
    .stack(
      data.flatMap { file -> [Drawing] in
        var lines: [Drawing] = [
          .words(
            .init(file.name, .strong),
            .init(": \(grouped(file.rows)) of \(grouped(file.split_rows)) rows of \(file.dataset), \(file.split)"),
            .init(file.task.map { " for \($0)" } ?? ""), .init(", \(sizeText(file.bytes)); "),
            .init("--data \(file.name)", .code), .init(" reads them."))
        ]
        if file.task == nil {
          lines.append(
            .words(
              .init(
                "Its columns are \(file.columns.joined(separator: ", ")); say what they are with --task and --text-column.",
                .faint)))
        }
        if file.labels.count == 1, let only = file.labels.first, file.rows < file.split_rows {
          lines.append(
            .words(
              .init(
                "Every row has the label \(only.label): the split is sorted. --split \(file.split)[~\(file.rows)] takes rows from all over it.",
                .bad)))
        }
        if !file.left_out.isEmpty {
          lines.append(
            .words(.init("Left out, because only texts are read: \(file.left_out.joined(separator: ", ")).", .faint)))
        }
        return lines
      })
  }
}
