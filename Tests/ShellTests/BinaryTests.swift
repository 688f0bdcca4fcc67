import Foundation
import Notebook
import Testing

/// The program that ships, run as a script runs it.
@Suite struct BinaryTests {
  private struct Missing: Error, CustomStringConvertible {
    let path: String
    var description: String { "\(path) is missing; `swift build` with this configuration makes it." }
  }

  private struct Ended {
    let output: String
    let errors: String
    let status: Int32
  }

  /// Runs `attune`, which stands beside the tests.
  private func attune(_ arguments: [String], input: String = "") throws -> Ended {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("attune")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      throw Missing(path: program.path)
    }
    let home = try Driver.folder("binary")
    defer { try? FileManager.default.removeItem(at: home) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.environment = ["ATTUNE_HOME": home.path, "LANG": "C.UTF-8"]
    let pipes = [Pipe(), Pipe(), Pipe()]
    (process.standardInput, process.standardOutput, process.standardError) = (pipes[0], pipes[1], pipes[2])
    try process.run()
    try pipes[0].fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try pipes[0].fileHandleForWriting.close()
    let output = try pipes[1].fileHandleForReading.readToEnd() ?? Data()
    let errors = try pipes[2].fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Ended(
      output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self),
      status: process.terminationStatus)
  }

  @Test func theVersionIsOneLine() throws {
    let ended = try attune(["--version"])
    #expect(ended.output.wholeMatch(of: /attune \d+\.\d+\.\d+\n/) != nil)
    #expect(ended.status == 0)
  }

  @Test func aWrongCommandIsUsage() throws {
    let ended = try attune(["no-such-command"])
    #expect(ended.output == "")
    #expect(ended.errors.hasPrefix("There is no command 'no-such-command'"))
    #expect(ended.errors.split(separator: "\n").count == 1)
    #expect(ended.status == ExitStatus.usage.rawValue)
  }

  @Test func aScriptRunsOnAndTheGravestFailureDecides() throws {
    let ended = try attune([], input: "no-such-command\n# a comment\n\nquit\nanother-one\n")
    #expect(ended.errors.split(separator: "\n").count == 1)
    #expect(ended.status == ExitStatus.usage.rawValue)
    #expect(try attune([], input: "quit\n").status == 0)
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func shellsGetTheirCompletions(_ shell: String) throws {
    let ended = try attune(["--generate-completion-script", shell])
    #expect(ended.output.contains("quit"))
    #expect(ended.status == 0)
  }
}
