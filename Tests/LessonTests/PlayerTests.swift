import Foundation
import Lessons
import Notebook
import Testing

extension Sittings {
  @Suite struct PlayerTests {
    @Test func goesThroughALesson() throws {
      let sitting = try Sitting()
      #expect(
        sitting.type("lesson 1") == """
          Lesson 1 of 2: Who is "it"?  (beginner, about 5 minutes)
          `next` goes on, `hint` helps, `play` lets you try things, `words` lists all.

          Split the words
          ───────────────

          A text is cut into words, never into letters.

              split "the $word sat"
          `next` runs it.
          """)
      #expect(LessonPlayer.of(sitting.session).promptHint == "lesson 1/2 · 17%")
      #expect(
        sitting.type("next") == """
          the | cat | sat
          words: 3

          `next` goes on.
          """)
      #expect(
        sitting.type("next") == """
          Now a question about `split`.

          Quiz. How many words has the cat sat?

            a) one
            b) three
            c) eleven

          Type a, b or c.
          """)
      // The question is still open: it is shown once more.
      #expect(sitting.type("next").hasPrefix("Quiz. How many words"))
      #expect(sitting.type("d") == "! 'd' is no choice; type a, b or c.")
      #expect(sitting.type("a") == "✗ It is cut at the blanks, and there are two.\nTry again; `hint` helps.")
      #expect(sitting.type("c") == "✗ c is not it.\nTry again; `hint` helps.")
      #expect(
        sitting.type("hint") == "Look at the output again.\n\n`hint` gives one more.")
      #expect(
        sitting.type("A)") == """
          ✗ It is cut at the blanks, and there are two.
          `hint` helps, and `solution` shows the answer.
          """)
      #expect(sitting.type("b").hasSuffix("\n`next` goes on."))
      let exercise = sitting.type("next")
      #expect(exercise.hasPrefix("Try it\n──────\n\nExercise. Find a text with five words.\n\nYour turn:"))
      #expect(
        sitting.type("split \"only three words\"")
          == "only | three | words\nwords: 3\n✗ Not yet.\nTry again; `hint` helps.")
      #expect(sitting.type("help") != "")
      let end = sitting.type("split \"a b c d e\"")
      #expect(end.contains("words: 5\n✓ "))
      #expect(
        end.contains("That was all.\n\nThat was Who is \"it\"?.\nYou solved 2 of 2 questions and exercises yourself."))
      #expect(sitting.type("lessons").contains("done"))
      #expect(sitting.type("next").contains("Lesson 2 of 2: Cells of every kind"))
    }

    @Test func aTryIsToldWhatIsMissing() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson(
        """
        <!-- exercise: e -->
        Five words, not those of the cat.
        <!-- check: last.command == "split" and last.words.count == 5 -->
        <!-- wrong: Not yet: count the words. -->
        <!-- check: last.command == "split" and not last.words contains "cat" -->
        <!-- wrong: No cats. -->
        """)
      sitting.type("lesson \(file)")
      #expect(sitting.type("split 'a b'").hasSuffix("words: 2\n✗ Not yet: count the words.\nTry again."))
      // Another command is no try.
      #expect(sitting.type("ruler --value 4").hasSuffix("`skip` leaves it out."))
      #expect(sitting.type("split 'a b c d cat'").hasSuffix("words: 5\n✗ No cats.\nTry again."))
      #expect(sitting.text(of: "progress.json").filter { !$0.isWhitespace }.contains("\"attempts\":2"))
      #expect(sitting.type("split 'a b c d e'").contains("✓ "))
    }

    @Test func aRunThatWasFinishedLaterIsTheCells() throws {
      let sitting = try Sitting()
      let file = try sitting.lesson("```attune {#a}\nsplit 'a b'\n```\n<!-- pause -->\n\nWhat follows.")
      sitting.type("lesson \(file)")
      #expect(!sitting.type("split 'a b c'").contains("`next` goes on."))
      #expect(sitting.type("split -- --resume").hasSuffix("`next` goes on."))
    }

    @Test func aLetterIsAnAnswerEvenWhereNothingIsAsked() throws {
      let sitting = try Sitting()
      sitting.type("lesson 1")
      #expect(sitting.type("b") == "! There is no question open right now; `next` goes on.")
      // Unless something is kept under that name.
      sitting.type("b = split 'x y'")
      #expect(sitting.type("b") == "x | y\nwords: 2")
      sitting.type("goto e1")
      #expect(sitting.type("guess x").hasPrefix("Your turn: type a command."))
    }

    @Test func whatALineRunsIsCountedBehindIt() throws {
      let sitting = try Sitting()
      sitting.type("lesson 1")
      sitting.type("next")
      let numbers = sitting.session.cells.map { "\($0.number) \($0.line.prefix(5))" }
      #expect(numbers == ["1 lesso", "3 split", "2 next"])
    }

    @Test func skipEndsThePlayAndNothingElse() throws {
      let sitting = try Sitting()
      sitting.type("lesson 1")
      sitting.type("goto q1")
      sitting.type("play")
      #expect(sitting.type("skip").contains("Quiz. How many words"))
    }

    @Test func aHintIsNotTheSolutionAndASolutionIsRunAndPrinted() throws {
      let sitting = try Sitting()
      sitting.type("lesson first")
      sitting.type("goto e1")
      #expect(sitting.type("hint").hasPrefix("Five words, so four blanks."))
      #expect(sitting.type("hint").hasSuffix("That was the last hint; `solution` shows the answer."))
      #expect(
        sitting.type("solution") == """
          Any five words do:

              split "one two three four five"
          one | two | three | four | five
          words: 5

          `next` goes on.
          """)
      #expect(sitting.type("next").contains("You solved 0 of 2"))
      #expect(sitting.type("progress").contains("0 of 1 solved"))
    }

    @Test func resultsOfAnEarlierSittingAreMadeAgain() throws {
      let sitting = try Sitting()
      sitting.type("lesson first")
      sitting.type("goto e1")
      #expect(sitting.type("split \"a b c d e\"").contains("! Running `split \"the $word sat\"` once more"))
      #expect(sitting.text(of: "progress.json").contains("\"passed\""))
    }

    @Test func keepsThePlaceBetweenSittings() throws {
      let first = try Sitting()
      first.type("lesson 1")
      first.type("next")
      first.type("next")
      first.type("a")
      let second = try Sitting(home: first.folder)
      _ = second.screen.take()
      LessonPlayer.of(second.session).resume(in: second.session)
      let shown = second.screen.take().lines.joined(separator: "\n")
      #expect(shown.contains("You were 50% through; `back` shows what stood before"))
      #expect(shown.contains("Split the words"))
      #expect(shown.contains("Type a, b or c."))
      #expect(!shown.contains("A text is cut"))
      #expect(second.type("c") == "✗ c is not it.\nTry again; `hint` helps.")
    }

    @Test func twoSittingsAddUp() throws {
      let one = try Sitting()
      let two = try Sitting(home: one.folder)
      one.type("lesson 1")
      two.type("lesson 1")
      one.type("goto q1")
      two.type("goto e1")
      one.type("b")
      two.type("split \"a b c d e\"")
      one.type("goto 1")
      let three = try Sitting(home: one.folder)
      #expect(three.type("progress").contains("2 of 2 solved"))
    }

    @Test(arguments: [
      "{nonsense",
      #"{"version": 1, "lessons": {"first": {"fraction": 1e300, "isFinished": false, "items": {}}}}"#,
    ])
    func setsABrokenProgressFileAside(broken: String) throws {
      let sitting = try Sitting()
      try Data(broken.utf8).write(to: sitting.folder.appendingPathComponent("progress.json"))
      let shown = sitting.type("lesson 1")
      #expect(shown.contains("! The saved progress could not be read; it is now"))
      #expect(sitting.text(of: "progress.json.broken-1") == broken)
      #expect(sitting.text(of: "progress.json").contains("\"first\""))
    }

    @Test func leavesANewerProgressFileAlone() throws {
      let sitting = try Sitting()
      let text = "{\"version\": 99}"
      try Data(text.utf8).write(to: sitting.folder.appendingPathComponent("progress.json"))
      #expect(sitting.type("lesson 1").contains("comes from a newer attune"))
      #expect(sitting.text(of: "progress.json") == text)
    }

    @Test func knowsEveryKindOfCell() throws {
      let sitting = try Sitting()
      let start = sitting.type("lesson 2")
      #expect(!start.contains("hidden one"))
      #expect(start.contains("    split \"runs by itself\"\nruns | by | itself\nwords: 3\n"))
      #expect(start.hasSuffix("    split \"type me\"\nType it yourself, or `skip` it."))
      #expect(sitting.type("next") == "Type it yourself, or `skip` it.")
      #expect(
        sitting.type("split \"something else\"").hasSuffix("The lesson goes on with `split \"type me\"`, or `skip`."))
      #expect(sitting.type("split 'type me'").hasSuffix("    fail \"no luck\"\n`next` runs it."))
      #expect(
        sitting.type("next").hasPrefix("    split \"anything\"\n`next` runs it.\n! no luck")
          || sitting.screen.lines.isEmpty)
      #expect(sitting.type("skip").contains("never without you"))
      #expect(sitting.type("next").contains("That was Cells of every kind."))
    }

    @Test func playsAndComesBack() throws {
      let sitting = try Sitting()
      sitting.type("lesson 1")
      sitting.type("goto q1")
      #expect(sitting.type("play") == "Try whatever you like; nothing counts. `next` comes back.")
      #expect(sitting.type("a").contains("There is no command 'a'"))
      #expect(sitting.type("split a") == "a\nwords: 1")
      #expect(sitting.type("next").hasSuffix("Type a, b or c."))
      #expect(sitting.type("skip").contains("Exercise. Find a text with five words."))
    }

    @Test func goesBackAndBeginsAnew() throws {
      let sitting = try Sitting()
      sitting.type("lesson 1")
      sitting.type("next")
      #expect(sitting.type("next").contains("Type a, b or c."))
      #expect(sitting.type("b").contains("goes on"))
      #expect(sitting.type("back").contains("You have done this one; `next` goes on."))
      #expect(sitting.type("back").contains("`next` goes on."))
      #expect(sitting.type("restart").contains("A text is cut into words"))
      #expect(!sitting.text(of: "progress.json").contains("passed"))
    }

    @Test func saysWhatItCannotDo() throws {
      let sitting = try Sitting()
      #expect(sitting.type("next") == "! No lesson is open; `lesson` opens one.")
      #expect(sitting.session.cells.last?.status == .usage)
      #expect(sitting.type("lesson frist") == "! There is no lesson 'frist'; did you mean `first`?")
      #expect(sitting.session.cells.last?.status == .fileMissing)
      sitting.type("lesson 1")
      #expect(
        sitting.type("goto nowhere")
          == "! There is no 'nowhere' in this lesson; its sections are 1 Split the words and 2 Try it.")
      #expect(sitting.type("goto") == "! Say where to; its sections are 1 Split the words and 2 Try it.")
      #expect(sitting.type("choose a") == "! There is no question open right now; `next` goes on.")
      #expect(sitting.type("hint") == "Nothing is asked right now. `next` goes on.")
    }

    @Test func leavesAndKeepsTheSettings() throws {
      let sitting = try Sitting()
      sitting.session.settings.seed = 3
      sitting.type("lesson 1")
      #expect(sitting.session.settings.seed == 7)
      #expect(sitting.session.variables["word"] == "cat")
      #expect(sitting.type("main").hasPrefix("Left Who is \"it\"? at 17%"))
      #expect(sitting.session.settings.seed == 3)
      #expect(sitting.session.variables.isEmpty)
      #expect(sitting.session.observer == nil)
      sitting.type("lesson")
      sitting.type("bye")
      #expect(sitting.session.isFinished)
    }

    @Test func answersInJSON() throws {
      let sitting = try Sitting()
      let lines = sitting.type("lesson 1 --json").split(separator: "\n")
      #expect(lines.count == 1)
      let object = try #require(Value(json: Data(lines.joined().utf8)))
      #expect(object["lesson"] == .string("first") && object["waits"] == .string("cell"))
      #expect(object["id"] == .string("tok") && object["percent"] == .integer(17))
      let list = try #require(Value(json: Data(sitting.type("lessons --json").utf8)))
      #expect(list["lessons"]?[1]?["title"] == .string("Cells of every kind"))
    }

    @Test func listsTheWords() throws {
      let shown = try Sitting().type("words")
      for word in [
        "next", "back", "skip", "play", "hint", "solution", "goto", "progress", "restart", "words", "main", "bye",
      ] {
        #expect(shown.contains("\n\(word) "))
      }
      #expect(!shown.contains("choose"))
    }
  }
}
