import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Training

/// `data`: the files that models learn from and are measured on.
package struct DataCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, look at, measure, split, convert and fetch data files.",
    discussion: """
      FILE is a path, a sample such as samples/reviews/train.tsv, or the name of imported data; imdb:train[:2000] are \
      rows of a data set on the hub. Its format is told by \
      its ending or its content: CSV, TSV, JSON lines, CoNLL, SQuAD or plain text.
      """,
    subcommands: [
      DataListCommand.self, DataShowCommand.self, DataStatsCommand.self, DataSplitCommand.self,
      DataImportCommand.self, DataPullCommand.self, DataClearCommand.self,
    ], defaultSubcommand: DataListCommand.self)
  package static let group = CommandGroup.data
  package static let example = "data stats samples/reviews/train.tsv --against samples/reviews/validation.tsv"
  package var common: CommonOptions { CommonOptions() }
  package init() {}

  package func answer(in session: Session) throws -> DataListCommand.Answer {
    try DataListCommand().answer(in: session)
  }
}

/// `data list`: what there is.
package struct DataListCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the samples, the imported data and the cache of tokenized data.")
  package static let group = CommandGroup.data
  package static let example = "data list"
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Row: Encodable {
    /// What `--data` takes.
    let name: String
    /// nil where neither its name nor its rows tell.
    let task: String?
    /// nil for files that are too large to be read for a list.
    let rows: Int?
    let bytes: Int
    let imported: Bool
  }

  package struct Cache: Encodable {
    let folder: String
    let files: Int
    let bytes: Int
  }

  package struct Answer: CommandAnswer {
    let data: [Row]
    let cache: Cache
  }

  package func answer(in session: Session) throws -> Answer {
    let samples = session.resources.find("samples").map(DataListCommand.files) ?? []
    let options = try TaskOptions.parse([])
    let rows =
      samples.map { name, file in Self.row("samples/\(name)", file, options, imported: false) }
      + session.data.files.map { Self.row(DataShelf.name(of: $0), $0, options, imported: true) }
    let entries = FeatureCache(session.home.cache).entries()
    return Answer(
      data: rows,
      cache: Cache(
        folder: session.home.cache.path, files: entries.count, bytes: entries.reduce(0) { $0 + $1.bytes }))
  }

  private static let formats: Set<String> = ["tsv", "csv", "jsonl", "json", "conll", "txt"]

  /// Data files one folder down: deeper are models.
  private static func files(in samples: URL) -> [(name: String, file: URL)] {
    func names(_ folder: URL) -> [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }
    return names(samples).flatMap { group -> [(name: String, file: URL)] in
      let folder = samples.appendingPathComponent(group)
      return names(folder).map { ("\(group)/\($0)", folder.appendingPathComponent($0)) }
    }.filter { formats.contains($0.file.pathExtension) }
  }

  private static let largest = 32 << 20

  private static func row(_ name: String, _ file: URL, _ options: TaskOptions, imported: Bool) -> Row {
    let size = (try? FileManager.default.attributesOfItem(atPath: file.path)[.size]) as? Int ?? 0
    let isSmall = size <= largest
    // A file that cannot be read is listed all the same: `data show` says what is wrong with it.
    let task = isSmall ? (try? TrainingTask.told(by: file)) ?? nil : nil
    let rows = task.flatMap { try? $0.read(file, options.reading(), options) }
    return Row(
      name: name, task: rows == nil ? nil : task?.name, rows: rows?.count, bytes: size, imported: imported)
  }
}

/// `data clear`: takes away what can be made again, or imported data by name.
package struct DataClearCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "clear", abstract: "Delete the cache of tokenized and fetched data; with names, imported data instead."
  )
  package static let group = CommandGroup.data
  package static let example = "data clear"
  @Argument(help: ArgumentHelp("Imported data to delete.", valueName: "data")) package var names: [String] = []
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    /// Imported data that is gone.
    let names: [String]
    let files: Int
    let bytes: Int
  }

  package func answer(in session: Session) throws -> Answer {
    if names.isEmpty {
      let tokenized = try FeatureCache(session.home.cache).clear()
      let pages = try RowSource(session.shelf.store, folder: session.home.rows).clear()
      return Answer(names: [], files: tokenized.files + pages.files, bytes: tokenized.bytes + pages.bytes)
    }
    let shelf = session.data
    let files = try names.map { name in
      guard let file = shelf.find(name) else {
        let known = shelf.names.joined(separator: ", ")
        throw Failure(
          "There is no imported data '\(sanitized(name))'; \(known.isEmpty ? "none was imported." : "there is \(known).")",
          .fileMissing)
      }
      return file
    }
    let sizes = files.map { (try? FileManager.default.attributesOfItem(atPath: $0.path)[.size]) as? Int ?? 0 }
    for file in files { try shelf.remove(file) }
    return Answer(names: files.map(DataShelf.name), files: files.count, bytes: sizes.reduce(0, +))
  }
}
