import Checkpoints
import Foundation
import Lessons
import Notebook
import TestSupport
import Testing

/// The real model, fetched once into the cache.
enum MiniLM {
  static let isHere: Bool = {
    let store = ModelStore()
    if store.locate("minilm") == nil { _ = try? store.pull("minilm") }
    return store.locate("minilm") != nil
  }()
}

/// The lessons that need no training hold, with the real model. `make lessons` proves the others.
@Suite(.takingTurns, .enabled("model absent") { MiniLM.isHere })
struct ShippedLessonTests {
  @Test(arguments: ["01-fine-tuning.md", "02-tokens.md", "03-attention.md"])
  func holds(_ name: String) throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var environment = ProcessInfo.processInfo.environment
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("attune-lessons-\(UUID())")
    environment["ATTUNE_HOME"] = home.path
    defer { try? FileManager.default.removeItem(at: home) }
    let screen = RecordingScreen()
    let session = Session(
      table: CommandTable(NotebookCommands.rows + LessonCommands.rows), environment: environment,
      resources: Resources(environment: environment, workingFolder: root, binary: nil), screen: screen)
    let file = root.appendingPathComponent("lessons").appendingPathComponent(name).path
    let cell = session.execute(words: ["check", file], line: "check \(name)")
    #expect(cell.status == .passed, "\((screen.lines + screen.notices).joined(separator: "\n"))")
  }
}
