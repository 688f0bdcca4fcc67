import ArgumentParser
import Drawing
import Foundation
import Notebook

/// The way in: `attune` as a shell, with a script on standard input, or for one command.
package enum Shell {
  package static let version = "0.1.0"

  /// Runs what the arguments ask for and gives the process's exit status.
  ///
  /// No arguments: the shell if a person is there, else every line of standard input; all run, the gravest
  /// failure decides. When nobody reads standard output any more the status is 141, as SIGPIPE would give.
  package static func run(_ rows: [any Command.Type], arguments: [String] = CommandLine.arguments) -> Int32 {
    StandardStreams.fill()
    Signals.install()
    defer { TerminalModes.restore() }
    let rows = rows + ShellCommands.rows
    let invocation = Invocation(Array(arguments.dropFirst()))
    var environment = ProcessInfo.processInfo.environment
    environment[Home.learnerVariable] = invocation.learner ?? environment[Home.learnerVariable]
    let screen = TerminalScreen(environment: environment, color: invocation.color)
    if let learner = environment[Home.learnerVariable], !learner.isEmpty, !Home.isLearner(learner) {
      screen.notice(
        "'\(sanitized(learner))' cannot be the name of a learner; use letters, digits, - and _, at most 64.")
      return ExitStatus.usage.rawValue
    }
    if Root.answers(invocation.words.first), !asksForHelp(invocation, rows) {
      return reply(to: invocation.words, rows, screen)
    }
    let session = Session(
      table: CommandTable(rows), environment: environment, resources: resources(environment), screen: screen)
    session.keepsSettings = true
    do {
      session.settings.adopt(try SavedSettings.read(session.home.settings))
    } catch {
      screen.notice(Failure(error).sentence)
    }
    let status =
      invocation.words.isEmpty
      ? start(session, screen, invocation.globals) : once(session, screen, invocation)
    return finalStatus(status, screen)
  }

  /// `attune --help` is the command `help`, if there is one.
  private static func asksForHelp(_ invocation: Invocation, _ rows: [any Command.Type]) -> Bool {
    ["--help", "-h"].contains(invocation.words.first) && rows.contains { $0.name == "help" }
  }

  private static func reply(to words: [String], _ rows: [any Command.Type], _ screen: TerminalScreen) -> Int32 {
    let reply = Root.reply(to: words, rows: rows)
    guard reply.isAskedFor else {
      for line in reply.text.split(separator: "\n") { screen.notice(String(line)) }
      return ExitStatus.usage.rawValue
    }
    let text = words.first == "--version" ? "attune \(version)" : reply.text
    screen.write(text.hasSuffix("\n") ? text : text + "\n")
    return finalStatus(.passed, screen)
  }

  private static func resources(_ environment: [String: String]) -> Resources {
    Resources(
      environment: environment,
      workingFolder: URL(fileURLWithPath: FileManager.default.currentDirectoryPath, isDirectory: true),
      binary: Bundle.main.executableURL)
  }

  /// One command. If it opened a lesson and a person is there, the shell goes on with it.
  private static func once(
    _ session: Session, _ screen: TerminalScreen, _ invocation: Invocation
  )
    -> ExitStatus
  {
    var invocation = invocation
    if let first = invocation.words.first, ["--help", "-h"].contains(first) { invocation.words[0] = "help" }
    Signals.commandBegins()
    let cell = session.execute(words: invocation.arranged(in: session.table), line: invocation.line)
    guard cell.status == .passed, session.observer != nil, isPersonThere else { return cell.status }
    return converse(session, on: screen, greets: false)
  }

  private static func start(_ session: Session, _ screen: TerminalScreen, _ globals: [String]) -> ExitStatus {
    do {
      let common = try CommonOptions.parse(globals)
      session.settings.model = common.model ?? session.settings.model
      session.settings.color = common.color ?? session.settings.color
      session.settings.accessible = common.accessible || session.settings.accessible
      session.settings.threads = common.threads ?? session.settings.threads
    } catch {
      screen.notice(CommonOptions.message(for: error))
      return .usage
    }
    screen.adopt(session.settings)
    return isPersonThere ? converse(session, on: screen, greets: true) : Script(session: session).run()
  }

  /// Prompt, line, result, until `quit` or Ctrl-D. A terminal that cannot be edited on is read as a script.
  package static func converse(_ session: Session, on screen: TerminalScreen, greets: Bool) -> ExitStatus {
    Signals.install()
    guard let shell = Interactive(session: session, screen: screen) else {
      return Script(session: session).run()
    }
    shell.run(greets: greets)
    return .passed
  }

  private static var isPersonThere: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  private static func finalStatus(_ status: ExitStatus, _ screen: TerminalScreen) -> Int32 {
    switch screen.failure {
    case nil: return status.rawValue
    case .closed: return 128 + SIGPIPE
    case .failed(let number):
      screen.notice("Cannot write to standard output: \(String(cString: strerror(number))).")
      return ExitStatus.cannotWrite.rawValue
    }
  }
}
