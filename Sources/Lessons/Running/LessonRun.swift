import Foundation
import Notebook

/// Goes through a lesson without a person: every cell runs, expectations and checks are held against what comes out.
package struct LessonRun {
  package struct Options: Sendable {
    /// As given with -p; what is not given has its default.
    package var parameters: [String: String] = [:]
    /// The id to start from; hidden cells before it run all the same, since they prepare.
    package var start: String?
    package var keepsGoing = false
    /// Seconds for the whole lesson.
    package var timeout: Double?
    /// In place of the lesson's own models.
    package var model: String?
    /// Manual cells run too.
    package var runsManual = false
    /// Outputs to show instead of running.
    package var replay: Recording?
    /// The author's proof: manual cells run too, paths must exist, exercises are proven, nothing is too wide.
    package var proves = false
    /// What is known to be wrong with the lesson: told with the rest.
    package var flaws: [LessonError.Flaw] = []

    package init() {}
  }

  package enum Event: Sendable {
    case reached(Lesson.Item)
    /// A cell is about to run: the cell and its place among all.
    case starts(LessonCell, index: Int)
    case ran(CellOutcome)
    case failed(LessonFailure)
  }

  let lesson: Lesson
  let options: Options
  let parameters: [String: String]
  private let report: (Event) -> Void
  private let runner: CellRunner?
  /// That another model stands in for the lesson's own.
  let notice: String?
  private let start = ContinuousClock.now
  private var scope: CheckScope
  private(set) var outcomes: [CellOutcome] = []
  private var failures: [LessonFailure] = []
  private var skippedIDs: Set<String> = []
  private var index = 0
  private var hasStarted: Bool
  private var isOver = false

  /// - Throws: `LessonError` for a parameter or a start that is not; status 69 when no model can be had
  package init(
    _ lesson: Lesson, _ options: Options = Options(), in session: Session, report: @escaping (Event) -> Void = { _ in }
  ) throws {
    self.options = options
    self.report = report
    parameters = try lesson.values(given: options.parameters)
    if let id = options.start {
      let known = lesson.items.compactMap(\.id)
      guard known.contains(id) else { throw LessonError.unknownStart(id: id, file: lesson.file, known: known) }
    }
    hasStarted = options.start == nil
    if options.replay == nil {
      let opened = try lesson.opened(with: options.model, in: session)
      self.lesson = opened.lesson
      runner = CellRunner(opened.settings, parameters: parameters, in: session)
      notice = lesson.standInNotice(opened.settings.model)
    } else {
      self.lesson = lesson
      runner = nil
      notice = nil
    }
    scope = CheckScope(variables: parameters)
  }

  package mutating func run() -> LessonReport {
    options.flaws.forEach { fail(LessonFailure($0)) }
    for item in lesson.items where !isOver {
      if item.id != nil, item.id == options.start { hasStarted = true }
      if hasStarted { report(.reached(item)) }
      switch item {
      case .cell(let cell): run(cell)
      case .quiz(let quiz):
        if options.proves, quiz.answer == nil, let answers = lesson.header.answers {
          let sentence =
            "the quiz '\(quiz.id)' cannot be proven without its answers; there is no file \(answers) beside the lesson."
          fail(LessonFailure(place: quiz.place, sentence: sentence, status: .fileMissing))
        }
        quiz.help.solutionCells.forEach { run($0) }
      case .exercise(let exercise): run(exercise)
      case .heading, .prose, .pause, .note, .time: break
      }
    }
    if options.proves { widths().forEach { fail($0) } }
    return LessonReport(
      lesson: lesson, parameters: parameters, outcomes: outcomes, failures: failures,
      seconds: (ContinuousClock.now - start).seconds)
  }

  private mutating func fail(_ failure: LessonFailure) {
    failures.append(failure)
    report(.failed(failure))
    if failure.status == .interrupted || !options.keepsGoing { isOver = true }
  }

  // MARK: Cells

  private mutating func run(_ cell: LessonCell, inSolution: Bool = false) {
    guard !isOver else { return }
    defer { index += 1 }
    let isAhead = !hasStarted && !cell.isHidden
    let waits = cell.start == .manual && !options.proves && !options.runsManual && !inSolution
    guard !isAhead, !waits, cell.uncertainty != .command else { return skip(cell) }
    guard let limit = limit(of: cell) else { return }
    report(.starts(cell, index: index))
    var outcome: CellOutcome
    do {
      outcome = try execute(cell, limit)
    } catch {
      let failure = Failure(error)
      return fail(
        LessonFailure(place: cell.place, sentence: unplaced(failure.sentence, cell.place), status: failure.status))
    }
    if outcome.isSkipped { return skip(cell) }
    scope.last = outcome.value
    if let id = cell.id { scope.cells[id] = outcome.value }
    outcome.failures = judge(outcome)
    outcomes.append(outcome)
    report(.ran(outcome))
    outcome.failures.forEach { fail($0) }
  }

  /// A recording's error names the place itself.
  private func unplaced(_ sentence: String, _ place: Lesson.Place) -> String {
    let prefix = "\(place): "
    return sentence.hasPrefix(prefix) ? String(sentence.dropFirst(prefix.count)) : sentence
  }

  private mutating func skip(_ cell: LessonCell) {
    var outcome = CellOutcome(cell, index: index)
    outcome.isSkipped = true
    if let id = cell.id { skippedIDs.insert(id) }
    outcomes.append(outcome)
    if hasStarted { report(.ran(outcome)) }
  }

  private func execute(_ cell: LessonCell, _ limit: Double?) throws -> CellOutcome {
    if let replay = options.replay {
      return try replay.outcome(of: cell, index: index, parameters: parameters, header: lesson.header)
    }
    guard let runner else { return CellOutcome(cell, index: index) }
    return runner.run(cell, index: index, limit: limit)
  }

  /// Seconds for the next cell, `.some(nil)` for no limit; nil when there is no time left or a stop is wanted.
  private mutating func limit(of cell: LessonCell) -> Double?? {
    if Interrupt.isRequested {
      fail(LessonFailure(place: cell.place, sentence: "interrupted.", status: .interrupted))
      isOver = true
      return nil
    }
    guard let whole = options.timeout else { return .some(cell.timeout) }
    let left = whole - (ContinuousClock.now - start).seconds
    guard left > 0 else {
      let sentence = LessonError.timeLimit(seconds: whole).sentence
      fail(LessonFailure(place: cell.place, sentence: sentence, status: .timeout))
      isOver = true
      return nil
    }
    return .some(min(left, cell.timeout ?? left))
  }

  // MARK: Judging

  private func judge(_ outcome: CellOutcome) -> [LessonFailure] {
    let cell = outcome.cell
    let always: Set<ExitStatus> = [.interrupted, .timeout, .engine]
    if outcome.status != .passed, !cell.expectsFailure || always.contains(outcome.status) {
      let sentence = outcome.message ?? "this cell ended with status \(outcome.status.rawValue)."
      return [LessonFailure(place: cell.place, sentence: sentence, status: outcome.status)]
    }
    var found: [LessonFailure] = []
    if outcome.status == .passed, cell.expectsFailure {
      found.append(LessonFailure(place: cell.place, sentence: "this cell should fail (expect=fail), but it passed."))
    }
    // Without a statement it could not be read, which is told already.
    if let expectation = cell.expectation, cell.uncertainty != .output, !cell.statements.isEmpty, !isVaried(cell),
      !expectation.holds(for: outcome.output)
    {
      let detail = expectation.difference(from: outcome.output)
      found.append(
        LessonFailure(place: expectation.place, sentence: "the output is not what is expected.", detail: detail))
    }
    return found + cell.checks.flatMap(judge)
  }

  /// Whether -p changed something that the cell uses: its expectation speaks of the default.
  private func isVaried(_ cell: LessonCell) -> Bool {
    lesson.header.parameters.contains { parameter in
      parameters[parameter.name] != parameter.standard && cell.text.contains("$" + parameter.name)
    }
  }

  private func judge(_ check: LessonCheck) -> [LessonFailure] {
    guard check.expression.references.isDisjoint(with: skippedIDs) else { return [] }
    let result = check.expression.result(in: scope)
    if options.proves, let missing = result.missing.first {
      let members = missing.members.joined(separator: ", ")
      let found = members.isEmpty ? "nothing is there" : "there are \(members)"
      let sentence = "the check \(check.text) asks for \(missing.path), which does not exist; \(found)."
      return [LessonFailure(place: check.place, sentence: sentence)]
    }
    guard !result.passed else { return [] }
    let detail = result.sides.map { "\($0.path) is \(String($0.value.json.prefix(200)))" }
    return [LessonFailure(place: check.place, sentence: "the check does not hold: \(check.text)", detail: detail)]
  }

  // MARK: Exercises

  private mutating func run(_ exercise: Exercise) {
    guard hasStarted else { return exercise.help.solutionCells.forEach { run($0, inSolution: true) } }
    if options.proves {
      if exercise.prediction == nil, !exercise.checks.isEmpty,
        exercise.checks.allSatisfy({ $0.expression.result(in: scope).passed })
      {
        let sentence =
          "an empty answer passes the exercise '\(exercise.id)'; its checks should fail before it is solved."
        fail(LessonFailure(place: exercise.place, sentence: sentence))
      }
      if exercise.help.solution == nil {
        let sentence = "the exercise '\(exercise.id)' has no solution that would prove it."
        fail(LessonFailure(place: exercise.place, sentence: sentence))
      }
    }
    let cells = exercise.help.solutionCells
    let before = failures.count
    cells.forEach { run($0, inSolution: true) }
    guard !isOver, !cells.isEmpty, failures.count == before else { return }
    guard cells.contains(where: { $0.uncertainty != .command }) else { return }
    if let prediction = exercise.prediction, prediction.score("", in: scope) == nil {
      let sentence =
        "there is nothing to score a guess by: `score: \(prediction.text)` finds no \(prediction.kind.wants)."
      fail(LessonFailure(place: prediction.place, sentence: sentence))
    }
    for check in exercise.checks {
      for failure in judge(check) {
        fail(
          LessonFailure(
            place: failure.place, sentence: "after the solution of '\(exercise.id)', " + failure.sentence,
            detail: failure.detail))
      }
    }
  }
}
