import ArgumentParser
import Drawing
import Foundation
import Notebook

/// Runs lessons without a person.
package struct RunCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run lessons without a person; the exit status tells how it went.",
    discussion: """
      Each runs at 80 columns, without colours, with its own seed and in a home of its own, so that its transcript is \
      the same everywhere.
      """)
  package static let group = CommandGroup.lessons
  package static let example = "run 1"

  @Argument(help: ArgumentHelp("Lesson files, numbers or ids.", valueName: "file"))
  package var files: [String]

  @Option(
    name: [.customShort("p"), .customLong("parameter")], help: ArgumentHelp("Set a parameter.", valueName: "name=value")
  )
  package var parameters: [String] = []

  @Option(help: ArgumentHelp("Start from this cell, quiz or exercise.", valueName: "id"))
  package var from: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp(
      "Write a transcript: .md, .html, .ipynb or .jsonl.", valueName: "file"))
  package var output: String?

  @Flag(help: "Go on after a failure; the gravest one decides the exit status.")
  package var keepGoing = false

  @Option(help: ArgumentHelp("Seconds for a whole lesson.", valueName: "seconds"))
  package var timeout: Double?

  @Flag(
    help:
      "Show what was measured, too: times, speeds, memory. Without it, two runs give the same transcript; a .jsonl keeps the values as they were."
  )
  package var measured = false

  @Flag(help: "Show the output recorded in NAME.recorded.jsonl beside the lesson instead of running it.")
  package var replay = false

  @OptionGroup package var common: CommonOptions

  package init() {}

  package mutating func validate() throws {
    if files.isEmpty { throw ValidationError("Name a lesson to run.") }
    if let timeout, !(timeout > 0) { throw ValidationError("--timeout counts seconds above 0, not \(timeout).") }
  }

  package func answer(in session: Session) throws -> RunAnswer {
    let shelf = LessonShelf(session.resources)
    if output != nil, files.count > 1 { throw LessonError.outputOfSeveral(count: files.count) }
    if let output { _ = try TranscriptKind(file: output) }
    var answer = RunAnswer(lessons: [])
    for name in files {
      do {
        let (report, failure) = try run(shelf.file(named: name), in: session)
        answer.lessons.append(.init(report, isTimed: measured))
        if let failure {
          answer.failures.append(.init(failure))
          session.screen.notice(failure.sentence)
        }
      } catch  where keepGoing {
        answer.lessons.append(.init(file: name, error))
        Failure(error).sentence.split(separator: "\n").forEach { session.screen.notice(String($0)) }
      }
      if answer.status != .passed, answer.status != .skipped, !keepGoing { break }
    }
    return answer
  }

  /// Runs one lesson and writes its transcript, which happens however the lesson went.
  private func run(_ file: String, in session: Session) throws -> (LessonReport, Failure?) {
    let lesson = try Lesson(file: file)
    var options = LessonRun.Options()
    options.parameters = try RunCommand.pairs(parameters)
    options.start = from
    options.keepsGoing = keepGoing
    options.timeout = timeout
    options.model = common.model
    options.replay = try replay ? Recording(file: Recording.file(for: file)) : nil
    let page = RunPage(lesson, in: session, isQuiet: common.json || output != nil)
    let report = try session.withPrivateHome(isPinned: !measured) { session in
      var run = try LessonRun(lesson, options, in: session, report: page.show)
      if let notice = run.notice { session.screen.notice(notice) }
      return run.run()
    }
    session.screen.endLive()
    guard let output else { return (report, nil) }
    do throws(LessonError) {
      try report.write(to: output)
      return (report, nil)
    } catch {
      return (report, Failure(error))
    }
  }

  /// What `-p NAME=VALUE` says.
  package static func pairs(_ texts: [String]) throws(LessonError) -> [String: String] {
    var pairs: [String: String] = [:]
    for text in texts {
      guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { throw .parameterForm(text) }
      pairs[String(text[..<equals])] = String(text[text.index(after: equals)...])
    }
    return pairs
  }
}
