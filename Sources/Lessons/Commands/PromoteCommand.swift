import ArgumentParser
import Drawing
import Notebook

/// Accepts what came out as what is expected.
package struct PromoteCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "promote", abstract: "Rewrite the expectations of a lesson that failed; wildcards that hold stay.")
  package static let group = CommandGroup.lessons
  package static let example = "promote 1"

  @Argument(help: ArgumentHelp("A lesson file, number or id.", valueName: "file"))
  package var file: String

  @OptionGroup package var common: CommonOptions

  package init() {}

  package struct Answer: CommandAnswer {
    struct Change: Encodable {
      var file: String
      var line: Int
      var expected: [String]
    }

    let file: String
    let changes: [Change]
    /// What a new expectation would not cure.
    let failures: [FailureFacts]

    package var status: ExitStatus { ExitStatus.gravest(failures.compactMap(\.exit)) ?? .passed }

    package var drawing: Drawing? {
      let count = changes.count
      let what = count == 0 ? "nothing to rewrite" : "\(count) \(count == 1 ? "expectation" : "expectations") rewritten"
      let rows = changes.map { Drawing.text(.init("  \($0.file):\($0.line)")) }
      let rest = failures.flatMap { failure in
        let place = failure.file.map { "\($0):\(failure.line ?? 1): " } ?? ""
        return [Drawing.text(.init("  \(place)\(failure.message)", .bad))]
          + failure.detail.map { .text(.init("    " + $0)) }
      }
      return .stack([.text(.init("\(file): \(what).", count == 0 ? .plain : .good))] + rows + rest)
    }
  }

  package func answer(in session: Session) throws -> Answer {
    let path = try LessonShelf(session.resources).file(named: file)
    let lesson = try Lesson(file: path)
    var options = LessonRun.Options()
    options.keepsGoing = true
    options.runsManual = true
    options.model = common.model
    let report = try session.withPrivateHome { session in
      var run = try LessonRun(lesson, options, in: session)
      return run.run()
    }
    if report.status == .interrupted { throw Failure("Interrupted; nothing was rewritten.", .interrupted) }
    let promotion = Promotion(report)
    try promotion.write()
    return Answer(
      file: path,
      changes: promotion.changes.map { .init(file: $0.place.file, line: $0.place.line, expected: $0.new) },
      failures: promotion.failures.map(FailureFacts.init))
  }
}
