import Foundation
import Lessons
import Notebook
import TestSupport
import Testing

/// How `run`, `check` and `promote` end, as a script sees it: every status of the table, by the program that ships.
///
/// 70 is for defects of our own, so nothing that a user writes brings it about; `RunTests` holds it.
@Suite struct RunProcessTests {
  private let sitting: TestSupport.Sitting
  private let program: Program

  init() throws {
    sitting = try TestSupport.Sitting([])
    program = try Program(
      environment: sitting.environment.merging(["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]) { $1 })
  }

  private func lesson(_ body: String, _ front: String = "", name: String = "own.md") throws -> String {
    try sitting.file(name, "---\nlesson: 1\nid: own\ntitle: Own\n\(front)---\n\(body)\n")
  }

  private func status(_ arguments: String...) throws -> Int32 { try program.run(arguments).status }

  private static let fine = "```attune {#a}\ntokens the\n```\n```expect\n...\n3 tokens: [..]\n```"
  private static let wrong = fine.replacing("3 tokens", with: "9 tokens")

  /// A training that would take minutes.
  private func endless(_ attributes: String = "") throws -> String {
    let data = try sitting.file("w.tsv", "text\tlabel\na good film\tPOSITIVE\na bad film\tNEGATIVE\n")
    return try lesson(
      "```attune\(attributes)\nfinetune --data \(data) --validation \(data) --max-steps 900000 --epochs 1000 "
        + "--save-strategy no\n```")
  }

  @Test func passed() throws {
    let file = try lesson(Self.fine)
    #expect(try status("run", file) == 0)
    #expect(try status("check", file) == 0)
    #expect(try status("promote", file) == 0)
  }

  @Test func anExpectationFails() throws {
    let file = try lesson(Self.wrong)
    #expect(try status("run", file) == 1)
    #expect(try status("check", file) == 1)
    #expect(try status("promote", file) == 0)
    #expect(try status("run", file) == 0)
  }

  @Test func usage() throws {
    let file = try lesson(Self.fine)
    for arguments in [["run"], ["run", file, "--from", "z"], ["run", file, "-p", "x"], ["run", file, "-o", "x.pdf"]] {
      #expect(try program.run(arguments).status == 64, "\(arguments)")
    }
    #expect(try status("run", file, file, "-o", "x.md") == 64)
    #expect(try status("check", file, "--timeout=-1") == 64)
    #expect(try status("promote") == 64)
  }

  @Test func malformed() throws {
    let file = try lesson("<!-- puase -->")
    for command in ["run", "check", "promote"] { #expect(try status(command, file) == 65, "\(command)") }
    let other = try lesson("```attune\ntokens $n\n```", "params: {n: {type: int, default: 1}}\n", name: "other.md")
    #expect(try status("run", other, "-p", "n=two") == 65)
  }

  @Test func aFileIsMissing() throws {
    let file = try lesson(Self.wrong)
    #expect(try status("run", "nowhere.md") == 66)
    #expect(try status("check", "nowhere.md") == 66)
    // The gravest decides, and what comes after the missing one runs all the same.
    let ended = try program.run(["run", "nowhere.md", file, "--keep-going"])
    #expect(ended.status == 66)
    #expect(ended.errors.contains("own.md:9: the output is not what is expected."))
  }

  @Test func aModelIsAbsent() throws {
    let file = try lesson(Self.fine, "models: [no-such-model]\n")
    for command in ["run", "check", "promote"] { #expect(try status(command, file) == 69, "\(command)") }
  }

  @Test func theTranscriptCannotBeWritten() throws {
    let ended = try program.run(["run", try lesson(Self.wrong), "-o", "\(sitting.folder.path)/nowhere/out.md"])
    #expect(ended.status == 74)
    #expect(ended.errors.contains("cannot be written"))
  }

  @Test func aRecordingIsStale() throws {
    let file = try lesson(Self.fine)
    #expect(try status("run", file, "-o", "\(sitting.folder.path)/own.recorded.jsonl") == 0)
    #expect(try status("run", file, "--replay") == 0)
    _ = try lesson(Self.fine, "seed: 7\n")
    #expect(try status("run", file, "--replay") == 75)
    _ = try lesson(Self.fine.replacing("tokens the", with: "tokens it"))
    #expect(try status("run", file, "--replay") == 75)
  }

  @Test func everyCellIsSkipped() throws {
    #expect(try status("run", try lesson("```attune {manual}\ntokens x\n```")) == 80)
  }

  @Test func timeIsUp() throws {
    let ended = try program.run(["run", try endless(" {timeout=0.3}"), "-o", "\(sitting.folder.path)/out.html"])
    #expect(ended.status == 124)
    #expect(ended.errors.contains("own.md:6: The time limit"))
    #expect(FileManager.default.fileExists(atPath: "\(sitting.folder.path)/out.html"))
    #expect(try status("run", try endless(), "--timeout", "0.3") == 124)
    #expect(try status("check", try endless(), "--timeout", "0.3") == 124)
  }

  @Test func interrupted() throws {
    let ended = try program.run(["run", try endless()], interruptedAfter: "> finetune")
    #expect(ended.status == 130)
    #expect(ended.errors.contains("own.md:6: Interrupted"))
  }

  // MARK: The same everywhere

  /// Times, places, colours, widths and homes of a machine are in no transcript.
  @Test(arguments: ["md", "html", "ipynb"]) func twoRunsGiveOneTranscript(_ kind: String) throws {
    let data = try sitting.file("w.tsv", "text\tlabel\na good film\tPOSITIVE\na bad film\tNEGATIVE\n")
    let body = """
      ```attune {#a}
      finetune --data \(data) --validation \(data) --epochs 1
      runs
      load last
      ```
      ```attune {#b expect=fail}
      load \(sitting.folder.path)/nothing
      ```
      """
    let file = try lesson(body, "seed: 3\n")
    var texts: [String] = []
    let others = [
      [:],
      [
        "TZ": "Asia/Tokyo", "LC_ALL": "pt_BR.UTF-8", "FORCE_COLOR": "1", "TMPDIR": sitting.folder.path,
        "ATTUNE_HOME": sitting.folder.path + "/another",
      ],
    ]
    for (number, other) in others.enumerated() {
      let program = try Program(
        environment: sitting.environment.merging(["PATH": "/usr/bin:/bin"]) { $1 }.merging(other) { $1 })
      let out = "\(sitting.folder.path)/\(number).\(kind)"
      #expect(try program.run(["run", file, "-o", out]).status == 0)
      texts.append(try String(contentsOfFile: out, encoding: .utf8))
    }
    #expect(texts[0] == texts[1])
    #expect(texts[0].contains("Saved in run 1, [..]/runs/1"))
    #expect(!texts[0].contains("\u{1B}"))
    if kind == "md" {
      // The transcript is a lesson that holds.
      let again = try sitting.file("again.md", texts[0])
      #expect(try status("check", again) == 0)
    }
  }

  @Test func whatWasMeasuredIsShownWhenAskedFor() throws {
    let file = try lesson("```attune\nload minilm\n```")
    #expect(try program.run(["run", file]).output.contains("opened in [..] ms"))
    #expect(try program.run(["run", file, "--measured"]).output.contains(/opened in \d+ ms/))
  }
}
