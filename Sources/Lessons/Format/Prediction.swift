import Foundation
import Notebook

/// How a guess is scored once what is the case has been revealed: `score: rank next.tokens`.
package struct Prediction: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// The guess is looked for in a list, best first: its place and its share count.
    case rank
    /// The guess is a text cut in pieces: how many of the cuts are right counts.
    case split
    /// The guess is a number: how near it is counts.
    case number

    /// What it looks for, in a word.
    var wants: String {
      switch self {
      case .rank: "list"
      case .split: "list of pieces"
      case .number: "number"
      }
    }
  }

  package let kind: Kind
  /// As written.
  package let text: String
  /// Where the list, the pieces or the number stand in what the reveal gives.
  package let expression: Check
  package let place: Lesson.Place

  /// What a guess was worth.
  package struct Score: Sendable, Equatable {
    /// 0 to 1.
    package let points: Double
    /// What to tell the learner.
    package let sentence: String
  }

  /// nil when the results have no such list, pieces or number.
  func score(_ guess: String, in scope: CheckScope) -> Score? {
    guard let value = expression.value(in: scope) else { return nil }
    return switch kind {
    case .rank: Prediction.rank(guess, value)
    case .split: Prediction.split(guess, value)
    case .number: Prediction.number(guess, value)
    }
  }

  // MARK: Rank

  private static func rank(_ guess: String, _ value: Value) -> Score? {
    guard case .array(let elements) = value, !elements.isEmpty else { return nil }
    var ranked = elements.enumerated().map { Candidate($1, place: $0) }
    // Bare numbers, such as one for each head, are in the order of their places.
    if elements.allSatisfy({ $0.asNumber != nil }) { ranked.sort { ($0.share ?? 0) > ($1.share ?? 0) } }
    guard let best = ranked.first else { return nil }
    let top = "the first is \(best.shown)"
    guard let place = ranked.firstIndex(where: { $0.matches(guess) }) else {
      return Score(points: 0, sentence: "Not among the first \(ranked.count); \(top).")
    }
    let own = ranked[place]
    guard place > 0 else { return Score(points: 1, sentence: "That is the first: \(best.shown).") }
    let points = own.share.flatMap { share in best.share.map { $0 > 0 ? share / $0 : 0 } } ?? 1 / Double(place + 1)
    return Score(
      points: min(1, max(0, points)), sentence: "Number \(place + 1) of \(ranked.count): \(own.shown); \(top).")
  }

  /// One of the things that a guess may name.
  private struct Candidate {
    private let names: [String]
    let share: Double?
    let shown: String

    init(_ value: Value, place: Int) {
      let numbers = ["layer", "head"].compactMap {
        value[$0]?.asNumber.flatMap { Int(exactly: $0.rounded()) }.map { String($0) }
      }
      let name = ["token_str", "word", "label", "token", "text", "sequence"].lazy
        .compactMap { key -> String? in if case .string(let text)? = value[key] { text } else { nil } }.first
      share = ["probability", "score", "weight"].lazy.compactMap { value[$0]?.asNumber }.first ?? value.asNumber
      if !numbers.isEmpty {
        names = [numbers.joined(separator: ".")] + numbers.suffix(1)
      } else if case .string(let text) = value {
        names = [text]
      } else {
        names = [name ?? String(place)]
      }
      let part = numbers.isEmpty ? "“\(Prediction.bare(names[0]))”" : "head \(names[0])"
      let own = value.asNumber != nil ? "number \(place)" : part
      shown = own + (share.map { ", \(Prediction.percent($0))" } ?? "")
    }

    func matches(_ guess: String) -> Bool {
      let wanted = Prediction.bare(guess)
      if names.contains(where: { Prediction.bare($0) == wanted }) { return true }
      let digits = guess.split { !$0.isNumber }.map(String.init).joined(separator: ".")
      return !digits.isEmpty && names.contains(digits)
    }
  }

  private static func percent(_ share: Double) -> String {
    (0...1).contains(share) ? "\(Value(wholeIfPossible: (share * 1000).rounded() / 10).json)%" : "\(share)"
  }

  /// A piece without the marks that say where it stands, and in small letters.
  private static func bare(_ text: String) -> String {
    var text = text.lowercased().trimmingCharacters(in: .whitespaces)
    if text.hasPrefix("##"), text.count > 2 { text.removeFirst(2) }
    return text.trimmingCharacters(in: CharacterSet(charactersIn: "▁ġ\"“”'"))
  }

  // MARK: Split

  private static func split(_ guess: String, _ value: Value) -> Score? {
    guard case .array(let elements) = value else { return nil }
    let pieces = elements.compactMap { element -> String? in
      if element["special"] == .bool(true) { return nil }
      if case .string(let text) = element { return text }
      if case .string(let text)? = element["token"] { return text }
      return nil
    }.filter { !($0.hasPrefix("[") && $0.hasSuffix("]") && $0.count > 2) }
    guard !pieces.isEmpty else { return nil }
    let own = guess.split { $0.isWhitespace || $0 == "|" || $0 == "/" || $0 == "·" || $0 == "," }.map(String.init)
    let (right, given) = (cuts(pieces), cuts(own))
    let shown = pieces.joined(separator: " ")
    guard right.text == given.text else {
      return Score(points: 0, sentence: "Your pieces do not make the same text; it is cut as \(shown).")
    }
    if right.ends == given.ends { return Score(points: 1, sentence: "Every cut is right: \(shown).") }
    let hits = right.ends.intersection(given.ends).count
    let points = 2 * Double(hits) / Double(max(1, right.ends.count + given.ends.count))
    return Score(
      points: points,
      sentence: "\(hits) of \(right.ends.count) cuts found, \(given.ends.count - hits) too many; it is cut as \(shown)."
    )
  }

  /// The text without marks, and where it is cut inside.
  private static func cuts(_ pieces: [String]) -> (text: String, ends: Set<Int>) {
    var text = ""
    var ends: Set<Int> = []
    for piece in pieces {
      if !text.isEmpty { ends.insert(text.count) }
      text += bare(piece)
    }
    return (text, ends)
  }

  // MARK: Number

  private static func number(_ guess: String, _ value: Value) -> Score? {
    guard let right = value.asNumber else { return nil }
    guard let own = QuizAnswer.decimal(guess) else {
      return Score(points: 0, sentence: "A number was asked for; it is \(Value(wholeIfPossible: right).json).")
    }
    let shown = Value(wholeIfPossible: right).json
    guard own != right else { return Score(points: 1, sentence: "Exactly: \(shown).") }
    let off = abs(own - right) / max(abs(right), abs(own))
    return Score(points: max(0, 1 - off), sentence: "It is \(shown); you were off by \(percent(min(1, off))).")
  }
}

extension Value {
  var asNumber: Double? {
    switch self {
    case .integer(let whole): Double(whole)
    case .number(let number): number
    default: nil
    }
  }
}
