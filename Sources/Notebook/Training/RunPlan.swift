import Checkpoints
import Foundation
import Training

/// What a run needs to begin again where it stood: `run.json` beside its checkpoints.
struct RunPlan: Codable {
  static let fileName = "run.json"

  /// The command that trains.
  let command: String
  /// The words of the command line, its name left out.
  let arguments: [String]
  let seed: UInt64
  /// The model as it was named; nil where none is.
  let model: String?
  /// Files with their hashes: the same run is not made of other data.
  let data: [Source]
  let validation: [Source]
  /// The folder that the finished model goes to; its number is the run's, where it has one.
  let output: URL
  let run: Int?

  struct Source: Codable {
    let file: URL
    let sha256: String

    init(_ file: URL) throws {
      self.file = file
      sha256 = try SHA256.hex(of: file) { _ in try Interrupt.check() }
    }

    init(_ record: TrainingRecord.Origin.File) {
      file = URL(fileURLWithPath: record.path)
      sha256 = record.sha256
    }

    var record: TrainingRecord.Origin.File { .init(path: file.standardizedFileURL.path, sha256: sha256) }

    /// - Throws: `Failure` when the file has changed
    func check() throws {
      guard try Source(file).sha256 == sha256 else {
        throw Failure(
          "\(file.path) has changed since the run began, so it cannot go on as it would have; begin a new run.",
          .malformed)
      }
    }
  }

  /// - Parameters:
  ///   - data: files as they were named
  ///   - output: the folder that was asked for; nil takes the next number
  init(
    _ command: any Command.Type, seed: UInt64, model: String?, data: [String], validation: [String], output: String?,
    in session: Session
  ) throws {
    self.command = command.name
    arguments = session.arguments
    self.seed = seed
    self.model = model
    self.data = try data.map { try Source(try session.file($0)) }
    self.validation = try validation.map { try Source(try session.file($0)) }
    if let output {
      self.output = URL(fileURLWithPath: output, isDirectory: true).standardizedFileURL
      run = nil
    } else {
      self.output = try session.runs.reserve()
      run = Int(self.output.lastPathComponent)
    }
  }

  /// What a record calls some files: the name of one, the number of several.
  static func named(_ sources: [Source]) -> String? {
    sources.count > 1 ? "\(sources.count) files" : sources.first?.file.lastPathComponent
  }

  /// What the finished run remembers of where it came from; nil for what is no fine-tuning.
  var origin: TrainingRecord.Origin? {
    guard command == FinetuneCommand.name, let data = data.first else { return nil }
    return .init(
      arguments: arguments, seed: seed, model: model ?? ModelShelf.usualEncoders[0], data: data.record,
      validation: validation.first?.record)
  }

  /// Where the run keeps its plan and checkpoints until it is finished.
  var workFolder: URL { Runs.workFolder(of: output) }

  func write() throws {
    try AtomicFolder.makeFolder(workFolder)
    try AtomicFile.write(try JSONEncoder().encode(self), to: workFolder.appendingPathComponent(RunPlan.fileName))
  }

  /// Takes back the number and folder of a run that has nothing to go on from.
  func giveUp() {
    guard TrainingCheckpoint.steps(in: workFolder).isEmpty else { return }
    try? FileManager.default.removeItem(at: workFolder)
    if run != nil { Runs.release(output) }
  }

  /// The plan of an interrupted or killed run, for the command that made it; its files are still what they were.
  /// - Throws: `Failure` where the folder holds no plan, or one of another command
  static func read(_ workFolder: URL, for command: any Command.Type) throws -> RunPlan {
    let file = workFolder.appendingPathComponent(fileName)
    guard let plan = try? JSONDecoder().decode(RunPlan.self, from: FileContents.read(file)) else {
      throw Failure("\(file.path) is missing or damaged, so the run cannot go on; begin a new one.", .malformed)
    }
    guard plan.command == command.name else {
      throw Failure("That run was begun by `\(plan.command)`; `\(plan.command) --resume` goes on with it.", .usage)
    }
    for source in plan.data + plan.validation { try source.check() }
    return plan
  }
}
