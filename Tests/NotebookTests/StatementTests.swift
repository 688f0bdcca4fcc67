import Foundation
import Notebook
import TestSupport
import Testing

/// What a line may be besides a command: a name that keeps its result, a file that takes it, a reference that shows it.
@Suite(.takingTurns) struct StatementTests {
  private let sitting: Sitting
  init() throws { sitting = try Sitting(NotebookCommands.rows) }

  private func file(_ name: String) -> String { sitting.folder.appendingPathComponent(name).path }
  private func text(_ name: String) -> String? { try? String(contentsOfFile: file(name), encoding: .utf8) }

  @Test func aResultIsKeptShownAndUsed() {
    let kept = sitting.run("x = tokens 'good film'")
    #expect(kept.cell?.command == "tokens")
    #expect(kept.lines.isEmpty)
    #expect(sitting.run("x.tokens[1]").lines == ["g"])
    #expect(sitting.run("x.tokens.count").lines == ["7"])
    #expect(sitting.run("tokens $x").cell?.value?["text"] == .string("good film"))
    #expect(sitting.run("tokens \"a $x.tokens[2], $x\"").cell?.value?["text"] == .string("a ##o, good film"))
    #expect(sitting.run("tokens '$x'").cell?.value?["text"] == .string("$x"))
    #expect(sitting.run("tokens ${x}s").cell?.value?["text"] == .string("good films"))
    #expect(sitting.run("tokens Out[1].tokens[-2]").cell?.value?["text"] == .string("##m"))
    #expect(sitting.run("tokens $nothing").cell?.value?["text"] == .string("$nothing"))
  }

  @Test func textsAndNumbersAreKeptToo() {
    sitting.run("name = 'two words'")
    sitting.run("many = 3")
    #expect(sitting.run("tokens $name").cell?.value?["text"] == .string("two words"))
    #expect(sitting.run("many").lines == ["3"])
    sitting.run("other=5")
    #expect(sitting.run("tokens \"$many$other\"").cell?.value?["text"] == .string("35"))
  }

  @Test(arguments: [
    ("x.tokenz", "x has no 'tokenz'; did you mean x.tokens?"),
    ("x.tokens[9]", "x.tokens has the places 0 to 6, not 9."),
    ("x.tokens.first", "x.tokens is a list of 7; take one of it, as in x.tokens[0]."),
    ("tokens $x.text.part", "x.text is \"good film\" and has no parts."),
    ("tokens = tokens a", "`tokens` is a command and cannot be a variable; choose another name."),
    ("x =", "A command or a value stands after `x =`, as in `x = \"some text\"`."),
    (
      "2x = tokens a",
      "'2x' cannot be the name of a variable; use letters, digits and _, a letter first. An = that is meant as text stands in quotes."
    ),
    ("tokens a >", "The name of a file stands after `>`. A > that is meant as text stands in quotes."),
    ("tokens a > b c", "`>` and one file end the line. A > that is meant as text stands in quotes."),
    ("tokens a > x.svg", "This result is no picture; write it to a file that ends in .txt, .json or .html."),
    ("rerun 9", "There is no line 9 yet; this session has 1 to 1. `history` lists them."),
    ("rerun 3-1", "'3-1' is no number of a line; write 3 or 3-7. `history` lists them."),
    ("time", "`time` stands before a command, as in `time tokens \"How long does this take?\"`."),
  ])
  func whatIsNoLineIsSaid(_ line: String, _ sentence: String) {
    sitting.run("x = tokens 'good film'")
    let (cell, _, notices) = sitting.run(line)
    #expect(cell?.status == .usage)
    #expect(notices == [sentence])
  }

