import Foundation
import Notebook
import TestSupport
import Testing

/// What the program writes when no terminal is there, and when one is claimed.
@Suite(.takingTurns) struct PipeScreens {
  private let sitting: Sitting
  init() throws { sitting = try Sitting([]) }

  private func program(_ extra: [String: String] = [:]) throws -> Program {
    let environment = sitting.environment.merging(["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]) { $1 }
    return try Program(environment: environment.merging(extra) { $1 })
  }

  private static let plain = """
    piece    │ [CLS]   │ the │ [SEP]   │
    id       │ 2       │ 117 │ 3       │
    offsets  │ special │ 0-3 │ special │
    3 tokens: 1 piece of 1 word, 2 special.

    """

  @Test func aPipeGetsNoColours() throws {
    let ended = try program().run(["tokens", "the"])
    #expect(ended.output == Self.plain)
    #expect(ended.errors.isEmpty)
    #expect(ended.status == 0)
  }

  @Test func itsWidthIsThatOfTheEnvironment() throws {
    let ended = try program(["COLUMNS": "40"]).run(["tokens", "the cat was it"])
    #expect(ended.output.split(separator: "\n").allSatisfy { $0.count <= 40 })
    #expect(try program().run(["tokens", "the cat was it"]).output.split(separator: "\n").contains { $0.count > 40 })
  }

  @Test(
    arguments: [
      (["FORCE_COLOR": "1"], [], true), (["CLICOLOR_FORCE": "1"], [], true), (["NO_COLOR": "1"], [], false),
      (["NO_COLOR": "1", "FORCE_COLOR": "1"], [], false), (["NO_COLOR": "1"], ["--color", "always"], true),
      (["FORCE_COLOR": "1"], ["--color", "never"], false), (["TERM": "dumb"], ["--color", "16"], true),
      ([:], [], false),
    ] as [([String: String], [String], Bool)])
  func whoDecidesAboutColour(_ environment: [String: String], _ options: [String], _ isColoured: Bool) throws {
    let ended = try program(environment).run(["tokens", "the"] + options)
    #expect(ended.output.contains("\u{1B}[") == isColoured)
    if !isColoured { #expect(ended.output == Self.plain) }
  }

  @Test func aScriptOnStandardInputIsRunLineByLine() throws {
    let ended = try program().run([], input: "tokens the\n\n# nothing\ntokenz the\ntokens \\\n  the\n")
    #expect(ended.output == Self.plain + Self.plain)
    #expect(ended.errors == "There is no command 'tokenz'; did you mean `tokens`?\n")
    #expect(ended.status == 64)
  }

  @Test func aReaderWhoLeavesIsNoError() throws {
    let ended = try program().run(shell: "attune parameters | head -n 1")
    #expect(ended.output.split(separator: "\n").count == 1)
    #expect(ended.errors.isEmpty)
    let status = try program().run(shell: "{ attune parameters; echo $? >&2; } | true")
    #expect(["0\n", "141\n"].contains(status.errors), "\(status.errors)")
  }

  @Test func aFullDiskIsSaid() throws {
    let ended = try program().run(shell: "attune tokens the > /dev/full")
    #expect(ended.errors == "Cannot write to standard output: No space left on device.\n")
    #expect(ended.status == Notebook.ExitStatus.cannotWrite.rawValue)
  }

  @Test func closedStreamsAreNoFiles() throws {
    let input = try program().run(shell: "attune <&-")
    #expect(input.output.isEmpty && input.errors.isEmpty && input.status == 0)
    let output = try program().run(shell: "attune tokens the >&-")
    #expect(output.errors == "Cannot write to standard output: Bad file descriptor.\n")
    #expect(output.status == Notebook.ExitStatus.cannotWrite.rawValue)
    #expect(try program().run(shell: "attune tokens the 2>&-").output == Self.plain)
  }

  @Test func jsonStandsAlone() throws {
    let ended = try program().run([
      "--json", "finetune", "--data", "samples/reviews/train.tsv", "--rows", "20", "--epochs", "1",
    ])
    #expect(ended.status == 0)
    #expect(ended.output.split(separator: "\n").count == 1)
    #expect(try JSONSerialization.jsonObject(with: Data(ended.output.utf8)) is [String: Any])
    #expect(ended.errors == "New, from random values: classifier.weight, classifier.bias.\n")
  }
}
