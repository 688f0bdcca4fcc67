import ArgumentParser
import Drawing
import Notebook

/// `code`: Hugging Face's Python for what was done here.
package struct CodeCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "code", abstract: "Print the Hugging Face Python that does what the last command did.",
    discussion: """
      With a command behind it, the Python of that one, which need not have run. The Python runs unchanged with \
      transformers 5, datasets and peft, and opens the models where they lie here. What has no counterpart says so; \
      --list shows all.
      """)
  package static let group = CommandGroup.session
  package static let example = #"code tokens "Hello, world""#

  @Flag(help: "Of all that ran in this session, as one program.") package var session = false
  @Option(help: ArgumentHelp("Of all cells of a lesson, which need not have run.", valueName: "file"))
  package var lesson: String?
  @Flag(help: "Show which command has which counterpart.") package var list = false
  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("Write it to a file that Python runs.", valueName: "file.py"))
  package var output: String?
  @OptionGroup(title: "Common options") package var common: CommonOptions
  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("A command with its arguments; without one, what ran last.", valueName: "command"))
  package var words: [String] = []

  package init() {}

  package mutating func validate() throws {
    let asked = [session, lesson != nil, list, !words.isEmpty].count { $0 }
    if asked > 1 { throw ValidationError("Give a command, --session, --lesson or --list; one of them.") }
    if list, output != nil { throw ValidationError("--list is no program; leave out --output.") }
    if let output, !output.hasSuffix(".py") { throw ValidationError("--output ends in .py, so that it is known.") }
  }

  /// A command and its call in Hugging Face's libraries.
  package struct Row: Encodable {
    let command: String
    let call: String?
  }

  package struct Answer: CommandAnswer {
    /// The program; nil with --list.
    let python: String?
    /// Commands that have no counterpart, each with the reason.
    let without: [String]
    let counterparts: [Row]?
    let file: String?

    package var drawing: Drawing? {
      if let counterparts { return .stack(Answer.parts(counterparts)) }
      if let file { return .plain("Written to \(file); `python \(file)` runs it.") }
      return python.map { .plain($0) }
    }

    private static func parts(_ rows: [Row]) -> [Drawing] {
      let without = rows.filter { $0.call == nil }.map(\.command)
      return [
        .table(
          .init(
            columns: ["here", "in Python"],
            rows: rows.compactMap { row in row.call.map { [.init(row.command, .strong), .init($0, .code)] } })),
        .words(.init("Without a counterpart: \(without.joined(separator: ", ")).", .faint)),
      ]
    }
  }

  package func answer(in session: Session) throws -> Answer {
    if list {
      return Answer(
        python: nil, without: [], counterparts: session.table.counterparts.map(Row.init), file: nil)
    }
    let program = Program(try said(in: session), isAlone: lesson == nil && !self.session)
    guard program.hasCode else { throw Failure(program.without.joined(separator: "\n"), .usage) }
    if let output { try LessonFiles.write(program.text + "\n", to: output) }
    return Answer(python: program.text, without: program.without, counterparts: nil, file: output)
  }

  /// The lines that were asked for, each with its Python.
  private func said(in session: Session) throws -> [(line: String, python: PythonAnswer)] {
    if let lesson { return try CodeCommand.said(lesson, in: session) }
    guard words.isEmpty else { return [("", try session.python(of: words))] }
    let cells = session.cells.filter { $0.python != nil && SaveCommand.belongs($0) }.suffix(self.session ? .max : 1)
    guard !cells.isEmpty else {
      throw Failure("Nothing ran yet whose Python could be shown; name a command, as in `\(Self.example)`.", .usage)
    }
    return cells.compactMap { cell in cell.python.map { (cell.line, $0) } }
  }

  private static func said(_ name: String, in session: Session) throws -> [(line: String, python: PythonAnswer)] {
    let (lesson, settings) = try Lesson(file: try LessonShelf(session.resources).file(named: name)).opened(in: session)
    let sitting = session.child(screen: session.screen)
    sitting.settings = settings
    sitting.variables = try lesson.values(given: [:])
    return lesson.cells.filter { !$0.expectsFailure }.flatMap(\.statements).map { statement in
      let python: PythonAnswer
      do { python = try sitting.python(of: statement.text) } catch { python = .none(Failure(error).sentence) }
      return (statement.text, python)
    }
  }
}

/// Python of one command or more, as a text.
private struct Program {
  let text: String
  let without: [String]
  let hasCode: Bool

  /// - Parameter isAlone: the command itself need not be told
  init(_ said: [(line: String, python: PythonAnswer)], isAlone: Bool) {
    var page = PythonPage()
    var parts: [[String]] = []
    var without: [String] = []
    for (line, python) in said {
      var lines =
        isAlone ? [] : pythonRemark(line)
      switch python {
      case .code(let code): lines += page.add(code)
      case .none(let reason):
        lines += PythonPage.remark(reason)
        without.append(reason)
      }
      parts.append(lines)
    }
    text = parts.joined(separator: [""]).joined(separator: "\n")
    self.without = without
    hasCode = without.count < said.count
  }
}
