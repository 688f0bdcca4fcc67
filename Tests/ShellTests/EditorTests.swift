import Foundation
import Testing

/// The shell as a person meets it, on a pseudo-terminal.
@Suite(.serialized) final class EditorTests: AtATerminal {
  let home: URL
  init() throws { home = try Driver.folder("editor") }
  deinit { try? FileManager.default.removeItem(at: home) }

  @Test func aLineRunsAndItsResultIsNumberedOnce() throws {
    let terminal = try start()
    try enter(terminal, "say hello", "Out[1]:\n[hello]")
    terminal.type("quit\r")
    #expect(try terminal.expect("Goodbye.").contains("Out[") == false)
    #expect(try terminal.wait() == 0)
  }

  @Test func controlDLeavesAndTheTerminalIsAsItWas() throws {
    let terminal = try start()
    #expect(!terminal.isCooked)
    #expect(terminal.raw.contains("\u{1B}[?2004h"))
    terminal.type("\u{4}")
    try terminal.expect("Goodbye.")
    #expect(terminal.isCooked)
    #expect(terminal.raw.contains("\u{1B}[?2004l"))
  }

  @Test func tabCompletesCommandsOptionsAndValues() throws {
    let terminal = try start()
    terminal.type("sa\t")
    try terminal.expect("say ")
    terminal.type("--to\t")
    try terminal.expect("--tone ")
    terminal.type("c\t")
    try terminal.expect("calm      cheerful\n")
    terminal.type("h\t")
    try terminal.expect("cheerful ")
    try enter(terminal, "x", "Out[1]:\n[x]")
    try leave(terminal)
  }

  @Test func tabQuotesFileNames() throws {
    try Data().write(to: home.appendingPathComponent("two words.txt"))
    let terminal = try start()
    try enter(terminal, "say tw\t", "[two words.txt]")
    try enter(terminal, "say \"two\t", "[two words.txt]")
    try leave(terminal)
  }

  @Test func historyGoesAcrossSessionsAndIsSearched() throws {
    let first = try start()
    for word in ["apple", "banana", "apple"] {
      try enter(first, "say \(word)", "[\(word)]")
    }
    try leave(first)
    let file = home.appendingPathComponent("attune/history")
    #expect(try String(contentsOf: file, encoding: .utf8) == "say banana\nsay apple\n")
    let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    #expect(mode == 0o600)

    let second = try start()
    second.type("\u{12}")
    try second.expect("bck:")
    try enter(second, "ban", "Out[1]:\n[banana]")
    try enter(second, "\u{10}\u{10}", "Out[2]:\n[apple]")
    try leave(second)
  }

  @Test func controlCStopsTheCommandAndKeepsTheSession() throws {
    let terminal = try start()
    terminal.type("slow\r")
    try terminal.expect("started")
    terminal.type("\u{3}")
    try terminal.expect("Interrupted.\nIn [2]: ")
    try enter(terminal, "say on", "Out[2]:\n[on]")
    try leave(terminal)
  }

  @Test func controlCAtThePromptClearsTheLine() throws {
    let terminal = try start()
    terminal.type("say 'half")
    try terminal.expect("half")
    terminal.type("\u{3}")
    try terminal.expect("^C\nIn [1]: ")
    terminal.type("say 'a\r")
    try terminal.expect("   ...: ")
    terminal.type("\u{3}")
    try terminal.expect("^C\nIn [1]: ")
    try enter(terminal, "say whole", "Out[1]:\n[whole]")
    try leave(terminal)
  }

  @Test func openQuotesAndBackslashesContinue() throws {
    let terminal = try start()
    terminal.type("say 'a\r")
    try terminal.expect("The quote ' is not closed, so the text goes on in the next line;")
    try terminal.expect("   ...: ")
    terminal.type("b' c\\\r")
    try terminal.expect("   ...: ")
    try enter(terminal, "d", "[a\nb][cd]")
    try leave(terminal)
  }

  @Test func aPasteIsOnePieceUntilEnter() throws {
    let terminal = try start()
    terminal.type("\u{1B}[200~say one\r\nsay \"t\two\"\rsay three\n\n\u{1B}[201~")
    let before = try terminal.expect("say three")
    #expect(!before.contains("Out["))
    try enter(terminal, " four", "Out[1]:\n[one]\nOut[2]:\n[t wo]\nOut[3]:\n[three][four]")
    try leave(terminal)
  }

  @Test func aPastedTranscriptLosesItsPrompts() throws {
    let terminal = try start()
    let transcript = "In [7]: say a\nOut[7]:\n[a]\nIn [8]: say b \\\n   ...: c\n"
    try enter(terminal, "\u{1B}[200~" + transcript + "\u{1B}[201~", "Out[1]:\n[a]\nOut[2]:\n[b][c]")
    try leave(terminal)
  }

  @Test func wideCharactersAreTypedAndTakenBack() throws {
    let terminal = try start()
    try enter(terminal, "say é世界🙂\u{7F}\u{7F}x", "Out[1]:\n[é世x]")
    try leave(terminal)
  }

  @Test func questionsAreAnsweredAtTheTerminal() throws {
    let terminal = try start()
    for (answer, result) in [("", "it is"), ("y", "it is"), ("no", "it is not")] {
      terminal.type("ask\r")
      try terminal.expect("Sure? [Y/n] ")
      try enter(terminal, answer, result)
    }
    terminal.type("ask\r")
    try terminal.expect("Sure? [Y/n] ")
    terminal.type("\u{3}")
    try terminal.expect("it is not\nIn [5]: ")
    try enter(terminal, "say on", "[on]")
    try leave(terminal)
  }

  @Test func editrcIsHonoured() throws {
    try Data("attune:bind ^T ed-quoted-insert\nattune:bind -s ^X \"say macro\"\n".utf8)
      .write(to: home.appendingPathComponent(".editrc"))
    let terminal = try start()
    try enter(terminal, "\u{18}", "Out[1]:\n[macro]")
    try leave(terminal)
  }

  @Test func viModeKeepsItsEscapeAndTheKeysOfTheShell() throws {
    try Data("bind -v\n".utf8).write(to: home.appendingPathComponent(".editrc"))
    let terminal = try start()
    terminal.type("sa\t")
    try terminal.expect("say ")
    terminal.type("abc\u{1B}")
    try enter(terminal, "bix", "Out[1]:\n[xabc]")
    try enter(terminal, "\u{1B}[200~say a\nsay b\u{1B}[201~", "Out[2]:\n[a]\nOut[3]:\n[b]")
    try leave(terminal)
  }

  @Test func aTerminalWithoutAbilitiesGetsNoEscapes() throws {
    let terminal = try start(["TERM": "dumb"])
    try enter(terminal, "say plain", "Out[1]:\n[plain]")
    try leave(terminal)
    #expect(!terminal.raw.contains("\u{1B}"))
  }

  @Test func aDeadlySignalLeavesAUsableTerminal() throws {
    let terminal = try start()
    terminal.end(with: SIGTERM)
    #expect(try terminal.wait() == 128 + SIGTERM)
    #expect(terminal.raw.hasSuffix("\u{1B}[?2004l"))
  }
}
