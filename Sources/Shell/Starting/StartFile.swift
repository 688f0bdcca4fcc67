import Drawing
import Foundation
import Notebook

/// Lines that a learner wants to run when the shell starts, such as variables and settings: `init` in the learner's home.
struct StartFile {
  private let file: URL

  init(_ file: URL) { self.file = file }

  /// Runs the lines and shows nothing but what goes wrong, with its place; the lines after it run all the same.
  func run(in session: Session) {
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      return session.screen.notice("\(sanitized(file.path)) cannot be read as text, so none of its lines ran.")
    }
    let keeps = session.keepsSettings
    session.keepsSettings = false
    defer { session.keepsSettings = keeps }
    var statements = Statements()
    var start = 1
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if !statements.isOpen { start = index + 1 }
      guard let statement = statements.add(String(line)) else { continue }
      run(statement, start, in: session)
    }
    if let rest = statements.finish() { run(rest, start, in: session) }
  }

  private func run(_ statement: String, _ line: Int, in session: Session) {
    guard let failure = session.prepare(statement) else { return }
    session.screen.notice("\(sanitized(file.path)):\(line): \(failure.sentence)")
  }
}
