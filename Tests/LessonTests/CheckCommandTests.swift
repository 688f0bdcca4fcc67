import Foundation
import Lessons
import Notebook
import Testing

extension Sittings {
  @Suite struct CheckCommandTests {
    private func withoutTimes(_ text: String) -> String { text.replacing(/\ \([0-9.]+ m?s\)/, with: "") }

    @Test func provesAllLessonsInALineEach() throws {
      let shown = withoutTimes(try Sitting().type("check"))
      #expect(shown == "01-first.md  2 cells, 1 quiz, 1 exercise: all hold\n02-second.md  6 cells: all hold")
    }

    @Test func showsEachFailureWithItsPlace() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson(
        "```attune {#a}\nsplit a\n```\n```expect\nb\n```\n<!-- check: a.words.count == 2 -->")
      #expect(
        withoutTimes(sitting.type("check \(file)")) == """
          own.md  1 cell: 2 failures
            \(file):9: the output is not what is expected.
              - expected, + found:
              - 10 | b
              +    | a
              +    | words: 1
            \(file):12: the check does not hold: a.words.count == 2
              a.words.count is 1
          """)
      #expect(sitting.session.cells.last?.status == .failed)
    }

    @Test func goesOnAfterALessonThatCannotBeRead() throws {
      let sitting = try Sitting()
      let bad = try sitting.lesson("<!-- puase -->", name: "bad.md")
      let good = try sitting.lesson("```attune\nsplit a\n```")
      let shown = withoutTimes(sitting.type("check \(bad) \(good)"))
      #expect(shown.contains("  \(bad):6: unknown directive 'puase'; did you mean `pause`?"))
      #expect(shown.hasSuffix("own.md  1 cell: all hold"))
      #expect(sitting.session.cells.last?.status == .malformed)
    }

    @Test func runShowsTheLessonAndItsResult() throws {
      let shown = withoutTimes(try Sitting().type("run 1 -p word=dog"))
      #expect(shown.contains("> split \"the $word sat\"\nthe | dog | sat\nwords: 3\n"))
      #expect(shown.contains("  b) three\n"))
      #expect(shown.hasSuffix("01-first.md  2 cells, 1 quiz, 1 exercise: all hold"))
    }

    @Test func jsonIsOneObject() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson("```attune\nsplit a\n```\n```expect\nb\n```")
      sitting.session.execute("run \(file) --json")
      #expect(sitting.screen.lines.count == 1)
      let object = try #require(Value(json: Data((sitting.screen.lines.first ?? "").utf8)))
      #expect(object["lessons"]?[0]?["status"] == .integer(1))
      #expect(object["lessons"]?[0]?["failures"]?[0]?["line"] == .integer(9))
      #expect(object["lessons"]?[0]?["cells"]?[0]?["output"]?[0] == .string("a"))
    }

    @Test(arguments: [
      ("run", ExitStatusCode(64)), ("run nowhere.md", ExitStatusCode(66)), ("run 1 -p word=cow", ExitStatusCode(65)),
      ("run 1 -p word", ExitStatusCode(64)), ("run 1 2 -o x.md", ExitStatusCode(64)),
      ("run 1 --timeout 0", ExitStatusCode(64)), ("run 1 --from z", ExitStatusCode(64)), ("run 1", ExitStatusCode(0)),
    ]) func endsWithTheStatusOfTheTable(_ line: String, _ code: ExitStatusCode) throws {
      let sitting = try Sitting()
      sitting.type(line)
      #expect(sitting.session.cells.last?.status.rawValue == code.value)
    }
  }
}

struct ExitStatusCode: Sendable {
  let value: Int32
  init(_ value: Int32) { self.value = value }
}
