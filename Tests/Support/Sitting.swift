import Drawing
import Foundation
import Notebook

/// A session with every command, in a home of its own, on a screen that remembers.
///
/// `minilm` is there: a classifier of two tiny layers with random weights, so that every answer takes milliseconds.
package final class Sitting {
  package let folder: URL
  package let screen: RecordingScreen
  package let session: Session
  package let environment: [String: String]
  /// What has to live as long: a server that it talks to.
  package var company: [AnyObject] = []

  package static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  package static let fixtures = root.appendingPathComponent("Tests/Fixtures")

  /// What `minilm` means.
  package enum Model {
    case tiny
    /// What the machine's own cache holds.
    case real
    /// Nothing but what came with attune, as on a machine that has no network.
    case shipped
    case none
  }

  package static let hasRealModel =
    ModelShelf(environment: ProcessInfo.processInfo.environment).store.locate("minilm") != nil

  /// - Parameters:
  ///   - rows: the commands
  ///   - environment: variables besides the usual ones
  package init(
    _ rows: [any Command.Type], style: TerminalStyle = TerminalStyle(), model: Model = .tiny,
    environment more: [String: String] = [:]
  ) throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("attune-sitting-\(UUID().uuidString)")
    let home = ["ATTUNE_HOME": folder.path + "/home"]
    let base =
      model == .real
      ? ProcessInfo.processInfo.environment.merging(home) { $1 }
      : home.merging(["HF_HOME": folder.path + "/hf", "HOME": folder.path]) { $1 }
    environment = base.merging(more) { $1 }
    screen = RecordingScreen(style: style)
    let resources = Resources(
      environment: [:], workingFolder: Sitting.root, binary: nil)
    session = Session(
      table: CommandTable(rows), environment: environment, resources: resources, screen: screen,
      shelf: model == .none ? ModelShelf(environment: environment) : nil)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    if model == .tiny { try installModel() }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func installModel() throws {
    let repository = folder.appendingPathComponent("hf/hub/models--sentence-transformers--all-MiniLM-L6-v2")
    try FileManager.default.createDirectory(
      at: repository.appendingPathComponent("refs"), withIntermediateDirectories: true)
    try Data("tiny".utf8).write(to: repository.appendingPathComponent("refs/main"))
    try Sitting.copyModel(to: repository.appendingPathComponent("snapshots/tiny"))
  }

  /// A copy of the tiny model that a test may spoil.
  package func model(_ name: String = "model") throws -> URL {
    let copy = folder.appendingPathComponent(name)
    try Sitting.copyModel(to: copy)
    return copy
  }

  private static func copyModel(to place: URL) throws {
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let files = ["config.json", "model.safetensors", "tokenizer_config.json", "special_tokens_map.json"]
    for file in files.map({ "classify/\($0)" }) + ["entities/tokenizer.json"] {
      let source = fixtures.appendingPathComponent("pipelines").appendingPathComponent(file)
      try FileManager.default.copyItem(at: source, to: place.appendingPathComponent(source.lastPathComponent))
    }
  }

  /// Runs a line and hands back its cell with what was shown and said meanwhile.
  @discardableResult
  package func run(_ line: String) -> (cell: Cell?, lines: [String], notices: [String]) {
    _ = screen.take()
    let cell = session.execute(line)
    let (lines, notices) = screen.take()
    return (cell, lines, notices)
  }

  /// A file of this text in the sitting's folder.
  package func file(_ name: String, _ text: String) throws -> String {
    let file = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}
