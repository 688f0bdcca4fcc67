import Foundation
import Lessons
import Notebook
import Testing

@Suite struct LessonParserTests {
  @Test func readsEveryPartOfALesson() throws {
    let lesson = try Lesson(file: Sitting.fixtures.appendingPathComponent("lessons/01-first.md").path)
    #expect(lesson.header.id == "first")
    #expect(lesson.header.title == "Who is \"it\"?")
    #expect(lesson.header.level == "beginner")
    #expect(lesson.header.minutes == 5)
    #expect(lesson.header.seed == 7)
    #expect(lesson.header.parameters.map(\.name) == ["word", "times"])
    #expect(lesson.cells.map(\.id) == ["tok", nil])
    #expect(lesson.cells.first?.timeout == 20)
    #expect(lesson.cells.first?.expectation?.lines.map(\.text) == ["the | [..] | sat", "..."])
    #expect(lesson.cells.first?.checks.map(\.text) == ["tok.words.count == 3"])
    let quiz = try #require(lesson.quizzes.first)
    #expect(quiz.choices.map(\.text) == ["one", "three", "eleven"])
    #expect(quiz.key == "b")
    #expect(quiz.feedback == ["a": ["It is cut at the blanks, and there are two."]])
    #expect(quiz.help.hints.map { $0.map(\.text) } == [["Look at the output again."], ["Count the bars and add one."]])
    let exercise = try #require(lesson.exercises.first)
    #expect(exercise.place.file.hasSuffix("parts/try.md"))
    #expect(exercise.place.line == 1)
    #expect(exercise.help.solutionCells.map(\.text) == ["split \"one two three four five\""])
    guard case .prose(let last)? = lesson.items.last else { return #expect(Bool(false), "prose ends it") }
    #expect(last.map(\.text) == ["That was all."])
    #expect(lesson.items.contains { if case .time(180, _) = $0 { true } else { false } })
    #expect(lesson.items.contains { if case .note("ask the room first", _) = $0 { true } else { false } })
  }

  @Test func readsEveryAttributeOfACell() throws {
    let lesson = try Lesson(file: Sitting.fixtures.appendingPathComponent("lessons/02-second.md").path)
    let cells = lesson.cells
    #expect(cells.map(\.isHidden) == [true, false, false, false, false, false])
    #expect(cells.map(\.start) == [.asked, .automatic, .manual, .asked, .asked, .asked])
    #expect(cells.map(\.expectsFailure) == [false, false, false, true, false, false])
    #expect(cells.map(\.uncertainty) == [nil, nil, nil, nil, .output, .command])
    let tagged = try Lesson(text: Sitting.text("```attune { #a tags=slow,long timeout=1.5 }\nx\n```"), file: "t.md")
    #expect(tagged.cells.first?.tags == ["slow", "long"])
    #expect(tagged.cells.first?.timeout == 1.5)
  }

  @Test func joinsLinesThatBelongTogether() throws {
    let body = "```attune\nsplit \"a\nb\"\n# only a comment\n\nsplit c \\\n  d\n```"
    let lesson = try Lesson(text: Sitting.text(body), file: "t.md")
    #expect(lesson.cells.first?.statements.map(\.text) == ["split \"a\nb\"", "split c \\\n  d"])
    #expect(lesson.cells.first?.statements.map(\.place.line) == [7, 11])
  }

  @Test func readsWindowsLinesAndAByteOrderMark() throws {
    let text = "\u{FEFF}" + Sitting.text("## A\n\n```attune {#a}\nsplit a\n```").replacing("\n", with: "\r\n")
    let lesson = try Lesson(text: text, file: "t.md")
    #expect(lesson.cells.first?.text == "split a")
  }

  @Test func leavesOtherFencesToTheProse() throws {
    let body = "Text\n```python {x=1}\n<!-- nonsense -->\n```attune\n```\nMore `<!-- x -->` text."
    let lesson = try Lesson(text: Sitting.text(body), file: "t.md")
    #expect(lesson.cells.isEmpty)
    guard case .prose(let lines)? = lesson.items.first, lesson.items.count == 1 else {
      return #expect(Bool(false), "one piece of prose")
    }
    #expect(lines.count == 6)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    var body: String
    var line: Int
    var says: String
    var front = ""
    var testDescription: String { "line \(line): \(says)" }
  }

  /// The body begins on line 6 of the file, one more for each line of `front`.
  static let bad: [Bad] = [
    Bad(body: "<!-- puase -->", line: 6, says: "unknown directive 'puase'; did you mean `pause`?"),
    Bad(
      body: "\n<!-- foo: bar -->", line: 7,
      says:
        "unknown directive 'foo'; there are check, exercise, include, key, note, pause, predict, quiz, score, time, wrong."
    ),
    Bad(
      body: "<!-- just a remark of mine -->", line: 6,
      says:
        "unknown directive 'just'; there are check, exercise, include, key, note, pause, predict, quiz, score, time, wrong."
    ),
    Bad(body: "<!-- pause", line: 6, says: "this comment has no -->."),
    Bad(body: "text <!-- pause -->", line: 6, says: "a directive stands on lines of its own."),
    Bad(body: "<!-- pause --> text", line: 6, says: "a directive stands on lines of its own."),
    Bad(body: "<!-- pause: now -->", line: 6, says: "`pause` takes no text."),
    Bad(body: "<!-- note -->", line: 6, says: "`note:` needs a text after it."),
    Bad(body: "<!-- time: soon -->", line: 6, says: "'soon' is no time; write 90s, 3m or 1m30s."),
    Bad(
      body: "```attune {colour=red}\nx\n```", line: 6,
      says: "unknown attribute 'colour'; there are #, auto, expect, hide, manual, models, nondet, tags, timeout."),
    Bad(body: "```attune {timout=3}\nx\n```", line: 6, says: "unknown attribute 'timout'; did you mean `timeout`?"),
    Bad(body: "```attune {timeout=-3}\nx\n```", line: 6, says: "`timeout` takes seconds above 0."),
    Bad(body: "```attune {timeout}\nx\n```", line: 6, says: "`timeout` takes seconds above 0."),
    Bad(body: "```attune {expect=pass}\nx\n```", line: 6, says: "`expect` takes fail."),
    Bad(body: "```attune {nondet=maybe}\nx\n```", line: 6, says: "`nondet` takes output or command."),
    Bad(body: "```attune {hide=yes}\nx\n```", line: 6, says: "`hide` takes no value."),
    Bad(body: "```attune {hide hide}\nx\n```", line: 6, says: "the attribute 'hide' stands there twice."),
    Bad(body: "```attune {auto manual}\nx\n```", line: 6, says: "a cell is auto or manual, not both."),
    Bad(
      body: "```attune {#1st}\nx\n```", line: 6,
      says: "after # stands an id of letters, digits, - and _, a letter first."),
    Bad(body: "```attune {#last}\nx\n```", line: 6, says: "'last' is a word of checks and cannot be an id."),
    Bad(body: "```attune {#a\nx\n```", line: 6, says: "the attributes have no closing }."),
    Bad(body: "```attune fast\nx\n```", line: 6, says: "'fast' cannot stand here; attributes stand in {}."),
    Bad(body: "```attune {#a}\nx\n```\n```attune {#a}\nx\n```", line: 9, says: "the id 'a' is taken since line 6."),
    Bad(body: "```attune {#a}\nx\n```\n\n<!-- quiz: a -->", line: 10, says: "the id 'a' is taken since line 6."),
    Bad(body: "```attune\n\n# nothing\n```", line: 6, says: "this cell has nothing to run."),
    Bad(body: "```attune\nok\nsplit \"a\n```", line: 8, says: "this line of the cell ends inside a quote."),
    Bad(body: "```attune\nsplit \\\n```", line: 7, says: "the cell ends in a backslash."),
    Bad(body: "```attune\nsplit", line: 6, says: "this code fence is not closed."),
    Bad(body: "````python\nx\n```", line: 6, says: "this code fence is not closed."),
    Bad(
      body: "```expect\nx\n```", line: 6,
      says: "an expect fence stands right after its cell; there is none before this one."),
    Bad(
      body: "```attune\nx\n```\nwords\n```expect\nx\n```", line: 10,
      says: "an expect fence stands right after its cell; there is none before this one."),
    Bad(
      body: "```attune\nx\n```\n```expect\nx\n```\n```expect\nx\n```", line: 12,
      says: "the cell before has an expect fence already."),
    Bad(body: "```attune\nx\n```\n```expect\n([ (re)\n```", line: 10, says: "'([' is no regular expression."),
    Bad(
      body: "<!-- check: 1 == 1 -->", line: 6,
      says: "a check stands after its cell or in an exercise; there is neither here."),
    Bad(
      body: "```attune {#a}\nx\n```\n<!-- check: a.b = 3 -->", line: 9,
      says: "in this check, write == to compare (character 5)."),
    Bad(
      body: "```attune {#a}\nx\n```\n<!-- check: b.c == 3 -->", line: 9,
      says: "the check speaks of 'b', but no cell before it has that id; there are a."),
    Bad(
      body: "```attune\nx\n```\n<!-- check: last.x == $n -->", line: 9,
      says: "the check speaks of $n, which is no parameter; the lesson has none."),
    Bad(body: "<!-- key: a -->", line: 6, says: "`key:` belongs to a quiz; there is none open here."),
    Bad(
      body: "<!-- exercise: e -->\n<!-- wrong: x -->\n<!-- check: last.command == \"tokens\" -->", line: 7,
      says: "in an exercise, `wrong:` follows the check that it speaks of, once, and names nothing."),
    Bad(body: "<!-- wrong a: x -->", line: 6, says: "`wrong:` belongs to a quiz; there is none open here."),
    Bad(body: "<!-- quiz: q -->\n- a) x\n- b) y", line: 6, says: "the quiz 'q' has no key."),
    Bad(
      body: "<!-- quiz: q -->\n- a) x\n<!-- key: a -->", line: 6,
      says: "the quiz 'q' needs two choices or more, as in `- a) text`."),
    Bad(
      body: "<!-- quiz: q -->\n- a) x\n- b) y\n<!-- key: c -->", line: 9,
      says: "the key 'c' is no choice; there are a and b."),
    Bad(body: "<!-- quiz: q -->\n- a) x\n- c) y", line: 8, says: "choice c) stands where b) is next."),
    Bad(
      body: "<!-- quiz: q -->\n- a) x\n- b) y\n<!-- key: a -->\n<!-- key: b -->", line: 10,
      says: "the quiz has a key already."),
    Bad(
      body: "<!-- quiz: q -->\n- a) x\n- b) y\n<!-- key: a -->\n<!-- wrong a: no -->", line: 10,
      says: "choice a is both wrong and the key."),
    Bad(
      body: "<!-- quiz: q -->\n- a) x\n- b) y\n<!-- wrong: no -->", line: 9,
      says: "`wrong` names a choice, as in `wrong a: …`."),
    Bad(body: "<!-- exercise: e -->\nDo it.", line: 6, says: "the exercise 'e' has no check."),
    Bad(
      body: "<!-- exercise: e -->\n<!-- check: last -->\n<details><summary>Solution</summary>x</details>", line: 8,
      says: "the solution of 'e' has no attune cell to run."),
    Bad(
      body: "<details><summary>Hint 1</summary>x</details>", line: 6,
      says: "hints and solutions belong to a quiz or an exercise; none is open here."),
    Bad(
      body: "<!-- exercise: e -->\n<!-- check: last -->\n<details><summary>Hint 2</summary>x</details>", line: 8,
      says: "hint 2 stands where hint 1 is next."),
    Bad(
      body: "<!-- exercise: e -->\n<!-- check: last -->\n<details><summary>Tip</summary>x</details>", line: 8,
      says: "details are `Hint 1`, `Hint 2` … or `Solution`, not 'Tip'."),
    Bad(
      body: "<!-- exercise: e -->\n<!-- check: last -->\n<details><summary>Hint 1</summary>\nx", line: 8,
      says: "these details have no </details>."),
    Bad(body: "</details>", line: 6, says: "</details> closes nothing here, or text follows it on its line."),
    Bad(body: "<!-- include: nowhere.md -->", line: 6, says: "there is no file nowhere.md to include."),
    Bad(
      body: "<!-- include: ../../x.md -->", line: 6,
      says: "../../x.md lies outside of the lesson's folder and is not included."),
    Bad(
      body: "<!-- include: /etc/hosts -->", line: 6,
      says: "/etc/hosts lies outside of the lesson's folder and is not included."),
    Bad(
      body: "", line: 5, says: "unknown key 'minuts' in the front matter; did you mean `minutes`?", front: "minuts: 3"),
    Bad(body: "", line: 5, says: "`minutes` must be a whole number from 1.", front: "minutes: soon"),
    Bad(body: "", line: 5, says: "`level` must be beginner, intermediate, advanced.", front: "level: hard"),
    Bad(body: "", line: 5, says: "`models` must be a list, as in [a, b].", front: "models: minilm"),
    Bad(body: "", line: 5, says: "`seed` must be a whole number from 0.", front: "seed: -1"),
    Bad(
      body: "", line: 5, says: "unknown key 'defualt' in the front matter; did you mean `default`?",
      front: "params: { n: { type: int, defualt: 3 } }"),
    Bad(
      body: "", line: 5, says: "the default of n must be at most 2.",
      front: "params: { n: { type: int, default: 3, max: 2 } }"),
    Bad(
      body: "", line: 5, says: "`type` must be int, number, text or bool.",
      front: "params: { n: { type: list, default: 3 } }"),
    Bad(
      body: "", line: 5, says: "the front matter has no `params.n.type`.",
      front: "params: { n: { default: 3 } }"),
  ]

  @Test(arguments: bad) func namesFileLineAndWhatIsWrong(_ bad: Bad) {
    let text = Sitting.text(bad.body, parameters: bad.front)
    do {
      _ = try Lesson(text: text, file: "bad.md")
      Issue.record("it was taken")
    } catch {
      // A quiz that is cut short by its mistake may lack a key as well.
      #expect(error.sentence.split(separator: "\n").contains("bad.md:\(bad.line): \(bad.says)"), "\(error.sentence)")
      #expect(error.flaws.count <= (bad.body.contains("quiz") ? 2 : 1), "\(error.sentence)")
      #expect(error.status == .malformed)
    }
  }

  static let badFiles: [(String, String)] = [
    ("# Title", "bad.md:1: a lesson begins with a line --- and its front matter; this file does not."),
    ("", "bad.md:1: a lesson begins with a line --- and its front matter; this file does not."),
    ("---\nid: a", "bad.md:1: the front matter has no closing line ---."),
    ("---\nid: a\ntitle: b\n---", "bad.md:1: the front matter has no `lesson`."),
    (
      "---\nlesson: 2\nid: a\ntitle: b\n---",
      "bad.md:2: this lesson has format 2, but this attune reads up to 1; update attune."
    ),
    (
      "---\nlesson: 1\nid: a\nid: b\ntitle: c\n---",
      "bad.md:4: the front matter is no YAML: the key `id` stands there twice."
    ),
    (
      "---\nlesson: 1\nid: a b\ntitle: c\n---",
      "bad.md:3: 'a b' cannot be an id or name; use letters, digits, - and _, a letter first."
    ),
    ("---\n- a\n---", "bad.md:1: keys with values should stand here, as in `id: tokens`."),
    ("---\nlesson: 1\nid: a\ntitle: [\n---", "bad.md:5"),
    (
      "---\n\(String(repeating: "[", count: 500))\n---",
      "bad.md:2: the front matter is too long or too deep; keep it to plain keys."
    ),
  ]

  @Test(arguments: badFiles) func namesWhatIsWrongInTheFrontMatter(_ text: String, _ sentence: String) {
    #expect {
      try Lesson(text: text, file: "bad.md")
    } throws: { error in
      let found = (error as? LessonError)?.sentence ?? ""
      return sentence.hasSuffix(".") ? found == sentence : found.hasPrefix("bad.md:") && found.contains("no YAML")
    }
  }

  @Test func refusesCyclesAndLinksThatEscape() throws {
    let sitting = try Sitting()
    let file = try sitting.lesson("<!-- include: b.md -->")
    let inner = sitting.folder.appendingPathComponent("b.md")
    try Data("x\n<!-- include: own.md -->\n".utf8).write(to: inner)
    #expect(throws: LessonError.self) { try Lesson(file: file) }
    try Data("x\n<!-- include: b.md -->\n".utf8).write(to: inner)
    do {
      _ = try Lesson(file: file)
      Issue.record("a cycle was taken")
    } catch {
      #expect(error.sentence.hasSuffix("b.md:2: including b.md would never end: it includes this file."))
    }
    let link = sitting.folder.appendingPathComponent("link.md")
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: "/etc/hosts")
    let escaping = try sitting.lesson("<!-- include: link.md -->", name: "escaping.md")
    do {
      _ = try Lesson(file: escaping)
      Issue.record("an escape was taken")
    } catch {
      #expect(error.sentence.hasSuffix("link.md lies outside of the lesson's folder and is not included."))
    }
  }

