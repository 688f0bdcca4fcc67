import Checkpoints
import Foundation
import Training

/// What a run needs to begin again where it stood: `run.json` beside its checkpoints.
struct RunPlan: Codable {
  static let fileName = "run.json"

  /// The words of the command line, its name left out.
  let arguments: [String]
  let seed: UInt64
  /// The model as it was named.
  let model: String
  /// Files with their hashes: the same run is not made of other data.
  let data: Source
  let validation: Source?
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

    /// The file, unless it has changed.
    func unchanged() throws -> URL {
      guard try Source(file).sha256 == sha256 else {
        throw Failure(
          "\(file.path) has changed since the run began, so it cannot go on as it would have; begin a new run.",
          .malformed)
      }
      return file
    }
  }

  init(_ command: FinetuneCommand, _ session: Session) throws {
    arguments = session.arguments
    seed = command.recipe.seed ?? session.settings.seed
    model = command.common.model ?? session.settings.model ?? ModelShelf.defaultModel
    data = try Source(try session.file(command.data ?? ""))
    validation = try command.validation.map { try Source(try session.file($0)) }
    if let named = command.output {
      output = URL(fileURLWithPath: named, isDirectory: true).standardizedFileURL
      run = nil
    } else {
      output = try session.runs.reserve()
      run = Int(output.lastPathComponent)
    }
  }

  /// Where the run keeps its plan and checkpoints until it is finished.
  var workFolder: URL { Runs.workFolder(of: output) }

  func write() throws {
    try AtomicFolder.makeFolder(workFolder)
    try AtomicFile.write(try JSONEncoder().encode(self), to: workFolder.appendingPathComponent(RunPlan.fileName))
  }

  /// - Throws: `Failure` where the folder holds no plan
  static func read(_ workFolder: URL) throws -> RunPlan {
    let file = workFolder.appendingPathComponent(fileName)
    guard let plan = try? JSONDecoder().decode(RunPlan.self, from: FileContents.read(file)) else {
      throw Failure("\(file.path) is missing or damaged, so the run cannot go on; begin a new one.", .malformed)
    }
    return plan
  }
}
