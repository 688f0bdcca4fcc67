import Foundation
import Testing

/// The shell while it works: keys that come too early, windows that change, lines that run others.
@Suite(.serialized) final class AtWorkTests: AtATerminal {
  let home: URL
  init() throws { home = try Driver.folder("work") }
  deinit { try? FileManager.default.removeItem(at: home) }

  private func count(_ text: String, in terminal: PseudoTerminal) -> Int {
    terminal.raw.replacing(/\e\[[0-9;?]*[A-Za-z]/, with: "").components(separatedBy: text).count - 1
  }

  @Test(arguments: ["draw", "wait"]) func whatIsTypedMeanwhileIsNeitherLostNorShownTwice(_ command: String) throws {
    let terminal = try start()
    terminal.type("\(command)\r")
    try terminal.expect("frame")
    terminal.type("say early\rsay half")
    try terminal.expect("done\nIn [2]: say early\nOut[2]:\n[early]\nIn [3]: say half")
    #expect(count("say early", in: terminal) == 1)
    #expect(count("say half", in: terminal) == 1)
    try enter(terminal, " more", "Out[3]:\n[half][more]")
    try leave(terminal)
  }

  @Test(arguments: ["draw", "wait"]) func controlDMeanwhileLeavesAtTheNextPrompt(_ command: String) throws {
    let terminal = try start()
    terminal.type("\(command)\r")
    try terminal.expect("frame")
    terminal.type("say early\r\u{4}")
    try terminal.expect("done\nIn [2]: say early\nOut[2]:\n[early]\nIn [3]: ")
    try terminal.expect("Goodbye.")
    #expect(try terminal.wait() == 0)
  }

  @Test func controlZGivesTheTerminalBackAndFgGoesOn() throws {
    let terminal = try Driver.startAsJob(home: home)
    try terminal.expect("In [1]: ")
    terminal.type("say half")
    try terminal.expect("say half")
    terminal.type("\u{1A}")
    try terminal.expect("sh> ")
    terminal.type("echo shown $((6 * 7))\r")
    try terminal.expect("echo shown $((6 * 7))\nshown 42\nsh> ")
    terminal.type("fg\r")
    try terminal.expect("In [1]: say half")
    try enter(terminal, " more", "[half][more]")
    terminal.type("draw\r")
    try terminal.expect("frame")
    terminal.type("\u{1A}")
    try terminal.expect("sh> ")
    terminal.type("echo again\r")
    try terminal.expect("echo again\nagain\nsh> ")
    terminal.type("fg\r")
    try terminal.expect("done\nIn [3]: ")
    terminal.type("\u{4}")
    try terminal.expect("Goodbye.")
    try terminal.expect("sh> ")
    terminal.type("exit\r")
    #expect(try terminal.wait() == 0)
  }

  @Test func controlCWhileItDrawsIsHeardOnce() throws {
    let terminal = try start()
    terminal.type("draw\r")
    try terminal.expect("frame")
    terminal.type("\u{3}")
    try terminal.expect("Interrupted.\nIn [2]: ")
    try enter(terminal, "say on", "Out[2]:\n[on]")
    try leave(terminal)
  }

  @Test func aWindowMayChangeWhileALineIsTyped() throws {
    let terminal = try start()
    terminal.type("say 1234567890123456789012345678901234567890")
    try terminal.expect("567890")
    terminal.resize(columns: 30)
    terminal.type("x")
    try terminal.expect("x")
    terminal.resize(columns: 100)
    try enter(terminal, "y", "[1234567890123456789012345678901234567890xy]")
    try leave(terminal)
  }

  @Test func aResultIsKeptUnderAName() throws {
    let terminal = try start()
    terminal.type("x = say hello\rsay $x\rx\r")
    try terminal.expect("x = say hello\nIn [2]: say $x\nOut[2]:\n[[hello]]\nIn [3]: x\n[hello]\nIn [4]: ")
    terminal.type("say $\t\r")
    try terminal.expect("say $x\nOut[4]:\n[[hello]]\nIn [5]: ")
    try leave(terminal)
  }

  @Test func linesThatRunAgainStandThereAsIfTyped() throws {
    let terminal = try start()
    try enter(terminal, "say a", "[a]")
    try enter(terminal, "say b", "[b]")
    terminal.type("rerun 1-2\r")
    try terminal.expect("In [4]: say a\nOut[4]:\n[a]\nIn [5]: say b\nOut[5]:\n[b]\nIn [6]: ")
    try leave(terminal)
  }

  @Test func whatTheEditorSavesRuns() throws {
    let terminal = try start(["EDITOR": "printf 'say edited\\n' >"])
    try enter(terminal, "say a", "[a]")
    terminal.type("edit\r")
    try terminal.expect("In [3]: say edited\nOut[3]:\n[edited]\nIn [4]: ")
    terminal.type("set editor no-such-editor\redit\r")
    try terminal.expect("The editor `no-such-editor` cannot be started; `set editor NAME` chooses\nanother.")
    try terminal.expect("In [")
    try leave(terminal)
  }

  @Test func theStartFileRunsBeforeTheFirstPromptAndItsFaultsHavePlaces() throws {
    let folder = home.appendingPathComponent("attune")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data("# mine\nx = 'from home'\nnonsense\n".utf8).write(to: folder.appendingPathComponent("init"))
    let terminal = try Driver.start(home: home)
    try terminal.expect("init:3:")
    try terminal.expect("'nonsense'")
    try terminal.expect("In [1]: ")
    try enter(terminal, "say $x", "Out[1]:\n[from home]")
    try leave(terminal)
  }

  @Test func upFindsLinesThatBeginAlike() throws {
    let terminal = try start()
    try enter(terminal, "say one", "[one]")
    try enter(terminal, "tell two", "[two]")
    try enter(terminal, "say \u{1B}[A", "[one]")
    try leave(terminal)
  }

  @Test func aLongHistoryDoesNotSlowTheKeys() throws {
    let folder = home.appendingPathComponent("attune")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let lines = (0..<10_000).map { "say line number \($0)\n" }.joined()
    try Data(lines.utf8).write(to: folder.appendingPathComponent("history"))
    let terminal = try start()
    var slowest = Duration.zero
    for key in ["s", "a", "y", " ", "q", "w", "z"] {
      let start = ContinuousClock.now
      terminal.type(key)
      try terminal.expect(key)
      slowest = max(slowest, ContinuousClock.now - start)
    }
    // 20 ms where the machine is idle; tests share theirs.
    #expect(slowest < .milliseconds(200))
    terminal.type("\u{15}\u{12}number 77\r")
    try terminal.expect("[line][number][")
    try terminal.expect("In [2]: ")
    try leave(terminal)
  }

  @Test func fortyColumnsAreEnough() throws {
    let terminal = try start()
    terminal.resize(columns: 40)
    try enter(terminal, "say مرحبا שלום 世界", "[مرحبا][שלום][世界]")
    terminal.type("\t")
    try terminal.expect("say")
    try leave(terminal)
  }
}
