import Foundation
import Lessons
import Notebook
import Testing

extension Sittings {
  @Suite struct RunTests {
    private func run(
      _ body: String, parameters: String = "", _ change: (inout LessonRun.Options) -> Void = { _ in }
    ) throws -> LessonReport {
      let sitting = try Sitting()
      var options = LessonRun.Options()
      change(&options)
      let lesson = try Lesson(text: Sitting.text(body, parameters: parameters), file: "own.md")
      var run = try LessonRun(lesson, options, in: sitting.session)
      return run.run()
    }

    private let three =
      """
      ```attune {#a}
      split "a b"
      ```

      ```attune {#b}
      fail no --status 70
      ```

      ```attune {#c}
      split c
      ```
      ```expect
      wrong
      ```

      """

    @Test func holdsWhatHolds() throws {
      let report = try run(
        """
        ```attune {#a}
        split "a b"
        split "c d"
        ```
        ```expect
        a | b
        words: 2
        c | d
        words: 2
        ```
        <!-- check: a.words.count == 2 and a.words[0] == 'c' -->
        """
      )
      #expect(report.status == .passed)
      #expect(report.failures.isEmpty)
      #expect(report.outcomes.map(\.output) == [["a | b", "words: 2", "c | d", "words: 2"]])
    }

    @Test func stopsAtTheFirstFailure() throws {
      let report = try run(three)
      #expect(report.outcomes.map(\.cell.id) == ["a", "b"])
      #expect(report.failures.map(\.lines) == [["own.md:10: no"]])
      #expect(report.status == .engine)
    }

    @Test func keepsGoingAndTellsTheGravest() throws {
      let report = try run(three) { $0.keepsGoing = true }
      #expect(report.outcomes.map(\.cell.id) == ["a", "b", "c"])
      #expect(report.failures.map(\.status) == [.engine, .failed])
      #expect(report.status == .engine)
      #expect(
        report.failures.last?.lines == [
          "own.md:17: the output is not what is expected.",
          "  - expected, + found:",
          "  - 18 | wrong",
          "  +    | c",
          "  +    | words: 1",
        ])
    }

    static let statuses: [(String, Notebook.ExitStatus)] = [
      ("```attune\nnonsense\n```", .usage),
      ("```attune\nsplit\n```", .usage),
      ("```attune\nfail x --status 69\n```", .modelAbsent),
      ("```attune {expect=fail}\nfail x --status 69\n```", .passed),
      ("```attune {expect=fail}\nfail x --status 70\n```", .engine),
      ("```attune {expect=fail}\nsplit x\n```", .failed),
      ("```attune {#a}\nsplit x\n```\n<!-- check: a.words.count == 2 -->", .failed),
      ("```attune {timeout=0.05}\nloop\n```", .timeout),
      ("```attune {expect=fail timeout=0.05}\nloop\n```", .timeout),
      ("```attune {manual}\nfail x\n```", .skipped),
      ("```attune {nondet=command}\nfail x\n```", .skipped),
      ("```attune {nondet=output}\nsplit x\n```\n```expect\ny\n```", .passed),
      ("words only", .passed),
      ("```attune\nsplit x --help\n```", .passed),
    ]

    @Test(arguments: statuses) func endsWithTheStatusOfTheTable(_ body: String, _ status: Notebook.ExitStatus) throws {
      #expect(try run(body).status == status)
    }

    @Test func limitsTheWholeLesson() throws {
      let body = "```attune\nsplit a\n```\n```attune\nloop\n```\n```attune\nsplit c\n```"
      let report = try run(body) {
        $0.timeout = 0.1
        $0.keepsGoing = true
      }
      #expect(report.status == .timeout)
      #expect(report.outcomes.count == 2)
      #expect(report.failures.last?.sentence == "The time limit of 0.1 s is over; give more with --timeout.")
    }

    @Test func replacesParametersAndTellsWhatTheyAllow() throws {
      let front = "params: { n: { type: int, default: 2, min: 1, max: 5 } }"
      let body =
        """
        ```attune {#a}
        split "$n words"
        ```
        ```expect
        2 | words
        words: 2
        ```
        <!-- check: a.words[0] == '4' or $n == 2 -->
        """
      #expect(try run(body, parameters: front).status == .passed)
      let varied = try run(body, parameters: front) { $0.parameters = ["n": "4"] }
      #expect(varied.status == .passed)
      #expect(varied.outcomes.first?.output == ["4 | words", "words: 2"])
      func sentence(_ given: [String: String]) -> String {
        do {
          _ = try run(body, parameters: front) { $0.parameters = given }
          return ""
        } catch { return Failure(error).status == .malformed ? Failure(error).sentence : "" }
      }
      #expect(sentence(["n": "9"]) == "The parameter n is '9', but it must be at most 5.")
      #expect(sentence(["n": "x"]) == "The parameter n is 'x', but it must be a whole number.")
      #expect(sentence(["m": "1"]) == "own.md has no parameter 'm'; it has n.")
    }

