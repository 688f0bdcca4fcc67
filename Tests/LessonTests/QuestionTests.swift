import Foundation
import Lessons
import Notebook
import Testing

extension Sittings {
  /// Questions of every kind, as a learner answers them.
  @Suite struct QuestionTests {
    private let sitting: Sitting
    init() throws { sitting = try Sitting() }

    private func ask(_ body: String, front: String = "") throws -> String {
      sitting.type("lesson \(try sitting.lesson(body, parameters: front))")
    }

    private var log: [String] { sitting.text(of: "attempts.jsonl").split(separator: "\n").map(String.init) }

    @Test func severalChoicesAreRightTogether() throws {
      #expect(
        try ask("<!-- quiz: q -->\nWhich?\n\n- a) x\n- b) y\n- c) z\n\n<!-- key: a, c -->\n<!-- wrong b: Not y. -->")
          .hasSuffix("Several are right: type their letters, as in a b."))
      #expect(sitting.type("a") == "✗ One that is right is missing.\nTry again.")
      #expect(sitting.type("a b") == "✗ Not y. One that is right is missing.\nTry again.")
      #expect(sitting.type("c, a").contains("✓ "))
      #expect(log.last?.contains(#""event":"finish""#) == true)
      #expect(log.dropLast().last?.contains(#""answer":"a c""#) == true)
    }

    @Test func aNumberIsRightWithinItsTolerance() throws {
      #expect(try ask("<!-- quiz: q -->\nHow much?\n<!-- key: 0.69 (~0.01) -->").hasSuffix("Type a number."))
      #expect(sitting.type("0.5") == "✗ 0.5 is not it.\nTry again.")
      #expect(sitting.type("0.9") == "✗ 0.9 is not it. It is smaller.\nTry again.")
      #expect(sitting.type("choose much") == "! 'much' is no number; the answer is one.")
      #expect(sitting.type("split x").contains("words: 1"))
      #expect(sitting.type("0.695").contains("✓ "))
    }

