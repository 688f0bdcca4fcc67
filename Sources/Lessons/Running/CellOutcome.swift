import Drawing
import Foundation
import Notebook

/// What a cell of a lesson gave.
package struct CellOutcome: Sendable {
  package let cell: LessonCell
  /// Its place among all cells of the lesson, from 0.
  package let index: Int
  /// What it showed: the drawings' lines, then why it failed.
  package var output: [String] = []
  package var drawings: [Drawing] = []
  /// The result of its last statement with the command's name, as a check sees it.
  package var value: Value?
  package var status = ExitStatus.passed
  /// Why its last statement failed.
  package var message: String?
  package var seconds = 0.0
  package var isSkipped = false
  package var failures: [LessonFailure] = []
  /// The lines that ran, each with what Hugging Face's libraries do in its place; nil for one that failed.
  package var spoken: [(line: String, python: PythonAnswer?)] = []

  init(_ cell: LessonCell, index: Int) {
    self.cell = cell
    self.index = index
  }
}

/// Something of a lesson that does not hold.
package struct LessonFailure: Sendable, Equatable {
  package let place: Lesson.Place
  package let sentence: String
  /// Lines that show it, such as a difference.
  package var detail: [String] = []
  package var status = ExitStatus.failed

  init(place: Lesson.Place, sentence: String, detail: [String] = [], status: ExitStatus = .failed) {
    self.place = place
    self.sentence = sentence
    self.detail = detail
    self.status = status
  }

  init(_ flaw: LessonError.Flaw) {
    self.init(place: flaw.place, sentence: flaw.problem.sentence, status: .malformed)
  }

  /// `FILE:LINE: sentence`, then the detail.
  package var lines: [String] { ["\(sanitized(place.file)):\(place.line): \(sentence)"] + detail.map { "  " + $0 } }
}

/// Runs cells of a lesson in a session whose screen is a recording.
struct CellRunner {
  let session: Session
  private let recording: RecordingScreen

  /// A sitting of its own, as every machine would have it: 80 columns, no colour, the lesson's model, seed and
  /// parameters.
  init(_ settings: Settings, parameters: [String: String], in session: Session) {
    recording = RecordingScreen()
    self.session = session.child(screen: recording)
    self.session.settings = settings
    self.session.variables = parameters
  }

  /// - Parameter limit: seconds that the whole cell may take; nil: as long as it takes
  func run(_ cell: LessonCell, index: Int, limit: Double?) -> CellOutcome {
    var outcome = CellOutcome(cell, index: index)
    let start = ContinuousClock.now
    for statement in cell.statements {
      let left = limit.map { max(0.001, $0 - (ContinuousClock.now - start).seconds) }
      _ = recording.take()
      guard let ran = session.execute(statement.text, id: cell.id, timeout: left) else { continue }
      outcome.output += recording.take().lines
      outcome.spoken.append((statement.text, ran.python))
      outcome.status = ran.status
      outcome.value = session.isPinned ? ran.checked.replacing(session.home.folder.path, with: "[..]") : ran.checked
      outcome.message = ran.message
      if let drawing = ran.drawing { outcome.drawings.append(drawing) }
      guard ran.status != .passed else { continue }
      outcome.output += LessonRun.page(ran.message ?? "")
      break
    }
    outcome.seconds = (ContinuousClock.now - start).seconds
    return outcome
  }
}

extension Lesson {
  /// What its cells start from: its seed, and the model that was asked for, else the first of its own that is found.
  func settings(model: String? = nil, in session: Session) throws -> Settings {
    var settings = Settings()
    settings.threads = session.settings.threads
    settings.seed = header.seed ?? settings.seed
    settings.model = try model ?? obtainModel(in: session)
    return settings
  }

  /// The first of its models that is present or can be fetched; nil if it names none.
  package func obtainModel(in session: Session) throws -> String? {
    guard !header.models.isEmpty else { return nil }
    let meter = PullMeter(header.models.joined(separator: ", "), session.screen)
    defer { session.screen.endLive() }
    return try session.shelf.obtain(header.models, progress: meter.show)
  }

  /// Values for `$name`: what was given, else the defaults.
  package func values(given: [String: String]) throws(LessonError) -> [String: String] {
    for name in given.keys.sorted() where !header.parameters.contains(where: { $0.name == name }) {
      throw .noParameter(name: name, file: file, known: header.parameters.map(\.name))
    }
    var values: [String: String] = [:]
    for parameter in header.parameters {
      let value = given[parameter.name] ?? parameter.standard
      if let refusal = parameter.refusal(of: value) {
        throw .parameterRefused(name: parameter.name, value: value, refusal)
      }
      values[parameter.name] = value
    }
    return values
  }
}
