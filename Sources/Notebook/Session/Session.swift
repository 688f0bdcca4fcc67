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
  /// What lines such as `x = classify "…"` keep, by name.
  package internal(set) var kept: [String: Kept] = [:]
  /// Lines to run once the line that asked for them has ended, as `rerun` and `open` do.
  package var queued: [String] = []
  /// Those of them that may fail without keeping the rest from running: they failed when they were saved.
  package var forgiven: Set<String> = []
  /// Told of each queued line before it runs.
  package var announce: ((String) -> Void)?
  /// Whether what `set` changes outlives the session: a person or the OS shell asks, not a lesson.
  package var keepsSettings = false
  /// Who watches the lines: the lesson that is open.
  package weak var observer: (any SessionObserver)?
  /// Whether results are shown without what differs from run to run: times, speeds, memory, the place of its home.
  package var isPinned = false
  /// Folders that trainings of an earlier sitting saved to, the newest last, where its lesson goes on.
  package var trainedBefore: [String] = []
  /// Set by `quit`: the reader of lines ends.
  package var isFinished = false
  /// The words of the command that runs, its name left out.
  package private(set) var arguments: [String] = []
  private var attachments: [ObjectIdentifier: AnyObject] = [:]
  private var isRunningQueued = false
  /// Of the lines that run, the outermost first: what a line such as `next` runs is counted behind it.
  private var numbers: [Int] = []

  package init(
    table: CommandTable, environment: [String: String], resources: Resources, screen: any Screen,
    shelf: ModelShelf? = nil
  ) {
    self.table = table
    self.environment = environment
    home = Home(environment: environment)
    self.resources = resources
    self.screen = screen
    self.shelf = shelf ?? ModelShelf(environment: environment, shipped: resources.find("samples/models"))
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

  /// Runs one typed line and shows its result or its error, then whatever lines it has queued. Blank lines and comments
  /// give nil.
  /// - Parameter timeout: seconds; nil is no limit.
  /// - Returns: the last that ran
  @discardableResult
  package func execute(_ line: String, id: String? = nil, timeout: Double? = nil) -> Cell? {
    runQueued(after: executeAlone(line, id, timeout))
  }

  private func executeAlone(_ line: String, _ id: String?, _ timeout: Double?) -> Cell? {
    numbers.append(cells.count + 1 + numbers.count)
    defer { numbers.removeLast() }
    let rewritten = observer?.rewrite(line, in: self) ?? line
    do {
      let words = try words(rewritten)
      guard !words.isEmpty else { return nil }
      return try execute(try Statement(words), line: line, id: id, timeout: timeout)
    } catch let open as Words.Incomplete {
      return finish(line, id, .failure(Failure(Session.sentence(open), .usage)))
    } catch {
      return finish(line, id, .failure(Failure(error)))
    }
  }

  /// The number of the line that runs.
  private var number: Int { numbers.last ?? cells.count + 1 }

  /// Runs words that are split already, as the OS shell hands them over.
  @discardableResult
  package func execute(words: [String], line: String, id: String? = nil, timeout: Double? = nil) -> Cell {
    let statement = Statement(plain: words)
    let cell = execute(statement, Array(words.suffix(statement.words.count)), line: line, id: id, timeout: timeout)
    return runQueued(after: cell) ?? cell
  }

  /// Lines that were asked for, until one fails.
  private func runQueued(after first: Cell?) -> Cell? {
    var last = first
    guard !isRunningQueued else { return first }
    isRunningQueued = true
    defer { (isRunningQueued, queued, forgiven) = (false, [], []) }
    var goesOn = last?.status ?? .passed == .passed
    while goesOn, !isFinished, !queued.isEmpty {
      let line = queued.removeFirst()
      announce?(line)
      last = executeAlone(line, nil, nil) ?? last
      let status = last?.status ?? .passed
      goesOn = status == .passed || (status != .interrupted && forgiven.contains(line))
    }
    if !queued.isEmpty { screen.notice("The rest was left out: \(queued.count) more.") }
    return last
  }

  /// Runs a line that prepares the session: nothing is shown or counted, what it keeps and sets stays.
  /// - Returns: why it failed
  package func prepare(_ line: String) -> Failure? {
    let (shown, count) = (screen, cells.count)
    screen = RecordingScreen(style: shown.style)
    defer {
      screen = shown
      cells.removeSubrange(count...)
    }
    guard let cell = execute(line), cell.status != .passed else { return nil }
    return Failure(cell.message ?? "It ended with status \(cell.status.rawValue).", cell.status)
  }

  /// The words of a line with `$name` replaced.
  /// - Throws: `Words.Incomplete`, `Failure` for a part that what is kept does not have
  private func words(_ line: String) throws -> [Words.Word] {
    var problem: (any Error)?
    let words = try Words(line) { rest in
      do {
        return try replacement(rest)
      } catch {
        problem = problem ?? error
        return nil
      }
    }.words
    if let problem { throw problem }
    return words
  }

  /// The text for what follows a `$`: `$x`, `$x.label`, `${x}`, `$_`, `$Out[3]`.
  private func replacement(_ rest: Substring) throws -> (text: String, count: Int)? {
    let isBraced = rest.first == "{"
    guard let (reference, count) = Reference.leading(isBraced ? rest.dropFirst() : rest) else { return nil }
    if case .variable(let name) = reference.root, let text = variables[name], kept[name] == nil, !isBraced {
      return (text, name.count)
    }
    guard isKept(reference) else { return nil }
    if isBraced, rest.dropFirst(count + 1).first != "}" { return nil }
    let written = String(rest.prefix(isBraced ? count + 2 : count))
    return (try text(of: reference, written: "$" + written), written.count)
  }

  /// The command that a line runs and shows the result of; nil for one that keeps or writes it.
  package func shownCommand(_ line: String) -> (any Command.Type)? {
    guard let words = try? Words(line).words, let statement = try? Statement(words), statement.target == nil,
      statement.redirection == nil, let name = statement.words.first?.text
    else { return nil }
    return table.row(named: name)
  }

  private func execute(_ statement: Statement, line: String, id: String?, timeout: Double?) throws -> Cell {
    if let target = statement.target, table.row(named: target) != nil {
      throw Failure("`\(target)` is a command and cannot be a variable; choose another name.", .usage)
    }
    if let kept = try kept(statement) {
      return finish(line, id, .success(kept), statement)
    }
    return execute(statement, try statement.words.map(resolved), line: line, id: id, timeout: timeout)
  }

  private func execute(
    _ statement: Statement, _ words: [String], line: String, id: String?, timeout: Double?
  ) -> Cell {
    Interrupt.begin(timeout: timeout)
    let start = Spent.now
    var words = words
    if let first = words.first, first.hasPrefix("?") {
      words = ["help"] + [String(first.dropFirst())].filter { !$0.isEmpty }
    }
    guard let name = words.first, let row = table.row(named: name) else {
      return finish(line, id, .failure(unknown(words.first ?? "")))
    }
    let shown = screen
    let redirected = statement.redirection.map { _ in RedirectedScreen(shown) }
    if let redirected { screen = redirected }
    let outcome = Result { try run(row, Array(words.dropFirst())) }.mapError { Session.failure($0, row, words) }
    if redirected != nil { screen = shown }
    let spent = start.untilNow
    let cell = finish(
      line, id, outcome, statement, row.name, spent.seconds, json: words.contains("--json"),
      written: redirected?.lines ?? [])
    if statement.isTimed { screen.notice(spent.sentence) }
    return cell
  }

  /// The picture of a whole result.
  private func drawing(of reference: Reference) -> Drawing? {
    guard reference.steps.isEmpty else { return nil }
    return switch reference.root {
    case .output(let number): cells.first { $0.number == number }?.drawing
    case .variable(let name): kept[name]?.drawing
    case .last(let back): result(back)?.drawing
    }
  }

  /// What a line of one reference or one value stands for; nil for a command.
  private func kept(_ statement: Statement) throws -> Answered? {
    guard statement.words.count == 1, let word = statement.words.first else { return nil }
    let value: Value
    if !word.isQuoted, table.row(named: word.text) == nil, let reference = Reference(word.text), isKept(reference) {
      value = try self.value(of: reference, written: word.text)
      if let drawing = drawing(of: reference) {
        return Answered(value: value, drawing: drawing, status: .passed, style: screen.style)
      }
    } else if statement.target != nil, word.isQuoted || table.row(named: word.text) == nil {
      value = word.isQuoted ? .string(word.text) : Double(word.text).map(Value.init(wholeIfPossible:)) ?? .null
      guard value != .null else { return nil }
    } else {
      return nil
    }
    return Answered(value: value, drawing: .plain(value.shown), status: .passed, style: screen.style)
  }

  private struct Answered {
    let value: Value
    let drawing: Drawing?
    let status: ExitStatus
    let style: TerminalStyle
    /// Of a command; what is kept has none.
    var python: PythonAnswer?
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
    _ line: String, _ id: String?, _ outcome: Result<Answered, Failure>, _ statement: Statement? = nil,
    _ command: String? = nil, _ seconds: Double = 0, json: Bool = false, written lines: [String] = []
  ) -> Cell {
    var outcome = outcome
    var said: String?
    if let redirection = statement?.redirection, case .success(let answered) = outcome {
      do {
        said = try redirection.write(
          answered.value, answered.drawing, shown: lines, isJSON: json, line: line, style: answered.style)
      } catch {
        outcome = .failure(Failure(error))
      }
    }
    var cell: Cell
    switch outcome {
    case .success(let answered):
      cell = Cell(
        number: number, id: id, line: line, command: command, value: answered.value,
        drawing: answered.drawing, status: answered.status, message: nil, seconds: seconds, python: answered.python)
      if let said {
        screen.notice(said)
      } else if statement?.target != nil {
        // Kept, and shown when it is asked for.
      } else if json {
        screen.show([answered.value.json])
      } else if let drawing = answered.drawing {
        screen.show(drawing.lines(answered.style))
      }
      if let target = statement?.target {
        kept[target] = Kept(value: answered.value, drawing: answered.drawing, line: line)
        cell.target = target
      }
    case .failure(var failure):
      if isPinned {
        failure = Failure(
          failure.sentence.replacing(home.folder.path, with: Measured.placeholder), failure.status)
      }
      cell = Cell(
        number: number, id: id, line: line, command: command, value: nil, drawing: nil,
        status: failure.status, message: failure.sentence, seconds: seconds, python: nil)
      let lines = failure.sentence.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if failure.status == .passed { screen.show(lines) } else { lines.forEach(screen.notice) }
      // Whoever asked for the stop has been heard.
      if failure.status == .interrupted { Interrupt.forget() }
    }
    cells.append(cell)
    observer?.didRun(cell, in: self)
    return cell
  }

  /// `_` and `Out[n]`, unquoted, become the text of that result.
  func resolved(_ word: Words.Word) throws -> String {
    guard !word.isQuoted, let reference = Reference(word.text) else { return word.text }
    if case .variable = reference.root { return word.text }
    return try text(of: reference, written: word.text)
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
    let quotes = message.contains("nexpected argument") ? " A text of several words stands in quotes." : ""
    return Failure("\(message)\(stop)\(quotes) `help \(name)` shows how to call it.", .usage)
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
