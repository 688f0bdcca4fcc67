import Drawing
import Notebook

/// The way back over steps, with what they counted.
extension LessonPlayer {
  /// How a lesson stood before a step.
  struct Moment {
    var wait: Wait
    var isPlaying: Bool
    var scope: CheckScope
    var progress: LessonProgress
    var starts: [Int]
  }

  private static let mostMoments = 200

  /// Keeps how it is now, before a step changes it.
  func remember(in session: Session) {
    guard lesson != nil else { return }
    past.append(Moment(wait: wait, isPlaying: isPlaying, scope: scope, progress: progress, starts: starts))
    if past.count > LessonPlayer.mostMoments { past.removeFirst() }
  }

  /// Takes back the last step that changed anything.
  func undo(in session: Session) throws {
    guard let lesson else { throw LessonError.noLessonOpen }
    while let moment = past.last, isNow(moment) { past.removeLast() }
    guard let moment = past.popLast() else { throw LessonError.nothingToUndo }
    let id = place(of: moment.wait)
    (wait, isPlaying, scope, progress, starts) = (
      moment.wait, moment.isPlaying, moment.scope, moment.progress, moment.starts
    )
    let own = progress
    // What was saved meanwhile would add the step again.
    update(in: session) { $0.lessons[lesson.header.id] = own }
    log(.undo, lesson.items.indices.contains(id) ? lesson.items[id].id : nil, in: session)
    say("Taken back.", .faint, in: session)
    showAgain(in: session)
    starts = moment.starts
  }

  private func isNow(_ moment: Moment) -> Bool {
    moment.wait == wait && moment.isPlaying == isPlaying && moment.progress == progress
  }

  /// Adds a line to the learner's log. A log that cannot be written is said once and stops nobody.
  func log(
    _ event: Attempt.Event, _ id: String?, _ answer: String? = nil, right: Bool? = nil, score: Double? = nil,
    in session: Session
  ) {
    guard let lesson else { return }
    let item = id.flatMap { id in lesson.items.first { $0.id == id } }
    let kind: Attempt.Kind =
      switch item {
      case .quiz?: .quiz
      case .exercise(let exercise)?: exercise.prediction == nil ? .exercise : .prediction
      default: .lesson
      }
    let seconds = asked.map { ((ContinuousClock.now - $0).seconds * 10).rounded() / 10 }
    let attempt = Attempt(
      time: LessonPlayer.now(), learner: session.home.learner, lesson: lesson.header.id, item: id, kind: kind,
      event: event, attempt: event == .answer ? id.flatMap { progress.items[$0]?.attempts } : nil, answer: answer,
      right: right, score: score, seconds: event == .answer ? seconds : nil)
    do throws(LessonError) {
      try AttemptLog(url: session.home.attempts).add(attempt)
    } catch {
      tell(error.sentence, in: session)
    }
  }
}
