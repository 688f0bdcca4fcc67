import Foundation
import Notebook

/// What is right in a quiz.
package enum QuizAnswer: Sendable, Equatable {
  /// The letters of all right choices.
  case choices(Set<String>)
  /// A number within a tolerance of it.
  case number(Double, within: Double)
  /// Any of these texts, whatever their case, spaces and closing mark.
  case texts([String])

  /// Reads a key: `b`, `a, c`, `12`, `0.69 (~0.01)`, `40 (~5%)`, `subword | word piece`.
  /// - Parameter letters: of the choices; none where a number or a text is asked for
  init(_ text: String, letters: [String]) throws(Problem) {
    guard letters.isEmpty else {
      let named = text.lowercased().split { $0 == "," || $0.isWhitespace }.map(String.init)
      for name in named where !letters.contains(name) { throw .noChoice(named.count == 1 ? text : name) }
      guard !named.isEmpty else { throw .empty }
      self = .choices(Set(named))
      return
    }
    if let (value, tolerance) = try QuizAnswer.number(text) {
      self = .number(value, within: tolerance)
      return
    }
    let texts = text.split(separator: "|").map { QuizAnswer.unquoted($0.trimmingCharacters(in: .whitespaces)) }
    guard !texts.isEmpty, texts.allSatisfy({ !QuizAnswer.plain($0).isEmpty }) else { throw .empty }
    self = .texts(texts)
  }

  enum Problem: Error, Equatable {
    case empty
    case noChoice(String)
    case badTolerance(String)
  }

  /// `0.69 (~0.01)` as a number and how far off an answer may be; without a tolerance only what rounding does.
  private static func number(_ text: String) throws(Problem) -> (Double, Double)? {
    guard let match = text.wholeMatch(of: /(\S+)\s*(?:\(~\s*([^)]*)\))?/), let value = decimal(match.1) else {
      return nil
    }
    guard let written = match.2 else { return (value, max(1e-9, abs(value) * 1e-9)) }
    let isShare = written.hasSuffix("%")
    guard let number = Double(isShare ? written.dropLast() : written), number.isFinite, number >= 0 else {
      throw .badTolerance(String(written))
    }
    return (value, isShare ? abs(value) * number / 100 : number)
  }

  /// A number as people write it: `1,024`, `50%` (as 50), `.5`.
  static func decimal(_ text: some StringProtocol) -> Double? {
    var plain = text.trimmingCharacters(in: .whitespaces)
    if plain.hasSuffix("%") { plain.removeLast() }
    if plain.contains(/^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/) { plain.removeAll { $0 == "," } }
    guard let number = Double(plain), number.isFinite else { return nil }
    return number
  }

  private static func unquoted(_ text: String) -> String {
    guard text.count >= 2, let mark = text.first, mark == text.last, mark == "\"" || mark == "'" else { return text }
    return String(text.dropFirst().dropLast())
  }

  /// A text without what does not matter in an answer.
  static func plain(_ text: String) -> String {
    let words = text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.trimmingCharacters(in: CharacterSet(charactersIn: ".!?;\"'`“”‘’ "))
  }
}

extension QuizAnswer {
  /// How an answer came out.
  package struct Verdict: Sendable, Equatable {
    package var isRight: Bool
    /// What feedback is about: the letters that were wrong, or the value.
    package var wrong: [String] = []
    /// Right choices that were left out.
    package var missing = 0
  }

  /// - Parameter given: `b`, `a c`, `3.5`, `word piece`
  func verdict(on given: String) -> Verdict {
    switch self {
    case .choices(let right):
      let chosen = Set(given.split { !$0.isLetter }.map(String.init))
      return Verdict(
        isRight: chosen == right, wrong: chosen.subtracting(right).sorted(), missing: right.subtracting(chosen).count)
    case .number(let value, let tolerance):
      let isRight = QuizAnswer.decimal(given).map { abs($0 - value) <= tolerance } ?? false
      return Verdict(isRight: isRight, wrong: isRight ? [] : [given])
    case .texts(let texts):
      let isRight = texts.contains { QuizAnswer.plain($0) == QuizAnswer.plain(given) }
      return Verdict(isRight: isRight, wrong: isRight ? [] : [QuizAnswer.plain(given)])
    }
  }

  /// As `solution` says it.
  func shown(among choices: [Quiz.Choice]) -> String {
    switch self {
    case .choices(let right):
      choices.filter { right.contains($0.letter) }.map { "\($0.letter)) \($0.text)" }.joined(separator: "; ")
    case .number(let value, let tolerance):
      tolerance > abs(value) * 1e-8
        ? "\(Value(wholeIfPossible: value).json), give or take \(Value(wholeIfPossible: tolerance).json)"
        : Value(wholeIfPossible: value).json
    case .texts(let texts): texts.joined(separator: ", or ")
    }
  }
}
