import Drawing
import Notebook

/// How `run` and `check` went.
package struct RunAnswer: CommandAnswer {
  var lessons: [LessonOutcome]
  /// What failed outside of the lessons, such as writing a transcript.
  var failures: [FailureFacts] = []
  /// The summaries are on the screen already.
  var isShown = false

  private enum CodingKeys: String, CodingKey { case lessons, failures }

  package var status: ExitStatus {
    let worst = ExitStatus.gravest(lessons.map(\.exit) + failures.compactMap(\.exit)) ?? .passed
    return worst == .skipped && lessons.contains { $0.exit == .passed } ? .passed : worst
  }

  package var drawing: Drawing? {
    isShown ? nil : .stack(lessons.map(\.summary))
  }
}

/// One lesson of a `run` or a `check`.
struct LessonOutcome: Encodable {
  let lesson: String
  let file: String
  let status: Int
  let seconds: Double
  let cells: [Value]
  let failures: [FailureFacts]
  let exit: ExitStatus
  private let counts: String

  init(_ report: LessonReport) {
    lesson = report.lesson.header.id
    file = report.lesson.file
    exit = report.status
    status = Int(report.status.rawValue)
    seconds = report.seconds
    counts = report.counts
    cells = report.outcomes.map { $0.value(report.lesson, report.parameters) }
    failures = report.failures.map(FailureFacts.init)
  }

  /// A lesson that could not even start.
  init(file: String, _ failure: Failure) {
    lesson = file
    self.file = file
    exit = failure.status
    status = Int(failure.status.rawValue)
    seconds = 0
    counts = "could not start"
    cells = []
    failures = [FailureFacts(failure)]
  }

  private enum CodingKeys: String, CodingKey { case lesson, file, status, seconds, cells, failures }

  var summary: Drawing {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let time = seconds > 0 ? " (\(duration(seconds: seconds)))" : ""
    let (verdict, role): (String, Drawing.Role) =
      switch exit {
      case .passed: ("all hold", .good)
      case .skipped: ("every cell was skipped", .faint)
      default: ("\(failures.count) \(failures.count == 1 ? "failure" : "failures")", .bad)
      }
    return .text(.init([.init(name, .strong), .init("  \(counts): "), .init(verdict, role), .init(time, .faint)]))
  }
}

struct FailureFacts: Encodable {
  var file: String?
  var line: Int?
  let status: Int
  let message: String
  var detail: [String] = []

  init(_ failure: LessonFailure) {
    file = failure.place.file
    line = failure.place.line
    status = Int(failure.status.rawValue)
    message = failure.sentence
    detail = failure.detail
  }

  init(_ failure: Failure) {
    status = Int(failure.status.rawValue)
    message = failure.sentence
  }

  var exit: ExitStatus? { ExitStatus(rawValue: Int32(clamping: status)) }
}
