import Drawing
import Foundation
import Lessons
import Notebook

/// The loop of prompt, line and result.
final class Interactive {
  private let session: Session
  private let screen: TerminalScreen
  private let editor: LineEditor
  private let file: HistoryFile
  private let completion: Completion
  private var statements = Statements()
  private var known: [String]
  private var hasToldOfHistory = false
  private var lastHint: String?

  /// nil when the terminal cannot be edited on.
  init?(session: Session, screen: TerminalScreen) {
    guard let editor = LineEditor(environment: session.environment) else { return nil }
    self.session = session
    self.screen = screen
    self.editor = editor
    screen.editor = editor
    file = HistoryFile(session.home.history)
    known = file.entries()
    completion = Completion(
      table: session.table, home: session.environment["HOME"],
      members: { [unowned session] name in session.members(of: name) },
      names: { [unowned session] kind in session.names(of: kind) })
    editor.setHistory(known)
    editor.complete = { [unowned self] text in
      self.completion.outcome(self.statements.isOpen ? self.statements.open + "\n" + text : text)
    }
    editor.width = { [unowned screen] in screen.style.width }
    session.announce = { [unowned self] line in self.announce(line) }
    Signals.installSuspend()
    TerminalModes.setQuiet(true)
  }

  /// Runs until `quit`, Ctrl-D or the end of the terminal.
  func run(greets: Bool) {
    StartFile(session.home.start).run(in: session)
    if greets { greet() }
    while !session.isFinished, screen.failure == nil {
      screen.adopt(session.settings)
      hint()
      switch editor.read(prompt) {
      case .text(let lines): accept(lines)
      case .interrupted: statements = Statements()
      case .end:
        screen.write("\n")
        if let rest = statements.finish() { execute(rest) }
        session.isFinished = true
      }
    }
    TerminalModes.setQuiet(false)
    screen.show(["Goodbye."])
  }

  private static func told(_ quote: Character) -> String {
    "The quote \(quote) is not closed, so the text goes on in the next line; close it, or drop it with Ctrl-C."
  }

  private var prompt: Prompt {
    let number = session.cells.count + 1
    return statements.isOpen ? .continuation(number, screen.style) : .input(number, screen.style)
  }

  private func greet() {
    let name = session.home.learner.map { ", \($0)'s" } ?? ""
    screen.show(["attune \(Shell.version)\(name): `help` lists the commands, `lessons` the lessons; Ctrl-D leaves."])
    session.greetLearner()
  }

  /// What the open lesson wants next, said once.
  private func hint() {
    let hint = session.lessonHint
    defer { lastHint = hint }
    guard let hint, hint != lastHint, !statements.isOpen else { return }
    screen.show(Drawing.text(.init(hint, .faint)).lines(screen.style))
  }

  /// Runs the lines one after another; a stop in one ends the rest.
  private func accept(_ lines: String) {
    // Enter alone goes on where the lesson only waits for the reader.
    if lines.allSatisfy(\.isWhitespace), !statements.isOpen, session.wantsNext {
      execute("next")
      return
    }
    let wasOpen = statements.openQuote
    defer { if wasOpen == nil, let quote = statements.openQuote { screen.notice(Interactive.told(quote)) } }
    for line in lines.split(separator: "\n", omittingEmptySubsequences: false) where !session.isFinished {
      guard let statement = statements.add(String(line)) else { continue }
      remember(statement)
      if execute(statement)?.status == .interrupted { break }
    }
  }

  @discardableResult
  private func execute(_ statement: String) -> Cell? {
    label(statement)
    Signals.commandBegins()
    defer { screen.label = nil }
    let count = session.cells.count
    let cell = session.execute(statement)
    // What a lesson ran, too, can be taken up again and changed.
    for ran in session.cells.dropFirst(count).filter({ $0.line != statement }) { remember(ran.line) }
    return cell
  }

  /// A line that another one asked for stands there as if it were typed.
  private func announce(_ line: String) {
    screen.label = nil
    let lines = line.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let number = session.cells.count + 1
    screen.show(
      lines.enumerated().map { index, text in
        let prompt: Prompt = index == 0 ? .input(number, screen.style) : .continuation(number, screen.style)
        return prompt.shown + sanitized(text)
      })
    label(line)
    Signals.commandBegins()
  }

  /// Results have a label; what a lesson says, help and settings have none, and JSON stands alone.
  private func label(_ statement: String) {
    let number = session.cells.count + 1
    guard let row = session.shownCommand(statement), row.group != .lessons, row.group != .session,
      let words = try? Words(statement).words.map(\.text),
      !["--json", "--jsonl", "--help", "-h"].contains(where: words.contains)
    else { return screen.label = nil }
    screen.label = { [unowned session, unowned screen] in
      session.cells.count + 1 == number ? Prompt.output(number, screen.style) : nil
    }
  }

  private func remember(_ statement: String) {
    guard !statement.allSatisfy(\.isWhitespace) else { return }
    let merged = HistoryFile.merged(known, adding: statement, limit: HistoryFile.limit)
    if merged.count == known.count + 1 { editor.remember(statement) } else { editor.setHistory(merged) }
    known = merged
    do throws(HistoryFile.Failure) {
      try file.add(statement)
    } catch {
      if !hasToldOfHistory { screen.notice(error.sentence) }
      hasToldOfHistory = true
    }
  }
}

extension HistoryFile.Failure: Explained {
  package var sentence: String {
    switch self {
    case .cannotWrite(let path, let number):
      "The history cannot be kept in \(path): \(String(cString: strerror(number))). "
        + "Set ATTUNE_HOME to a folder of yours."
    }
  }

  package var status: ExitStatus { .cannotWrite }
}
