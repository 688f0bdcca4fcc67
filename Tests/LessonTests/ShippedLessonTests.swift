import Foundation
import Lessons
import Notebook
import TestSupport
import Testing

/// The lessons that need no training hold, with the real model. `make lessons` proves the others.
@Suite(.takingTurns)
struct ShippedLessonTests {
  @Test(
    .enabled("model absent") { PulledModel.isHere("minilm") },
    arguments: ["01-fine-tuning.md", "02-tokens.md", "03-attention.md"])
  func holds(_ name: String) throws { try check(name) }

  @Test(
    .enabled("model absent") { PulledModel.chats },
    arguments: ["11-generation.md", "12-chat.md", "13-summaries.md"])
  func holdsWithALanguageModel(_ name: String) throws { try check(name) }

  @Test(.enabled("model absent") { PulledModel.translates })
  func holdsWithATranslator() throws { try check("14-translation.md") }

  /// On a machine that has nothing but what came with attune.
  @Test(
    arguments: [
      ("01-fine-tuning.md", "pocket-bert"), ("02-tokens.md", "pocket-bert"), ("03-attention.md", "pocket-bert"),
      ("11-generation.md", "pocket-gpt"),
    ])
  func holdsWithAStandIn(_ name: String, _ model: String) throws { try check(name, "--model", model) }

  private func check(_ name: String, _ options: String...) throws {
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
    let cell = session.execute(words: ["check", file] + options, line: "check \(name)")
    #expect(cell.status == .passed, "\((screen.lines + screen.notices).joined(separator: "\n"))")
  }
}
