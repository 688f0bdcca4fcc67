import Checkpoints
import Foundation

/// What `set` keeps across sessions: only what was changed, the rest follows the program.
package struct SavedSettings: Codable, Equatable, Sendable {
  package var model: String?
  package var color: String?
  package var accessible: Bool?
  package var threads: Int?
  package var seed: UInt64?
  package var editor: String?

  package init() {}

  /// What is saved; nothing at all where no file is.
  /// - Throws: `Failure` when the file is no settings
  package static func read(_ file: URL) throws -> SavedSettings {
    guard let data = FileManager.default.contents(atPath: file.path) else { return SavedSettings() }
    guard let saved = try? JSONDecoder().decode(SavedSettings.self, from: data), saved.isPossible else {
      throw Failure(
        "The settings in \(file.path) cannot be read, so none of them counts; mend or remove the file.", .malformed)
    }
    return saved
  }

  private var isPossible: Bool { threads.map { (1...64).contains($0) } ?? true }

  /// - Throws: `FileError`
  package func write(to file: URL) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try AtomicFolder.makeFolder(file.deletingLastPathComponent())
    try AtomicFile.write(try encoder.encode(self) + Data("\n".utf8), to: file, mode: 0o600)
  }
}

extension Settings {
  /// Takes over what is saved.
  package mutating func adopt(_ saved: SavedSettings) {
    model = saved.model ?? model
    color = saved.color ?? color
    accessible = saved.accessible ?? accessible
    threads = saved.threads ?? threads
    seed = saved.seed ?? seed
    editor = saved.editor ?? editor
  }
}
