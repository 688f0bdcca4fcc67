import Foundation
import Lessons
import Notebook
import Testing

extension Sittings {
  @Suite struct TranscriptTests {
    private func report() throws -> (LessonReport, Sitting) {
      let sitting = try Sitting()
      let file = Sitting.fixtures.appendingPathComponent("lessons/01-first.md").path
      var run = try LessonRun(try Lesson(file: file), in: sitting.session)
      return (run.run(), sitting)
    }

    @Test func markdownIsTheLessonWithItsOutput() throws {
      let (report, sitting) = try report()
      #expect(report.status == .passed)
      let file = sitting.folder.appendingPathComponent("out.md").path
      try report.write(to: file)
      let text = sitting.text(of: "out.md")
      #expect(text.contains("```expect\nthe | cat | sat\nwords: 3\n```\n<!-- check: tok.words.count == 3 -->"))
      #expect(text.contains("split \"one two three four five\""))
      #expect(!text.contains("include:"))
      var again = try LessonRun(try Lesson(file: file), in: sitting.session)
      #expect(again.run().status == .passed)
      #expect(again.run().markdown == text)
    }

    @Test func htmlShowsProseCellsAndDrawings() throws {
      let html = try report().0.html
      #expect(html.contains("<title>Who is &quot;it&quot;?</title>"))
      #expect(html.contains("<h2 id=\"section-1\">Split the words</h2>"))
      #expect(html.contains("<strong>words</strong>"))
      #expect(html.contains("the | cat | sat"))
      #expect(html.contains("<summary>Solution</summary>"))
      #expect(!html.contains("ask the room"))
    }

    @Test func notebookIsNbformatFour() throws {
      let text = try report().0.notebook
      let object = try #require(Value(json: Data(text.utf8)))
      #expect(object["nbformat"] == .integer(4) && object["nbformat_minor"] == .integer(5))
      guard case .array(let cells)? = object["cells"] else { return #expect(Bool(false), "cells") }
      let codes = cells.filter { $0["cell_type"] == .string("code") }
      #expect(codes.count == 2)
      let python = ["# attune: split \"the $word sat\"\n", "# `split` has no counterpart in Hugging Face's libraries."]
      #expect(codes.first?["source"] == .array(python.map(Value.string)))
      #expect(codes.first?["metadata"]?["attune"] == .array([.string("split \"the $word sat\"")]))
      let output = codes.first?["outputs"]?[0]
      #expect(output?["name"] == .string("stdout"))
      #expect(output?["text"]?[0] == .string("the | cat | sat\n"))
      let ids = cells.compactMap { $0["id"] }
      #expect(ids.count == cells.count && Set(ids.map(\.json)).count == ids.count)
    }

    @Test func linesHoldOneObjectForEachCell() throws {
      let lines = try report().0.jsonLines.split(separator: "\n").compactMap { Value(json: Data($0.utf8)) }
      #expect(lines.map { $0["cell"] } == [.integer(0), .integer(1)])
      #expect(lines[0]["id"] == .string("tok"))
      #expect(lines[0]["output"] == .array([.string("the | cat | sat"), .string("words: 3")]))
      #expect(lines[0]["value"]?["command"] == .string("split"))
    }

    @Test func writesWholeFilesOrNone() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson("```attune\nsplit a\n```")
      #expect(sitting.type("run \(file) -o \(sitting.folder.path)/nowhere/out.md").contains("cannot be written"))
      #expect(sitting.session.cells.last?.status == .cannotWrite)
      #expect(
        sitting.type("run \(file) -o \(sitting.folder.path)/out.pdf")
          == "! The kind of \(sitting.folder.path)/out.pdf is unknown; "
          + "a transcript ends in .md, .html, .ipynb and .jsonl."
      )
      #expect(sitting.session.cells.last?.status == .usage)
      let left = try FileManager.default.contentsOfDirectory(atPath: sitting.folder.path)
      #expect(left == ["own.md"])
    }

    @Test func writesTheTranscriptOfAFailedRun() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson("```attune\nsplit a\n```\n```expect\nb\n```")
      sitting.type("run \(file) -o \(sitting.folder.path)/out.md")
      #expect(sitting.session.cells.last?.status == .failed)
      #expect(sitting.text(of: "out.md").contains("```expect\na\nwords: 1\n```"))
    }

    // MARK: Promotion

    private let stale =
      """
      ```attune
      split "a b"
      ```
      ```expect
      [..] | b
      words: 9
      ```

      ```attune
      split c
      ```
      ```expect
      ...
      ```

      ```attune
      ruler --value 0.7
      ```
      ```expect
      value 0.4 units (~1e-2)
      ```
      """

    @Test func promotesOnlyWhatFailedAndDoesNothingTheSecondTime() throws {
      let sitting = try Sitting()
      sitting.screen.style.width = 200
      let file = try sitting.lesson(stale)
      #expect(
        sitting.type("promote \(file)")
          == "\(file): 2 expectations rewritten.\n  \(file):9\n  \(file):24")
      #expect(
        sitting.text(of: "own.md")
          == Sitting.text(
            stale.replacing("words: 9", with: "words: 2").replacing("value 0.4", with: "value 0.7")))
      let once = sitting.text(of: "own.md")
      #expect(sitting.type("promote \(file)") == "\(file): nothing to rewrite.")
      #expect(sitting.text(of: "own.md") == once)
      #expect(sitting.session.cells.last?.status == .passed)
    }

    @Test func promotesIncludedFilesAndKeepsTheirLineEnds() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson("<!-- include: part.md -->")
      let part = sitting.folder.appendingPathComponent("part.md")
      try Data("```attune\r\nsplit a\r\n```\r\n```expect\r\nb\r\n...\r\n```\r\n".utf8).write(to: part)
      sitting.type("promote \(file)")
      #expect(sitting.text(of: "part.md") == "```attune\r\nsplit a\r\n```\r\n```expect\r\na\r\n...\r\n```\r\n")
      #expect(sitting.text(of: "own.md") == Sitting.text("<!-- include: part.md -->"))
    }

    @Test func promotesNothingOfACellThatFailed() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson("```attune\nfail no\n```\n```expect\nyes\n```")
      let before = sitting.text(of: "own.md")
      sitting.type("promote \(file)")
      #expect(sitting.text(of: "own.md") == before)
      #expect(sitting.session.cells.last?.status == .failed)
    }
  }
}