  @Test func saysWhatIsWrongWithTheFileItself() throws {
    let sitting = try Sitting()
    let file = sitting.folder.appendingPathComponent("bytes.md").path
    try Data([45, 45, 45, 10, 255, 254, 10]).write(to: URL(fileURLWithPath: file))
    func sentence(_ path: String) -> (String, Notebook.ExitStatus) {
      do {
        _ = try Lesson(file: path)
        return ("", .passed)
      } catch {
        return (error.sentence, error.status)
      }
    }
    #expect(sentence(file) == ("\(file):2: this line is not UTF-8 text.", .malformed))
    #expect(sentence("/nowhere/x.md").1 == .fileMissing)
    #expect(sentence(sitting.folder.path).1 == .fileMissing)
  }

  /// A cell with `#a`, a quiz and an exercise, each with several mistakes, and some in between.
  private static let broken = """
    <!-- puase -->

    ```attune {#a timeuot=20 manual auto}
    split "a b"
    ```
    <!-- check: a.words.cuont = 3 -->
    <!-- check: zz.words.count == 3 -->

    ```attune {#a}
    split "a
    ```

    ```expect
    nothing
    ```

    ```expect
    twice [ (re)
    ```

    <!-- quiz: q -->
    **Quiz** ?

    - a) one
    - c) two

    <!-- key: d -->

    <!-- exercise: e -->
    Do it.
    <details><summary>Hint 2</summary>x</details>
    <details><summary>Slution</summary>

    ```attune
    split x
    ```
    </details>

    <!-- time: soon -->

    ```attune
    split "unclosed"

    Some text here.
    <!-- include: nowhere.md -->
    """

