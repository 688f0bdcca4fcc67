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
    let command = try command()
    return try PseudoTerminal(
      command[0], Array(command.dropFirst()), environment: environment(home).merging(extra) { $1 }, columns: columns,
      rows: rows)
  }

  /// The same from the prompt of a system's shell, which can stop it and go on with it.
  static func startAsJob(home: URL) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      "/bin/sh", ["-i"], environment: environment(home).merging(["PS1": "sh> "]) { $1 })
    try terminal.expect("sh> ")
    terminal.type(try command().map { "'\($0)'" }.joined(separator: " ") + "\r")
    return terminal
  }

  private static func environment(_ home: URL) -> [String: String] {
    [
      variable: home.path, "TERM": "xterm", "LANG": "C.UTF-8", "NO_COLOR": "1", "HOME": home.path,
      "ATTUNE_HOME": home.appendingPathComponent("attune").path,
    ]
  }

  private static func command() throws -> [String] {
    let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return [program, "--testing-library", "swift-testing", "--filter", "ShellTests.DriverTests"]
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
