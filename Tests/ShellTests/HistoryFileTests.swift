import Foundation
import Shell
import Testing

@Suite final class HistoryFileTests {
  private let folder: URL
  init() throws { folder = try Driver.folder("history") }
  deinit { try? FileManager.default.removeItem(at: folder) }

  @Test func newLinesMoveToTheEnd() throws {
    let history = HistoryFile(folder.appendingPathComponent("history"))
    for line in ["a", "b", "a", "  ", "a"] { try history.add(line) }
    #expect(history.entries() == ["b", "a"])
  }

  @Test func twoSessionsKeepEachOthersLines() async throws {
    let file = folder.appendingPathComponent("home/history")
    try await withThrowingTaskGroup(of: Void.self) { group in
      for session in 0..<4 {
        group.addTask {
          for line in 0..<50 {
            try HistoryFile(file).add("session \(session) line \(line)")
            try HistoryFile(file).add("shared \(line % 3)")
          }
        }
      }
      try await group.waitForAll()
    }
    let entries = HistoryFile(file).entries()
    #expect(entries.count == 203)
    #expect(Set(entries).count == 203)
    #expect(entries.filter { $0.hasPrefix("session 2 ") } == (0..<50).map { "session 2 line \($0)" })
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path) == [
        "history"
      ])
  }

  @Test func theOldestGoFirst() throws {
    let history = HistoryFile(folder.appendingPathComponent("short"), limit: 3)
    for line in ["a", "b", "c", "d", "e"] { try history.add(line) }
    #expect(history.entries() == ["c", "d", "e"])
  }

  @Test(arguments: ["two\nlines", "back\\slash", "\\n", "ends in \\", "世界"])
  func linesComeBackAsTheyWere(_ line: String) throws {
    let history = HistoryFile(folder.appendingPathComponent("escaped"))
    try history.add("before")
    try history.add(line)
    #expect(history.entries() == ["before", line])
  }

  @Test func onlyTheOwnerReadsIt() throws {
    let file = folder.appendingPathComponent("private/history")
    for line in ["a", "b", "a"] { try HistoryFile(file).add(line) }
    for (path, mode) in [(file.path, 0o600), (file.deletingLastPathComponent().path, 0o700)] {
      #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == mode)
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let file = folder.appendingPathComponent("file")
    try Data().write(to: file)
    let history = HistoryFile(file.appendingPathComponent("history"))
    #expect(throws: HistoryFile.Failure.cannotWrite(history.file.path, ENOTDIR)) { try history.add("a") }
    #expect(history.entries() == [])
  }
}
