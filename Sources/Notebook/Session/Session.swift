import ArgumentParser
import Drawing
import Foundation

/// One sitting: the cells that ran, the settings, the model in memory. It knows no terminal and no lesson.
package final class Session {
  package let table: CommandTable
  package let environment: [String: String]
  package let home: Home
  package let resources: Resources
  package var screen: any Screen
  package var settings = Settings()
  package let shelf: ModelShelf
  package private(set) var cells: [Cell] = []
  /// Values of `$name` in a line: a lesson's parameters.
  package var variables: [String: String] = [:]
  /// Who watches the lines: the lesson that is open.
  package weak var observer: (any SessionObserver)?
  /// Whether results are shown without what differs from run to run: times, speeds, memory, the place of its home.
  package var isPinned = false
  /// Set by `quit`: the reader of lines ends.
  package var isFinished = false
  /// The words of the command that runs, its name left out.
  package private(set) var arguments: [String] = []
  private var attachments: [ObjectIdentifier: AnyObject] = [:]

  package init(
    table: CommandTable, environment: [String: String], resources: Resources, screen: any Screen,
    shelf: ModelShelf? = nil
  ) {
    self.table = table
    self.environment = environment
    home = Home(environment: environment)
    self.resources = resources
    self.screen = screen
    self.shelf = shelf ?? ModelShelf(environment: environment)
  }

  /// A fresh session on another screen that shares the models in memory: for `run` and `check`.
  package func child(screen: any Screen) -> Session {
    let child = Session(table: table, environment: environment, resources: resources, screen: screen, shelf: shelf)
    child.settings = settings
    child.isPinned = isPinned
    return child
  }

  /// Lends a session with a home of its own, empty and gone afterwards: a proof finds no run of the user's and leaves
  /// none behind.
  /// - Parameter isPinned: whether it shows nothing that differs from run to run
  package func withPrivateHome<Result>(isPinned: Bool = true, _ body: (Session) throws -> Result) throws -> Result {
    let home = FileManager.default.temporaryDirectory.appendingPathComponent("attune-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: home) }
    var environment = environment
    environment["ATTUNE_HOME"] = home.path
    let session = Session(table: table, environment: environment, resources: resources, screen: screen, shelf: shelf)
    session.settings = settings
    session.isPinned = isPinned
    return try body(session)
  }

  /// State that another room keeps here, one of a type, made when first asked for.
  package func attachment<State: AnyObject>(_ make: () -> State) -> State {
    if let state = attachments[ObjectIdentifier(State.self)] as? State { return state }
    let state = make()
    attachments[ObjectIdentifier(State.self)] = state
    return state
  }

  /// Runs one typed line and shows its result or its error. Blank lines and comments give nil.
  /// - Parameter timeout: seconds; nil is no limit.
  @discardableResult
  package func execute(_ line: String, id: String? = nil, timeout: Double? = nil) -> Cell? {
    let rewritten = observer?.rewrite(line, in: self) ?? line
    do {
      let words = try Words(rewritten, variables: variables).words
      guard !words.isEmpty else { return nil }
      return execute(words: try words.map(resolved), line: line, id: id, timeout: timeout)
    } catch let open as Words.Incomplete {
      return finish(line, id, nil, .failure(Failure(Session.sentence(open), .usage)), 0, json: false)
    } catch {
      return finish(line, id, nil, .failure(Failure(error)), 0, json: false)
    }
  }

  /// Runs words that are split already, as the OS shell hands them over.
  @discardableResult
  package func execute(words: [String], line: String, id: String? = nil, timeout: Double? = nil) -> Cell {
    Interrupt.begin(timeout: timeout)
    let start = ContinuousClock.now
    var words = words
    if let first = words.first, first.hasPrefix("?") {
      words = ["help"] + [String(first.dropFirst())].filter { !$0.isEmpty }
    }
    guard let name = words.first, let row = table.row(named: name) else {
      return finish(line, id, nil, .failure(unknown(words.first ?? "")), 0, json: false)
    }
    let outcome = Result { try run(row, Array(words.dropFirst())) }.mapError { Session.failure($0, row, words) }
    let seconds = (ContinuousClock.now - start).seconds
    return finish(line, id, row.name, outcome, seconds, json: words.contains("--json"))
  }

  private struct Answered {
    let value: Value
    let drawing: Drawing?
    let status: ExitStatus
    let style: TerminalStyle
    let python: PythonAnswer
  }

  private func run(_ row: any Command.Type, _ arguments: [String]) throws -> Answered {
    self.arguments = arguments
    let parsed = try row.parseAsRoot(arguments)
    guard let command = parsed as? any Command else {
      throw Failure(row.helpMessage(columns: screen.style.width), .passed)
    }
    return try answer(command)
  }

  private func answer<C: Command>(_ command: C) throws -> Answered {
    let before = (screen.style, settings)
    defer { screen.style = before.0 }
    screen.style = style(for: command.common)
    shelf.threads = command.common.threads ?? settings.threads
    do {
      // Before it runs: what `last` means, or an earlier turn of a chat, is another thing behind it.
      let python = PythonAnswer(command, in: self)
      let answer = try command.answer(in: self)
      screen.endLive()
      return Answered(
        value: try Value(encoding: answer), drawing: drawing(of: answer), status: answer.status, style: screen.style,
        python: python)
    } catch {
      screen.endLive()
      settings = before.1
      throw error
    }
  }

  private func drawing(of answer: some CommandAnswer) -> Drawing? {
    guard isPinned else { return answer.drawing }
    return Measured.$isHidden.withValue(true) { answer.drawing }?.replacing(
      home.folder.path, with: Measured.placeholder)
  }

  /// The screen's style under `--color` and `--accessible`, of the command or of `set`.
  private func style(for common: CommonOptions) -> TerminalStyle {
    var style = screen.style
    if let flag = common.color ?? settings.color {
      style.color = ColorDepth.resolve(flag: flag, environment: environment, isTerminal: style.color != .none)
    }
    style.accessible = style.accessible || common.accessible || settings.accessible
    return style
  }

  private func finish(
    _ line: String, _ id: String?, _ command: String?, _ outcome: Result<Answered, Failure>, _ seconds: Double,
    json: Bool
  ) -> Cell {
    let cell: Cell
    switch outcome {
    case .success(let answered):
      cell = Cell(
        number: cells.count + 1, id: id, line: line, command: command, value: answered.value,
        drawing: answered.drawing, status: answered.status, message: nil, seconds: seconds, python: answered.python)
      if json {
        screen.show([answered.value.json])
      } else if let drawing = answered.drawing {
        screen.show(drawing.lines(answered.style))
      }
    case .failure(var failure):
      if isPinned {
        failure = Failure(
          failure.sentence.replacing(home.folder.path, with: Measured.placeholder), failure.status)
      }
      cell = Cell(
        number: cells.count + 1, id: id, line: line, command: command, value: nil, drawing: nil,
        status: failure.status, message: failure.sentence, seconds: seconds, python: nil)
      let lines = failure.sentence.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if failure.status == .passed { screen.show(lines) } else { lines.forEach(screen.notice) }
    }
    cells.append(cell)
    observer?.didRun(cell, in: self)
    return cell
  }

  /// `_` and `Out[n]`, unquoted, become the text of that result.
  func resolved(_ word: Words.Word) throws -> String {
    guard !word.isQuoted else { return word.text }
    if word.text == "_" { return try text(of: cells.last { $0.text != nil }, word.text) }
    guard word.text.hasPrefix("Out["), word.text.hasSuffix("]"), let number = Int(word.text.dropFirst(4).dropLast())
    else { return word.text }
    return try text(of: cells.first { $0.number == number }, word.text)
  }

  private func text(of cell: Cell?, _ reference: String) throws -> String {
    guard let text = cell?.text else {
      throw Failure("There is no text in \(reference) yet; `history` lists what ran.", .usage)
    }
    return text
  }

  func unknown(_ name: String) -> Failure {
    let way = table.nearest(to: name).map { "did you mean `\($0)`?" } ?? "`help` lists the commands."
    return Failure("There is no command '\(sanitized(name))'; \(way)", .usage)
  }

  static func sentence(_ open: Words.Incomplete) -> String {
    switch open {
    case .openQuote(let quote): "The line ends inside a quote; close it with \(quote)."
    case .trailingBackslash: "The line ends in a backslash; write what follows it, or take it away."
    }
  }

  /// ArgumentParser's errors hold their own sentence; help that was asked for is no failure.
  static func failure(_ error: any Error, _ row: any Command.Type, _ words: [String]) -> Failure {
    if let explained = error as? any Explained { return Failure(explained) }
    let code = row.exitCode(for: error)
    let isParsers = code == .success || code == .validationFailure || error is ValidationError
    guard isParsers else { return Failure(error) }
    if code == .success { return Failure(row.fullMessage(for: error), .passed) }
    let message = row.message(for: error)
    let stop = message.last.map { ".?!".contains($0) } ?? false ? "" : "."
    let part = row.configuration.subcommands.first { $0._commandName == words.dropFirst().first }
    let name = [row.name, part?._commandName].compactMap(\.self).joined(separator: " ")
    return Failure("\(message)\(stop) `help \(name)` shows how to call it.", .usage)
  }
}

/// Watches the lines of a session: the lesson that is open.
package protocol SessionObserver: AnyObject {
  /// The line to run in place of a typed one, such as `choose b` for `b` under a quiz; nil leaves it.
  func rewrite(_ line: String, in session: Session) -> String?
  func didRun(_ cell: Cell, in session: Session)
}

extension Duration {
  /// As a floating-point number of seconds.
  package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