    @Test func startsFromAnIDAfterWhatIsHidden() throws {
      let body =
        """
        ```attune {#h hide}
        split h
        ```
        ```attune {#a}
        fail no
        ```
        ```attune {#b}
        split b
        ```
        <!-- check: h.words.count == 1 -->
        <!-- check: a.words.count == 7 -->
        """
      let report = try run(body) { $0.start = "b" }
      #expect(report.status == .passed)
      #expect(report.outcomes.map(\.isSkipped) == [false, true, false])
      #expect(throws: LessonError.unknownStart(id: "z", file: "own.md", known: ["h", "a", "b"])) {
        try run(body) { $0.start = "z" }
      }
    }

    @Test func usesTheSeedAndNamesModelsThatAreAbsent() throws {
      let report = try run("```attune {#a}\nsplit a\n```\n<!-- check: a.seed == 9 -->", parameters: "seed: 9")
      #expect(report.status == .passed)
      #expect {
        try run("```attune\nsplit a\n```", parameters: "models: [absent-model, absent-other]")
      } throws: { error in
        Failure(error).status == .modelAbsent && Failure(error).sentence.contains("absent-model, absent-other")
      }
    }

    @Test func leavesTheSessionAsItWas() throws {
      let sitting = try Sitting()
      sitting.session.settings.seed = 5
      let file = try sitting.lesson("```attune\nsplit a\n```", parameters: "seed: 9")
      sitting.type("run \(file)")
      #expect(sitting.session.settings.seed == 5)
      #expect(sitting.session.cells.map(\.command) == ["run"])
    }

    // MARK: The author's proof

    private func prove(_ body: String) throws -> [String] {
      try run(body) {
        $0.proves = true
        $0.keepsGoing = true
      }.failures.map { $0.lines.joined(separator: "\n") }
    }

    private let exercise = "```attune {#a}\nsplit a\n```\n<!-- exercise: e -->\nDo.\n"

    @Test func provesExercises() throws {
      let solution = "<details><summary>Solution</summary>\n\n```attune\nsplit \"a b\"\n```\n</details>"
      #expect(try prove(exercise + "<!-- check: last.words.count == 2 -->\n" + solution) == [])
      #expect(
        try prove(exercise + "<!-- check: last.words.count == 3 -->\n" + solution) == [
          "own.md:11: after the solution of 'e', the check does not hold: last.words.count == 3\n"
            + "  last.words.count is 2"
        ])
      #expect(
        try prove(exercise + "<!-- check: last.words.count >= 1 -->\n" + solution) == [
          "own.md:9: an empty answer passes the exercise 'e'; its checks should fail before it is solved."
        ])
      #expect(
        try prove(exercise + "<!-- check: last.words.count == 2 -->") == [
          "own.md:9: the exercise 'e' has no solution that would prove it."
        ])
    }

    @Test func provesPathsAndWidths() throws {
      #expect(
        try prove("```attune {#a}\nsplit a\n```\n<!-- check: a.wrds == null and not a.error and a.words -->") == [])
      #expect(
        try prove("```attune {#a}\nsplit a\n```\n<!-- check: a.wrds.count != 2 -->") == [
          "own.md:9: the check a.wrds.count != 2 asks for a.wrds.count, which does not exist; "
            + "there are command, text, words, seed."
        ])
      let wide = String(repeating: "x", count: 81)
      #expect(
        try prove("```text\n\(wide)\n```") == ["own.md:7: this line is 81 columns wide; 80 fit."])
      #expect(try prove(wide + " is wrapped") == [])
      #expect(try prove("```attune {manual}\nfail no\n```") == ["own.md:6: no"])
    }

    // MARK: Recordings

    @Test func replaysWhatWasRecorded() throws {
      let sitting = try Sitting()
      let body = "```attune {#a}\nsplit \"a b\"\n```\n```expect\na | b\n...\n```\n<!-- check: a.words.count == 2 -->"
      let file = try sitting.lesson(body)
      let recording = sitting.folder.appendingPathComponent("own.recorded.jsonl").path
      #expect(sitting.type("run \(file) --replay").contains("There is no recording"))
      #expect(sitting.session.cells.last?.status == .fileMissing)
      sitting.type("run \(file) -o \(recording)")
      #expect(sitting.text(of: "own.recorded.jsonl").split(separator: "\n").count == 1)
      let shown = sitting.type("run \(file) --replay")
      #expect(shown.contains("a | b\nwords: 2"))
      #expect(sitting.session.cells.last?.status == .passed)
      _ = try sitting.lesson(body.replacing("\"a b\"", with: "\"a c\""))
      #expect(sitting.type("run \(file) --replay").contains("own.md:6: this cell has changed since"))
      #expect(sitting.session.cells.last?.status == .stale)
    }
  }
}
