import Foundation

/// One line of a learner's log: what was answered or asked for, where, and how it came out.
package struct Attempt: Codable, Sendable, Equatable {
  package static let version = 1

  package enum Kind: String, Codable, Sendable {
    case quiz, exercise, prediction, lesson
  }

  package enum Event: String, Codable, Sendable {
    case answer, hint, solution, skip, undo, restart, finish
  }

  package var version = Attempt.version
  /// ISO 8601, in seconds.
  package var time: String
  /// nil where one person has the home for themselves.
  package var learner: String?
  /// The ids of the lesson and of what was answered in it.
  package var lesson: String
  package var item: String?
  package var kind: Kind
  package var event: Event
  /// How many answers there have been, with this one.
  package var attempt: Int?
  package var answer: String?
  /// nil where nobody could judge it: the keys are kept apart.
  package var right: Bool?
  /// What a guess was worth, 0 to 1.
  package var score: Double?
  /// Since the question was shown.
  package var seconds: Double?
}

/// The file that keeps attempts, one JSON object a line. Sessions add to it side by side.
struct AttemptLog {
  let url: URL

  /// - Throws: `LessonError` when the folder or file cannot be written
  func add(_ attempt: Attempt) throws(LessonError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(attempt) else { return }
    try LessonFiles.append(data + Data("\n".utf8), to: url)
  }
}
