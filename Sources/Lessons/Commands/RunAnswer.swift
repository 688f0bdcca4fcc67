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
  private(set) var failures: [FailureFacts]
  let exit: ExitStatus
  private let counts: String
  private let isTimed: Bool

  init(_ report: LessonReport, isTimed: Bool = true) {
    self.isTimed = isTimed
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
  init(file: String, _ error: any Error) {
    let failure = Failure(error)
    lesson = file
    self.file = file
    exit = failure.status
    status = Int(failure.status.rawValue)
    isTimed = false
    seconds = 0
    counts = "could not start"
    cells = []
    failures = [FailureFacts].init(of: error)
  }

  private enum CodingKeys: String, CodingKey { case lesson, file, status, seconds, cells, failures }

  /// The failures as an author goes through them: file by file, from the top to the bottom.
  var inOrder: LessonOutcome {
    var outcome = self
    outcome.failures = failures.enumerated().sorted { a, b in
      let (x, y) = (a.element, b.element)
      guard x.file == y.file else { return x.file == file || (y.file != file && (x.file ?? "") < (y.file ?? "")) }
      return (x.line ?? 0, a.offset) < (y.line ?? 0, b.offset)
    }.map(\.element)
    return outcome
  }

  var summary: Drawing {
    let name = file.split(separator: "/").last.map(String.init) ?? file
    let time = isTimed && seconds > 0 ? " (\(duration(seconds: seconds)))" : ""
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

  init(_ flaw: LessonError.Flaw) { self.init(LessonFailure(flaw)) }

  var exit: ExitStatus? { ExitStatus(rawValue: Int32(clamping: status)) }
}

extension [FailureFacts] {
  /// One for each thing that is wrong.
  init(of error: any Error) {
    let flaws = (error as? LessonError)?.flaws ?? []
    self = flaws.isEmpty ? [FailureFacts(Failure(error))] : flaws.map(FailureFacts.init)
  }
}
