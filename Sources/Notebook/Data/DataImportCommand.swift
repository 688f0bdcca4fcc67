import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Training

/// `data import`: converts a file and keeps it under a name.
package struct DataImportCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Convert a data file, and keep it under a name.",
    discussion: """
      Every row is read and checked; the name then stands for the data wherever a command takes a file. Formats: csv, \
      tsv, jsonl, conll, squad and plain, as far as they can hold the rows; plain keeps texts alone.
      """)
  package static let group = CommandGroup.data
  package static let example = "data import samples/topics/train.csv topics --format jsonl --replace"
  @Argument(help: ArgumentHelp("Data file.", valueName: "data|file")) package var file: String
  @Argument(help: ArgumentHelp("Its name; by default the file's.", valueName: "text")) package var name: String?
  @Option(help: "csv, tsv, jsonl, conll, squad or plain; by default what suits the rows.")
  package var format: DataFormat?
  @Flag(help: "Replace data that has the name already.") package var replace = false
  @OptionGroup(title: "Reading") package var data: DataOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let name: String
    let file: String
    let task: String
    let format: String
    let rows: Int
    let bytes: Int
  }

  package func answer(in session: Session) throws -> Answer {
    let open = try data.open(file, in: session)
    let contents = open.rows.contents
    let format = format ?? contents.formats[0]
    guard contents.formats.contains(format) else {
      throw Failure(
        "\(open.file.path): rows for \(open.task.name) cannot be written as \(format.rawValue); they can as \(contents.formats.map(\.rawValue).joined(separator: ", ")).",
        .usage)
    }
    let name = name ?? DataShelf.name(of: open.file)
    let place = try session.data.place(name, ending: format.ending, replaces: replace)
    try contents.write(format, to: place, advance: OpenData.advance("writing", of: open.rows.count, on: session))
    try session.data.settle(place)
    let size = (try? FileManager.default.attributesOfItem(atPath: place.path)[.size]) as? Int ?? 0
    return Answer(
      name: name, file: place.path, task: open.task.name, format: format.rawValue, rows: open.rows.count, bytes: size)
  }
}

extension DataFormat: ExpressibleByArgument {}