    @Test func aTextIsRightByWhatItSays() throws {
      #expect(
        try ask(
          "<!-- quiz: q -->\nHow is it called?\n<!-- key: word piece | subword -->\n<!-- wrong word: Smaller. -->"
        )
        .hasSuffix("Type your answer."))
      #expect(sitting.type("word") == "✗ Smaller.\nTry again.")
      // A command's bare name can be an answer, a command with arguments is one.
      #expect(sitting.type("split") == "✗ split is not it.\nTry again.")
      #expect(sitting.type("split a").contains("words: 1"))
      #expect(sitting.type("it's").contains("`solution` shows the answer."))
      #expect(sitting.type(" Word   PIECE. ").contains("✓ "))
    }

    @Test func feedbackGrowsWithEveryAttempt() throws {
      let hint = "<details><summary>Hint 1</summary>Think.</details>"
      _ = try ask(
        "<!-- quiz: q -->\nWhich?\n\n- a) x\n- b) y\n\n<!-- key: a -->\n<!-- wrong b: First. -->\n<!-- wrong b: Second. -->\n\(hint)"
      )
      #expect(sitting.type("b") == "✗ First.\nTry again; `hint` helps.")
      #expect(sitting.type("b") == "✗ Second.\nTry again; `hint` helps.")
      // Who does not ask for it is shown the first hint.
      #expect(sitting.type("b") == "✗ Second.\nThink.\n\n`solution` shows the answer.")
    }

    @Test func keysThatAreKeptApartAreNotHere() throws {
      let body = "<!-- quiz: q -->\nWhich?\n\n- a) x\n- b) y\n\n# Next\n"
      #expect(try ask(body, front: "answers: keys.yaml").hasSuffix("Type the letters of what is right."))
      #expect(sitting.type("b").contains("Noted. The answers of this lesson are kept apart."))
      #expect(log.first?.contains("\"right\"") == false)

      let keys = sitting.folder.appendingPathComponent("keys.yaml")
      try Data("q: { key: a, wrong: { b: No. } }\n".utf8).write(to: keys)
      let lesson = try Lesson(file: sitting.folder.appendingPathComponent("own.md").path)
      #expect(lesson.quizzes.first?.key == "a")
      #expect(lesson.quizzes.first?.feedback == ["b": ["No."]])
      try Data("\nother: a\n".utf8).write(to: keys)
      #expect(throws: LessonError.self) { try Lesson(file: sitting.folder.appendingPathComponent("own.md").path) }
      try Data("\nq: e\n".utf8).write(to: keys)
      do {
        _ = try Lesson(file: sitting.folder.appendingPathComponent("own.md").path)
        Issue.record("a key that is no choice was taken")
      } catch {
        #expect(error.sentence == "\(keys.path):2: the key 'e' is no choice; there are a and b.")
      }
    }

    private func prediction(_ score: String, _ cell: String) -> String {
      "<!-- predict: p -->\nGuess.\n<!-- score: \(score) -->\n<details><summary>Reveal</summary>\n\n```attune {#r}\n\(cell)\n```\n</details>"
    }

    @Test(arguments: [
      ("rank r.words", "split 'one two three'", "one", "✓ That is the first: “one”."),
      ("rank r.words", "split 'one two three'", "Two", "Number 2 of 3: “two”; the first is “one”."),
      ("rank r.words", "split 'one two three'", "four", "Not among the first 3; the first is “one”."),
      ("split r.words", "split 'un ##bel ##ievably'", "un bel ievably", "✓ Every cut is right: un ##bel ##ievably."),
      (
        "split r.words", "split 'un ##bel ##ievably'", "un|believably",
        "1 of 2 cuts found, 0 too many; it is cut as un ##bel ##ievably."
      ),
      (
        "split r.words", "split 'un ##bel'", "other",
        "Your pieces do not make the same text; it is cut as un ##bel."
      ),
      ("number r.value", "ruler --value 4", "4", "✓ Exactly: 4."),
      ("number r.value", "ruler --value 4", "5", "It is 4; you were off by 20%."),
    ])
    func aGuessIsScoredOnceItIsRevealed(_ score: String, _ cell: String, _ guess: String, _ says: String) throws {
      #expect(try ask(prediction(score, cell)).contains("Type your guess"))
      let shown = sitting.type(guess)
      #expect(shown.contains("Your guess: \(guess)\n\n    \(cell)\n"))
      #expect(shown.contains("\n" + says + "\n"), "\(shown)")
      #expect(log.first?.contains(#""kind":"prediction""#) == true)
    }

    @Test func aPredictionIsWhole() throws {
      for (body, says) in [
        ("<!-- predict: p -->\nGuess.", "the prediction 'p' has no score, as in `score: rank next.tokens`."),
        (
          "<!-- predict: p -->\n<!-- score: rank x.y -->",
          "the prediction 'p' has nothing that reveals it: details named Reveal with an attune cell."
        ),
        ("<!-- score: rank x.y -->", "`score:` belongs to a `predict:`; there is none open here."),
        (
          "<!-- predict: p -->\n<!-- score: best x.y -->",
          "a score is rank, split or number, then where, as in `score: rank next.tokens`."
        ),
        (
          prediction("rank s.words", "split a"),
          "the check speaks of 's', but no cell before it has that id; there are r."
        ),
      ] {
        let shown = try ask(body)
        #expect(shown.contains(says), "\(shown)")
      }
    }

    @Test func aRunProvesThatAGuessCanBeScored() throws {
      let file = try sitting.lesson(prediction("rank r.nothing", "split a"))
      #expect(sitting.type("check \(file)").contains("finds no list."))
      #expect(sitting.session.cells.last?.status == .failed)
      let good = try sitting.lesson(prediction("rank r.words", "split a"))
      sitting.type("check \(good)")
      #expect(sitting.session.cells.last?.status == .passed)
    }

    @Test func aStepIsTakenBack() throws {
      sitting.type("lesson 1")
      #expect(sitting.type("undo") == "! There is nothing to undo in this lesson.")
      sitting.type("next")
      sitting.type("next")
      sitting.type("a")
      #expect(sitting.type("b").contains("✓"))
      #expect(sitting.text(of: "progress.json").contains("passed"))
      let shown = sitting.type("undo")
      #expect(shown.hasPrefix("Taken back.\n"))
      #expect(shown.hasSuffix("Type a, b or c."))
      #expect(!sitting.text(of: "progress.json").contains("passed"))
      // The wrong answer before it is next to go.
      sitting.type("undo")
      #expect(sitting.type("c") == "✗ c is not it.\nTry again; `hint` helps.")
      #expect(log.contains { $0.contains(#""event":"undo""#) })
    }

    @Test func aSavedSessionRunsAgain() throws {
      sitting.type("split 'a b'")
      sitting.type("fail no")
      sitting.type("split 'c d'")
      let file = sitting.folder.appendingPathComponent("session.md").path
      sitting.type("save \(file)")
      let again = try Sitting()
      let shown = again.type("open \(file)")
      #expect(shown.contains("a | b"))
      // What failed when it was saved may fail again.
      #expect(again.session.cells.map(\.line).suffix(3) == ["split 'a b'", "fail no", "split 'c d'"])
      let lines = sitting.folder.appendingPathComponent("lines.txt")
      try Data("# mine\nsplit 'c\nd'\n".utf8).write(to: lines)
      #expect(again.type("open \(lines.path)").contains("words: 2") || again.session.cells.last?.line == "split 'c\nd'")
      try Data("split 'c\n".utf8).write(to: lines)
      #expect(again.type("open \(lines.path)") == "! \(lines.path) ends inside a quote; close it.")
    }

    @Test func searchTellsWhereToGo() throws {
      let shown = sitting.type("find five words")
      #expect(shown.contains("lesson 1, goto 2"))
      #expect(sitting.type("find 'no such thing'").contains("Nothing speaks of “no such thing”"))
    }

    @Test func whatIsNoAnswerIsToldWhatIs() throws {
      sitting.type("lesson 1")
      sitting.type("goto q1")
      #expect(sitting.type("maybe b").hasPrefix("Type a, b or c."))
    }

    @Test func theNearestPlaceIsFoundInAnEditedLesson() throws {
      let questions = (1...3).map { "<!-- quiz: q\($0) -->\nQ\($0)?\n\n- a) x\n- b) y\n\n<!-- key: a -->\n" }
      _ = try ask("# One\n" + questions.joined())
      sitting.type("a")
      sitting.type("a")
      sitting.type("main")
      // The third question, where the learner stood, is another one now.
      let shown = try ask("# Uno\n" + questions[0] + questions[1] + questions[2].replacing("q3", with: "q4"))
      #expect(shown.contains("The lesson has changed since"))
      #expect(shown.contains("Q3?"))
    }
  }
}
