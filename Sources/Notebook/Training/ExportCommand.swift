import ArgumentParser
import Checkpoints
import Drawing
import Foundation
import Pipelines
import Training

/// `export`: a trained model or adapter in a form that others take.
package struct ExportCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Copy a model for others: a folder, a Trainer script, GGUF, sentence-transformers.",
    discussion: """
      --to folder loads in transformers or peft; --half takes half the space and changes scores in the fourth digit or \
      so. --to trainer writes a script that trains the run's recipe with Hugging Face's Trainer on one GPU, several, or \
      several machines, with the same rows in the same order. --to gguf writes a file that llama.cpp reads. --to \
      sentence-transformers writes a folder whose vectors are those of `embed`.
      """)
  package static let group = CommandGroup.training
  package static let example = "export last --half"
  package static let needs = [FinetuneCommand.example]
  @Argument(help: "A run's number, `last`, a model's name, or the folder of a saved model.") package var run: String
  @Option(help: "folder, trainer, gguf or sentence-transformers.") package var to = ExportForm.folder
  @Option(help: "Folder or GGUF file to write; without it runs/N or exports/NAME under ATTUNE_HOME.") package
    var output: String?
  @Flag(help: "Store the numbers in half precision.") package var half = false
  @Flag(help: "Leave the tokenizer's files out: an adapter's base has them.") package var withoutTokenizer = false
  @OptionGroup(title: "Common options") package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if to != .folder, withoutTokenizer { throw ValidationError("--without-tokenizer is for --to folder.") }
    if half, !to.canHalve { throw ValidationError("--half does not go with --to \(to.name).") }
    if to == .gguf, output?.lowercased().hasSuffix(".gguf") == false {
      throw ValidationError("--output ends in .gguf, so that it is known.")
    }
  }

  package struct Answer: CommandAnswer {
    let model: String
    let form: String
    let output: String
    let bytes: Int
    /// What to do with it there; nil for a plain folder.
    let next: String?

    package var drawing: Drawing? {
      .stack(
        [.plain("\(model) is in \(output), \(sizeText(bytes)).")]
          + (next.map { [.words(.init($0, .faint))] } ?? []))
    }
  }

  package func answer(in session: Session) throws -> Answer {
    let repository = try session.model(run)
    let place = try output.map { URL(fileURLWithPath: $0).standardizedFileURL } ?? usualPlace(repository, session)
    do {
      try to.write(self, repository, place, session)
    } catch {
      if output == nil, to == .folder { Runs.release(place) }
      throw error
    }
    session.shelf.close(place)
    return Answer(
      model: repository.name, form: to.name, output: place.path, bytes: FileTree.bytes(place),
      next: to.next(place.path))
  }

  /// A run of its own for what is a model here; else a place among what was written for others.
  private func usualPlace(_ repository: Repository, _ session: Session) throws -> URL {
    guard to != .folder else { return try session.runs.reserve() }
    let name = repository.name.map { $0.isLetter || $0.isNumber || $0 == "." ? String($0) : "-" }.joined()
    try AtomicFolder.makeFolder(session.home.exports)
    return session.home.exports.appendingPathComponent(to == .gguf ? "\(name).gguf" : "\(name)-\(to.name)")
  }

  /// The files that go along with a folder's weights.
  func company(_ repository: Repository, _ session: Session) throws -> ModelFolder.Company {
    let isAdapter = repository.adaptation != nil
    if withoutTokenizer, !isAdapter {
      throw Failure("A plain model needs its tokenizer; --without-tokenizer is for adapters.", .usage)
    }
    var company = ModelFolder.Company(
      base: isAdapter ? repository.baseName : session.shelf.publicName(repository),
      files: withoutTokenizer ? [] : try repository.tokenizer().files)
    company.isHalf = half
    return company
  }
}

/// A form that `export` writes: a row of its table.
package struct ExportForm: Sendable, Equatable, ExpressibleByArgument {
  package let name: String
  let canHalve: Bool
  /// What to do with it, given its place.
  let next: @Sendable (String) -> String?
  let write: @Sendable (ExportCommand, Repository, URL, Session) throws -> Void

  package static func == (a: ExportForm, b: ExportForm) -> Bool { a.name == b.name }

  package static let all: [ExportForm] = [.folder, .trainer, .gguf, .sentences]

  package init?(argument: String) {
    guard let form = ExportForm.all.first(where: { $0.name == argument }) else { return nil }
    self = form
  }

  private init(
    _ name: String, canHalve: Bool, next: @escaping @Sendable (String) -> String?,
    write: @escaping @Sendable (ExportCommand, Repository, URL, Session) throws -> Void
  ) {
    (self.name, self.canHalve, self.next, self.write) = (name, canHalve, next, write)
  }

  package static var allValueStrings: [String] { all.map(\.name) }
  package var defaultValueDescription: String { name }

  package static let folder = ExportForm("folder", canHalve: true, next: { _ in nil }) {
    command, repository, place, session in
    try ModelFolder.write(try repository.model(), command.company(repository, session), to: place)
  }

  package static let trainer = ExportForm(
    "trainer", canHalve: false,
    next: { _ in "`python train.py` there trains it; its README.md says how on many devices." }
  ) { command, repository, place, session in
    guard let origin = try session.runs.record(command.run).origin else {
      throw Failure(
        "\(sanitized(repository.name)) does not say which rows it was trained on, as `finetune` of this version does; train it again.",
        .usage)
    }
    let options = try FinetuneCommand.parse(origin.arguments)
    let (data, validation) = (RunPlan.Source(origin.data), origin.validation.map { RunPlan.Source($0) })
    try data.check()
    try validation?.check()
    let inputs = try TrainingInputs(
      options, model: origin.model, data: data.file, validation: validation?.file, seed: origin.seed, session)
    try TrainerFolder(inputs, in: session).write(to: place)
  }

  package static let gguf = ExportForm(
    "gguf", canHalve: true, next: { "`llama-cli -m \($0)` and `attune chat --model \($0)` read it." }
  ) { command, repository, place, _ in
    guard let type = GGUFTensorType.named(command.half ? "f16" : "f32") else { return }
    guard place.resolvingSymlinksInPath() != repository.weightsPlace.resolvingSymlinksInPath() else {
      throw Failure("--output is the model itself; name another file.", .usage)
    }
    try repository.writeGGUF(type, to: place)
  }

  package static let sentences = ExportForm(
    "sentence-transformers", canHalve: true, next: { "In Python: SentenceTransformer(\"\($0)\").encode(texts)" }
  ) { command, repository, place, session in
    try SentenceFolder(repository).write(command.company(repository, session), to: place)
  }
}