  @Test func tellsEverythingThatIsWrongAtOnce() throws {
    let text = "---\nlesson: one\nid: own\ntitle: Own\nminuts: 5\n---\n" + Self.broken
    let error = #expect(throws: LessonError.self) { try Lesson(text: text, file: "own.md") }
    #expect(
      error?.sentence == """
        own.md:2: `lesson` must be a whole number from 1.
        own.md:5: unknown key 'minuts' in the front matter; did you mean `minutes`?
        own.md:7: unknown directive 'puase'; did you mean `pause`?
        own.md:9: unknown attribute 'timeuot'; did you mean `timeout`?
        own.md:9: a cell is auto or manual, not both.
        own.md:12: in this check, write == to compare (character 15).
        own.md:13: the check speaks of 'zz', but no cell before it has that id; there are a.
        own.md:15: the id 'a' is taken since line 9.
        own.md:16: this line of the cell ends inside a quote.
        own.md:23: the cell before has an expect fence already.
        own.md:24: 'twice [' is no regular expression.
        own.md:31: choice c) stands where b) is next.
        own.md:33: the key 'd' is no choice; there are a and c.
        own.md:35: the exercise 'e' has no check.
        own.md:37: hint 2 stands where hint 1 is next.
        own.md:38: details are `Hint 1`, `Hint 2` … or `Solution`, not 'Slution'.
        own.md:45: 'soon' is no time; write 90s, 3m or 1m30s.
        own.md:47: this code fence is not closed.
        own.md:51: there is no file nowhere.md to include.
        """)
  }

  @Test func aFenceThatIsNotClosedEndsWhereTheNextBegins() throws {
    let body =
      "```attune {#a}\nsplit a\n\n```expect\na\n```\n<!-- check: a.words.count == 1 -->\n\n```attune {#b}\nsplit b"
    let error = #expect(throws: LessonError.self) { try Lesson(text: Sitting.text(body), file: "own.md") }
    #expect(error?.flaws.map(\.place.line) == [6, 14])
    #expect(error?.flaws.map(\.problem) == [.openFence, .openFence])
  }

  @Test func whatStandsInDetailsWithoutAnEndIsToldOfOnce() throws {
    let body = """
      <!-- exercise: e -->
      Do.
      <!-- check: last.words.count == 1 -->
      <details><summary>Solution</summary>

      ```attune {#a fast}
      split a
      ```
      """
    let error = #expect(throws: LessonError.self) { try Lesson(text: Sitting.text(body), file: "own.md") }
    #expect(error?.flaws.map(\.place.line) == [9, 11])
  }
}
