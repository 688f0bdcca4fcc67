import Drawing
import Notebook
import Shell
import Testing

@Suite struct LineTests {
  @Test(arguments: [
    ("a\r\nb\rc\n\n", "a\nb\nc"),
    ("plain", "plain"),
    ("a\u{1B}[31m\u{7}b\tc\u{9B}", "a[31mb c"),
    ("In [3]: say a\nOut[3]:\n[a]\nIn [4]: say 'b\n   ...: c'\n", "say a\nsay 'b\nc'"),
    ("say In [3]: x\nother", "say In [3]: x\nother"),
    ("\n", ""),
  ])
  func pastesAreCleaned(_ pasted: String, _ line: String) {
    #expect(Paste.cleaned(pasted) == line)
  }

  @Test func statementsWaitForTheirEnd() {
    var statements = Statements()
    #expect(statements.add("say a") == "say a")
    #expect(statements.add("say 'a") == nil)
    #expect(statements.isOpen)
    #expect(statements.add("b' \\") == nil)
    #expect(statements.add("c") == "say 'a\nb' \\\nc")
    #expect(!statements.isOpen)
    #expect(statements.add("say \"") == nil)
    #expect(statements.finish() == "say \"")
    #expect(statements.finish() == nil)
  }

  @Test func promptsAreAsWideAsEachOther() {
    let style = TerminalStyle(width: 80, color: .none, accessible: false, unicode: true)
    #expect(Prompt.input(3, style).text == "In [3]: ")
    #expect(Prompt.continuation(3, style).text == "   ...: ")
    #expect(Prompt.continuation(12, style).text == "    ...: ")
    #expect(Prompt.output(3, style) == "Out[3]:")
  }
}

@Suite struct InvocationTests {
  @Test func optionsBeforeTheNameMoveBehindIt() {
    let invocation = Invocation(["--json", "--threads", "1", "--color=never", "say", "hi", "--tone", "loud"])
    #expect(invocation.words == ["say", "hi", "--tone", "loud"])
    #expect(
      invocation.arranged(in: Toys.table)
        == ["say", "--json", "--threads", "1", "--color=never", "hi", "--tone", "loud"])
    #expect(invocation.color == "never")
  }

  @Test func whatTheCommandOwnsStaysWithIt() {
    #expect(Invocation(["say", "--json"]).globals == [])
    #expect(Invocation(["--version"]).words == ["--version"])
    #expect(Invocation(["--model"]).globals == ["--model"])
    #expect(Invocation(["--threads", "2"]).words == [])
  }

  @Test func aLineMeansTheSameAtThePrompt() throws {
    let words = ["say", "it's", "a b", "", "$x", "_", "plain-1.5", "世界"]
    let line = Invocation(words).line
    #expect(try Words(line).words.map(\.text) == words)
    #expect(line.hasPrefix("say 'it'\\''s' 'a b' ''"))
  }
}

@Suite struct ScreenTests {
  @Test(arguments: [
    (["LANG": "C.UTF-8"], true), (["LANG": "de_DE.utf8"], true), (["LC_ALL": "C", "LANG": "C.UTF-8"], false),
    (["LC_ALL": "", "LC_CTYPE": "en_US.UTF-8"], true), ([:], false),
  ])
  func theLocaleDecidesAboutGlyphs(_ environment: [String: String], _ unicode: Bool) {
    #expect(TerminalScreen.speaksUnicode(environment) == unicode)
  }

  @Test func widthWithoutAWindow() {
    #expect(TerminalScreen.width([:], isTerminal: false) == 80)
    #expect(TerminalScreen.width(["COLUMNS": "100"], isTerminal: false) == 100)
    #expect(TerminalScreen.width(["COLUMNS": "1"], isTerminal: false) == 20)
    #expect(TerminalScreen.width(["COLUMNS": "wide"], isTerminal: false) == 80)
  }

  @Test func accessIsAskedFor() {
    #expect(TerminalScreen.asksForAccess(["ATTUNE_ACCESSIBLE": "1"]))
    #expect(TerminalScreen.asksForAccess(["ACCESSIBLE": "yes"]))
    #expect(!TerminalScreen.asksForAccess(["ATTUNE_ACCESSIBLE": "0"]))
    #expect(!TerminalScreen.asksForAccess([:]))
  }
}