  @Test func aFileTakesTheResultInTheFormOfItsEnding() {
    let shown = sitting.run("tokens Hello").lines
    let wrote = sitting.run("tokens Hello > '\(file("a.txt"))'")
    #expect(wrote.lines.isEmpty)
    #expect(wrote.notices.first?.hasPrefix("Wrote ") == true)
    #expect(text("a.txt") == shown.map { $0 + "\n" }.joined())
    sitting.run("tokens Hello >\(file("a.json"))")
    #expect(text("a.json").flatMap { Value(json: Data($0.utf8)) }?["text"] == .string("Hello"))
    for word in ["one", "two"] { sitting.run("tokens \(word) >> \(file("all.jsonl"))") }
    #expect(text("all.jsonl")?.split(separator: "\n").count == 2)
    sitting.run("similar good bad > \(file("page.html"))")
    #expect(text("page.html")?.contains("<html") == true)
    #expect(sitting.run("tokens 'a > b'").cell?.value?["text"] == .string("a > b"))
  }

  @Test func aFileIsLeftAloneByACommandThatFails() throws {
    try Data("old".utf8).write(to: URL(fileURLWithPath: file("a.txt")))
    sitting.run("classify x --model nowhere > \(file("a.txt"))")
    #expect(text("a.txt") == "old")
    #expect(sitting.run("tokens a > \(file("no/such/folder.txt"))").cell?.status == .cannotWrite)
  }

  @Test func linesRunAgainUntilOneFails() {
    sitting.run("tokens a")
    sitting.run("nonsense")
    sitting.run("tokens b")
    #expect(sitting.run("rerun 1").cell?.line == "tokens a")
    let (cell, _, notices) = sitting.run("rerun 1-3")
    #expect(cell?.line == "nonsense")
    #expect(notices.last == "The rest was left out: 1 more.")
    // Lines that run others are left out, so that none runs itself.
    #expect(sitting.run("rerun 4").cell?.command == "rerun")
  }

  @Test func timeIsSaidBesideTheResult() {
    let (cell, lines, notices) = sitting.run("t = time tokens a")
    #expect(cell?.command == "tokens" && cell?.target == "t" && lines.isEmpty)
    #expect(notices.last?.contains("of processor") == true)
  }

  @Test func settingsStayOnlyWhereSomebodyAsked() throws {
    let place = sitting.session.home.settings
    sitting.run("set seed 7")
    #expect(!FileManager.default.fileExists(atPath: place.path))
    sitting.session.keepsSettings = true
    sitting.run("set seed 8")
    sitting.run("set threads 1")
    sitting.run("set seed default")
    #expect(try SavedSettings.read(place).seed == nil)
    #expect(try SavedSettings.read(place).threads == 1)
    var settings = Settings()
    settings.adopt(try SavedSettings.read(place))
    #expect(settings.threads == 1 && settings.seed == Settings().seed)
    try Data("{".utf8).write(to: place)
    #expect(throws: Failure.self) { try SavedSettings.read(place) }
    #expect(sitting.run("set seed 9").notices.first?.contains("cannot be read") == true)
    #expect(try SavedSettings.read(place).seed == 9)
  }

  @Test func whatPreparesASessionIsNotCounted() {
    #expect(sitting.session.prepare("x = 'ready'") == nil)
    #expect(sitting.session.prepare("nonsense")?.sentence.hasPrefix("There is no command") == true)
    #expect(sitting.session.cells.isEmpty)
    #expect(sitting.run("tokens $x").cell?.number == 1)
  }

  /// Ctrl-C in the moment between two commands of a script.
  @Test func aStopBetweenTwoCommandsEndsTheNext() {
    Interrupt.request()
    #expect(sitting.run("classify 'good film'").cell?.status == .interrupted || Interrupt.isRequested)
    Interrupt.forget()
    #expect(sitting.run("tokens a").cell?.status == .passed)
  }

  @Test func everyTopicOfHelpHasLinesThatParse() throws {
    let table = CommandTable(NotebookCommands.rows)
    for topic in HelpTopic.all {
      #expect(sitting.run("help \(topic.name)").cell?.status == .passed)
      #expect(table.row(named: topic.name) == nil, "\(topic.name) is a command, too")
      for line in topic.lines where line.isTyped { _ = try Statement(try Words(line.type).words) }
    }
  }
}
