/// The front matter of a lesson.
package struct LessonHeader: Sendable, Equatable {
  /// The format that this version reads.
  package static let version = 1
  package static let levels = ["beginner", "intermediate", "advanced"]

  package var id = ""
  package var title = ""
  package var level: String?
  package var minutes: Int?
  /// The first that is present or can be fetched is used; empty: the session's default.
  package var models: [String] = []
  package var parameters: [LessonParameter] = []
  package var seed: UInt64?
  /// A file with the keys of its quizzes, seen from its folder.
  package var answers: String?
  /// Lines that the front matter takes in its file, both rulers included.
  package var lineCount = 0
}

/// A parameter of a lesson: `$name` in its cells.
package struct LessonParameter: Sendable, Equatable {
  package enum Kind: String, Sendable, CaseIterable {
    case int, number, text, bool
  }

  package var name: String
  package var kind: Kind
  /// As `$name` is replaced by it.
  package var standard: String
  package var minimum: Double?
  package var maximum: Double?
  /// The values that are allowed; empty: any.
  package var choices: [String] = []

  /// Why a value is refused; nil if it is not.
  package enum Refusal: Sendable, Equatable {
    case notOfKind(Kind)
    case below(Double)
    case above(Double)
    case noChoice([String])
  }

  package func refusal(of value: String) -> Refusal? {
    switch kind {
    case .int: if Int(value) == nil { return .notOfKind(.int) }
    case .number: if Double(value)?.isFinite != true { return .notOfKind(.number) }
    case .bool: if value != "true" && value != "false" { return .notOfKind(.bool) }
    case .text: break
    }
    if !choices.isEmpty, !choices.contains(value) { return .noChoice(choices) }
    if let minimum, let number = Double(value), number < minimum { return .below(minimum) }
    if let maximum, let number = Double(value), number > maximum { return .above(maximum) }
    return nil
  }
}
