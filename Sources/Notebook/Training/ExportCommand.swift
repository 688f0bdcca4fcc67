import ArgumentParser
import Drawing
import Foundation
import Training

/// `export`: a trained model or adapter as a folder to give away.
package struct ExportCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Copy a trained model or adapter to a folder, in half precision if you like.",
    discussion: """
      The folder loads in transformers or peft. Half precision takes half the space and changes scores in the fourth \
      digit or so.
      """)
  package static let group = CommandGroup.training
  package static let example = "export last --half"
  package static let needs = [FinetuneCommand.example]
  @Argument(help: "A run's number, `last`, or the folder of a saved model.") package var run: String
  @Option(help: "Folder to write; without it runs/N under ATTUNE_HOME.") package var output: String?
  @Flag(help: "Store the numbers in half precision.") package var half = false
  @Flag(help: "Leave the tokenizer's files out: an adapter's base has them.") package var withoutTokenizer = false
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package struct Answer: CommandAnswer {
    let model: String
    let output: String
    let bytes: Int
    package var drawing: Drawing? { .plain("\(model) is in \(output), \(sizeText(bytes)).") }
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.model(run)
    let model = try repository.model()
    if withoutTokenizer, model.adaptation == nil {
      throw Failure("A plain model needs its tokenizer; --without-tokenizer is for adapters.", .usage)
    }
    let files = withoutTokenizer ? [] : try repository.tokenizer().files
    var company = ModelFolder.Company(
      base: model.adaptation == nil ? session.shelf.publicName(repository) : repository.baseName, files: files)
    company.isHalf = half
    let place = try output.map { URL(fileURLWithPath: $0, isDirectory: true) } ?? session.runs.reserve()
    do {
      try ModelFolder.write(model, company, to: place)
    } catch {
      if output == nil { Runs.release(place) }
      throw error
    }
    session.shelf.close(place)
    let names =
      (try? FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: [.fileSizeKey])) ?? []
    let size = names.reduce(0) { $0 + ((try? $1.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0) }
    return Answer(model: repository.name, output: place.path, bytes: size)
  }
}
