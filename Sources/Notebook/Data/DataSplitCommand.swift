import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Training

/// `data split`: one file to train on, one to measure on.
package struct DataSplitCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "split", abstract: "Divide a data file in two: rows to train on, and rows to measure on.",
    discussion: """
      Each label gives its share, and all questions about a paragraph stay together. Rows stand in the new files as \
      they do in the old one. They are kept as NAME-train and NAME-validation among the imported data, or in the folder \
      that --output names.
      """)
  package static let group = CommandGroup.data
  package static let example = "data split samples/reviews/train.tsv reviews --held-out 0.2 --replace"
  @Argument(help: ArgumentHelp("Data file, or the name of imported data.", valueName: "data|file"))
  package var file: String
  @Argument(help: ArgumentHelp("What the parts are called after; by default the file.", valueName: "text"))
  package var name: String?
  @Option(help: "Share of the rows to measure on.") package var heldOut = 0.1
  @Option(help: "Decides which rows.") package var seed: UInt64?
  @Option(help: "Folder for the two files.") package var output: String?
  @Flag(help: "Replace files that have the names already.") package var replace = false
  @OptionGroup(title: "Reading") package var data: DataOptions
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    guard heldOut > 0, heldOut < 1 else {
      throw ValidationError("--held-out is a share between 0 and 1, such as 0.1, not \(heldOut).")
    }
  }

  package struct Part: Encodable {
    let file: String
    let rows: Int
    let labels: [Label]
  }

  package struct Label: Encodable {
    let label: String
    let count: Int
  }

  package struct Answer: CommandAnswer {
    /// What `--data` and `--validation` take.
    let names: [String]
    let task: String
    let seed: UInt64
    let train: Part
    let validation: Part
  }

  package func answer(in session: Session) throws -> Answer {
    let open = try data.open(file, in: session)
    guard open.rows.count > 1 else {
      throw Failure("\(open.file.path) has one row; there is nothing to divide.", .malformed)
    }
    let names = ["train", "validation"].map { "\(name ?? DataShelf.name(of: open.file))-\($0)" }
    let places = try names.map { try place($0, of: open, in: session) }
    let seed = seed ?? session.settings.seed
    let split = try open.rows.split(heldOut: heldOut, seed: seed)
    guard !split.heldOut.isEmpty, !split.training.isEmpty else {
      throw Failure(
        "\(open.file.path): all questions are about one paragraph, and stay together; there is nothing to divide.",
        .malformed)
    }
    let contents = open.rows.contents
    try contents.divide(
      split.heldOut.contains, training: places[0], heldOut: places[1],
      advance: OpenData.advance("dividing", of: open.rows.count, on: session))
    if output == nil { for place in places { try session.data.settle(place) } }
    let labels = try Self.labels(of: contents, split)
    return Answer(
      names: output == nil ? names : places.map(\.path), task: open.task.name, seed: seed,
      train: Part(file: places[0].path, rows: split.training.count, labels: labels[0]),
      validation: Part(file: places[1].path, rows: split.heldOut.count, labels: labels[1]))
  }

  private func place(_ name: String, of open: OpenData, in session: Session) throws -> URL {
    let ending = open.file.pathExtension
    guard let output else { return try session.data.place(name, ending: ending, replaces: replace) }
    let folder = URL(fileURLWithPath: output, isDirectory: true)
    try AtomicFolder.makeFolder(folder)
    let place = folder.appendingPathComponent(ending.isEmpty ? name : "\(name).\(ending)")
    if !replace, FileManager.default.fileExists(atPath: place.path) {
      throw Failure("\(place.path) is there already; choose another name or folder, or --replace it.", .usage)
    }
    return place
  }

  /// How often each label is in both parts.
  private static func labels(of data: some DataSet, _ split: Split) throws -> [[Label]] {
    let names = data.distribution.map(\.label)
    guard !names.isEmpty else { return [[], []] }
    var counts: [[String: Int]] = [[:], [:]]
    try data.rows.forEach { place, row in
      let part = split.heldOut.contains(place) ? 1 : 0
      for label in data.labels(of: row) { counts[part][label, default: 0] += 1 }
    }
    return counts.map { counts in names.map { Label(label: $0, count: counts[$0] ?? 0) } }
  }
}
