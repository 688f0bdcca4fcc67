import Drawing
import Foundation
import Lessons
import Notebook
import TestSupport
import Testing

/// The home of all tests that run commands.
@Suite(.takingTurns) enum Sittings {}

/// A session in a home of its own, on a screen that remembers.
final class Sitting {
  let folder: URL
  let screen = RecordingScreen()
  let session: Session

  static let fixtures = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures")

  init(home: URL? = nil) throws {
    folder = home ?? FileManager.default.temporaryDirectory.appendingPathComponent("lessons-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let environment = ["ATTUNE_HOME": folder.path, "ATTUNE_RESOURCES": Sitting.fixtures.path]
    let rows: [any Command.Type] =
      [SplitCommand.self, FailCommand.self, LoopCommand.self, RulerCommand.self] + LessonCommands.rows
    let resources = Resources(environment: environment, workingFolder: URL(fileURLWithPath: "/"), binary: nil)
    session = Session(table: CommandTable(rows), environment: environment, resources: resources, screen: screen)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// What a line shows, notices after it.
  @discardableResult
  func type(_ line: String) -> String {
    _ = screen.take()
    session.execute(line)
    let (lines, notices) = screen.take()
    return (lines + notices.map { "! " + $0 }).joined(separator: "\n")
  }

  /// A lesson file with this body in a folder of this sitting.
  func lesson(_ body: String, parameters: String = "", name: String = "own.md") throws -> String {
    let file = folder.appendingPathComponent(name)
    try Data(Sitting.text(body, parameters: parameters).utf8).write(to: file)
    return file.path
  }

  static func text(_ body: String, parameters: String = "") -> String {
    let extra = parameters.isEmpty ? "" : parameters + "\n"
    return "---\nlesson: 1\nid: own\ntitle: Own\n\(extra)---\n\(body)\n"
  }

  func text(of name: String) -> String {
    (try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)) ?? ""
  }
}
