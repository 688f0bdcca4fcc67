import ArgumentParser
import Drawing
import Foundation
import Training

/// `merge`: a plain model out of a base and its adapter.
package struct MergeCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Add an adapter to its base for good, and save the plain model.",
    discussion: "The result gives the same answers and loads everywhere; it takes as much space as the base.")
  package static let group = CommandGroup.training
  package static let example = "merge last"
  package static let needs = [FinetuneCommand.example + " --lora"]
  @Argument(help: "A run's number, `last`, or the folder of an adapter.") package var adapter: String
  @Option(help: "Folder to save to; without it runs/N under ATTUNE_HOME.") package var output: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let model: String
    let output: String
    let run: Int?
    let merged: Int
    package var drawing: Drawing? {
      .plain("\(merged) maps of \(model) are merged; saved in \(run.map { "run \($0), " } ?? "")\(output)")
    }
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.model(adapter)
    let model = try repository.model()
    guard !model.adapted.isEmpty else {
      throw Failure("\(sanitized(repository.name)) is a plain model, so there is nothing to merge.", .usage)
    }
    var files = try repository.tokenizer().files
    guard !files.isEmpty else {
      throw Failure(
        "The tokenizer of \(sanitized(repository.name)) lies in its base's GGUF file, which a folder cannot hold; `quantize \(sanitized(adapter)) --to f16 --out FILE.gguf` merges it into one file.",
        .usage)
    }
    let place = try output.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? session.runs.reserve()
    for name in [TrainingRecord.fileName, TaskReport.fileName] {
      if let data = try? Data(contentsOf: repository.folder.appendingPathComponent(name)) { files.append((name, data)) }
    }
    do {
      try ModelFolder.writeMerged(model, files: files, to: place)
    } catch {
      if output == nil { Runs.release(place) }
      throw error
    }
    session.shelf.close(place)
    return Answer(
      model: repository.name, output: place.path, run: output == nil ? Int(place.lastPathComponent) : nil,
      merged: model.adapted.count)
  }
}
