import Foundation

/// How far a learner has come, by lesson.
package struct Progress: Codable, Sendable, Equatable {
  package static let version = 1

  package var version = Progress.version
  /// The lesson that was open last.
  package var last: String?
  package var lessons: [String: LessonProgress] = [:]

  package init() {}

  /// Whether its numbers can be: it comes from a file.
  var isSound: Bool {
    lessons.values.allSatisfy { lesson in
      (0...1).contains(lesson.fraction) && lesson.items.values.allSatisfy { (0...1 << 53).contains($0.attempts) }
    }
  }
}

/// How far a learner has come in one lesson.
package struct LessonProgress: Codable, Sendable, Equatable {
  /// Where to go on; see `Lesson.anchor`.
  package var place: String?
  /// 0 to 1.
  package var fraction = 0.0
  package var isFinished = false
  /// Quizzes and exercises by their id.
  package var items: [String: ItemProgress] = [:]
  /// Folders of what was trained in it, the newest last: the models that the rest of the lesson speaks of.
  package var trained: [String]?

  package init() {}
}

package struct ItemProgress: Codable, Sendable, Equatable {
  package enum State: String, Codable, Sendable {
    case open, skipped
    /// Answered where nobody could judge it: the key is kept apart.
    case answered
    /// A guess that was wide of the mark.
    case guessed
    /// The solution was asked for before it was solved.
    case shown
    case passed
  }

  package var state = State.open
  package var attempts = 0
  package var hints = 0
  /// How often each wrong choice was taken.
  package var picks: [String: Int]?
  /// What a guess was worth, 0 to 1.
  package var score: Double?

  package init() {}

  package var isSettled: Bool { state != .open }

  /// What counts is what came first, except that a skipped one can still be done.
  package mutating func settle(_ new: State) {
    if state == .open || (state == .skipped && new != .open) { state = new }
  }

  /// Both of two sittings' work on one item.
  func merged(with other: ItemProgress) -> ItemProgress {
    var merged = self
    merged.settle(other.state)
    merged.attempts = max(attempts, other.attempts)
    merged.hints = max(hints, other.hints)
    merged.picks = (picks ?? [:]).merging(other.picks ?? [:]) { max($0, $1) }
    if merged.picks?.isEmpty == true { merged.picks = nil }
    merged.score = score ?? other.score
    return merged
  }
}

extension LessonProgress {
  /// What this sitting knows, on top of what another one saved meanwhile.
  func merged(over saved: LessonProgress) -> LessonProgress {
    var merged = self
    merged.isFinished = isFinished || saved.isFinished
    merged.items = items.merging(saved.items) { $0.merged(with: $1) }
    return merged
  }
}
