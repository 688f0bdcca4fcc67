import Foundation
import Notebook
import TestSupport
import Testing

/// The program that ships, run as a script runs it.
@Suite struct BinaryTests {
  private func attune(_ arguments: [String], input: String = "") throws -> Program.Ended {
    let home = try Driver.folder("binary")
    defer { try? FileManager.default.removeItem(at: home) }
    return try Program(environment: ["ATTUNE_HOME": home.path, "LANG": "C.UTF-8"]).run(arguments, input: input)
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

  @Test func aModelThatShipsIsFoundFromAnyFolder() throws {
    let home = try Driver.folder("anywhere")
    defer { try? FileManager.default.removeItem(at: home) }
    let program = try Program(environment: [
      "ATTUNE_HOME": home.path, "ATTUNE_RESOURCES": FileManager.default.currentDirectoryPath,
    ])
    let ended = try program.run(shell: "cd '\(home.path)' && attune info --model samples/models/pocket-bert --json")
    #expect(ended.status == 0, "\(ended.errors)")
    #expect(ended.output.contains("\"name\": \"samples/models/pocket-bert\""))
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func shellsGetTheirCompletions(_ shell: String) throws {
    let ended = try attune(["--generate-completion-script", shell])
    #expect(ended.output.contains("quit"))
    #expect(ended.status == 0)
  }
}
