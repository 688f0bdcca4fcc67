import Drawing
import Foundation
import Notebook
import Shell
import Testing

/// A shell with the toy commands, which is this test program started again on a pseudo-terminal.
enum Driver {
  static let variable = "ATTUNE_TEST_DRIVER"

  /// Words of a command, a line each, to be run in place of the shell.
  static let words = "ATTUNE_TEST_WORDS"

  static func start(
    home: URL, environment extra: [String: String] = [:], columns: UInt16 = 80, rows: UInt16 = 24
  ) throws -> PseudoTerminal {
    let environment = [
      variable: home.path, "TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1", "HOME": home.path,
      "ATTUNE_HOME": home.appendingPathComponent("attune").path,
    ]
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let arguments = ["--testing-library", "swift-testing", "--filter", "ShellTests.DriverTests"]
    return try PseudoTerminal(
      program, arguments, environment: environment.merging(extra) { $1 }, columns: columns, rows: rows)
  }

  static func folder(_ name: String) throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "attune-shell-\(name)-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}

/// Does nothing in a run of the tests: the other end of `Driver.start`.
@Suite struct DriverTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment[Driver.variable] != nil))
  func runs() {
    let environment = ProcessInfo.processInfo.environment
    let folder = URL(fileURLWithPath: environment[Driver.variable] ?? "")
    guard FileManager.default.changeCurrentDirectoryPath(folder.path) else { return }
    if let words = environment[Driver.words] {
      exit(Shell.run(Toys.rows, arguments: ["attune"] + words.split(separator: "\n").map(String.init)))
    }
    let screen = TerminalScreen(environment: environment)
    let session = Session(
      table: Toys.shell, environment: environment,
      resources: Resources(environment: [:], workingFolder: folder, binary: nil), screen: screen)
    exit(Shell.converse(session, on: screen, greets: false).rawValue)
  }
}
