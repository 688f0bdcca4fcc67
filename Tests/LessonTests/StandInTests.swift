import Foundation
import Lessons
import Notebook
import Testing

extension Sittings {
  /// A lesson with another of its models than the one that it was written for.
  @Suite struct StandInTests {
    private let header = "models: [first, second]"
    private let body = """
      ```attune {#all}
      split a
      ```
      ```expect
      for the first
      ```
      ```expect {models=second}
      for the second
      ```
      <!-- check: all.words.count == 1 -->
      <!-- check second: all.words.count == 2 -->

      ```attune {#own models=first}
      split b
      ```

      <!-- exercise: e -->
      Do it.
      <!-- check: last.words.count == 3 -->
      <!-- check first: last.words[0] == 'x' -->
      <details><summary>Solution</summary>

      ```attune {models=first}
      split "x y z"
      ```
      ```attune {models=second}
      split "a b c"
      ```
      </details>
      """

    private func lesson(_ body: String, models: String? = nil) throws -> Lesson {
      try Lesson(text: Sitting.text(body, parameters: models ?? header), file: "own.md")
    }

    @Test func takesWhatIsMarkedForTheModel() throws {
      let first = try lesson(body).adapted(to: "first")
      #expect(first.cells.compactMap(\.id) == ["all", "own"])
      #expect(first.cells[0].expectation?.lines.map(\.text) == ["for the first"])
      #expect(first.cells[0].checks.map(\.text) == ["all.words.count == 1"])
      #expect(first.exercises[0].checks.count == 2)
      #expect(first.exercises[0].help.solutionCells.map(\.text) == [#"split "x y z""#])

      let second = try lesson(body).adapted(to: "second")
      #expect(second.cells.compactMap(\.id) == ["all"])
      #expect(second.cells[0].expectation?.lines.map(\.text) == ["for the second"])
      #expect(second.cells[0].checks.map(\.text) == ["all.words.count == 2"])
      #expect(second.exercises[0].checks.map(\.text) == ["last.words.count == 3"])
      #expect(second.exercises[0].help.solutionCells.map(\.text) == [#"split "a b c""#])
    }

    @Test func leavesOutAnExerciseForOthers() throws {
      let solution = "<details><summary>Solution</summary>\n\n```attune\nsplit a\n```\n</details>\n"
      let whole = try lesson("<!-- exercise: e -->\nDo.\n<!-- check first: last.words.count == 1 -->\n" + solution)
      #expect(whole.adapted(to: "first").exercises.count == 1)
      #expect(whole.adapted(to: "second").exercises.isEmpty)
    }

    /// With a model that the lesson does not name, it is compared as it is with the first.
    @Test func comparesAnyOtherModelWithTheFirst() throws {
      let other = try lesson(body).adapted(to: "other")
      #expect(other.cells.compactMap(\.id) == ["all", "own"])
      #expect(other.cells[0].expectation?.lines.map(\.text) == ["for the first"])
      #expect(!other.isStandIn("other"))
      #expect(try lesson(body).isStandIn("second"))
    }

    @Test func judgesAStandInByItsOwnExpectations() throws {
      let sitting = try Sitting()
      let models = "models: [absent-model, \(sitting.folder.path)]"
      let unmarked = "```attune {#a}\nsplit a\n```\n```expect\nwrong\n```\n<!-- check: a.words.count == 9 -->\n"
      var run = try LessonRun(try lesson(unmarked, models: models), in: sitting.session)
      #expect(run.run().status == .passed)
      let marked = "```attune\nsplit a\n```\n```expect {models=\(sitting.folder.path)}\nwrong\n```\n"
      run = try LessonRun(try lesson(marked, models: models), in: sitting.session)
      #expect(run.run().status == .failed)
    }

    @Test func itsTranscriptIsALessonAgain() throws {
      let sitting = try Sitting()
      let models = "models: [absent-model, \(sitting.folder.path)]"
      var run = try LessonRun(
        try lesson("```attune\nsplit a\n```\n```expect\nother\n```", models: models), in: sitting.session)
      let written = run.run().markdown
      #expect(written.contains("```expect\nother\n```\n```expect {models=\(sitting.folder.path)}\na\nwords: 1\n```"))
      let again = try Lesson(text: written, file: "own.md").adapted(to: sitting.folder.path)
      #expect(again.cells[0].expectation?.lines.map(\.text) == ["a", "words: 1"])
    }

    @Test func tellsTheLearner() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson("Read.", parameters: "models: [minilm-large, \(sitting.folder.path)]")
      #expect(sitting.type("lesson \(file)").contains("stands in for minilm-large"))
    }

    @Test(arguments: [
      ("```attune {models=third}\nsplit a\n```", "names no model 'third'; there are first and second."),
      ("```attune\nsplit a\n```\n```expect {models=third}\na\n```", "names no model 'third'"),
      ("```attune {#a}\nsplit a\n```\n<!-- check third: a.words.count == 1 -->", "names no model 'third'"),
      ("```attune {models}\nsplit a\n```", "`models` takes names out of the front matter"),
      ("```attune\nsplit a\n```\n```expect {timeout=3}\na\n```", "unknown attribute 'timeout'"),
      (
        "```attune\nsplit a\n```\n```expect {models=second}\na\n```\n```expect {models=first,second}\na\n```",
        "own.md:13: the cell before has an expect fence already."
      ),
    ])
    func refusesMarksThatMeanNothing(_ body: String, _ sentence: String) {
      #expect {
        try lesson(body)
      } throws: { error in
        Failure(error).sentence.contains(sentence)
      }
    }
  }
}
