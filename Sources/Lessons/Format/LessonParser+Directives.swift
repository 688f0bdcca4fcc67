import Foundation
import Notebook

extension LessonParser {
  private typealias Read = @Sendable (inout LessonParser, String, String, Lesson.Place) throws(LessonError) -> Void

  /// By name: whether a text must follow, whether it may, and what it does with the words of the name and the text.
  private struct Directive: Sendable {
    var wantsText: Bool
    var read: Read
  }

  private static let directives: [String: Directive] = [
    "pause": Directive(wantsText: false) { (parser, _, _, place) throws(LessonError) in
      parser.close()
      parser.items.append(.pause(place))
    },
    "note": Directive(wantsText: true) { (parser, _, text, place) throws(LessonError) in
      if parser.quiz == nil, parser.exercise == nil { parser.flushProse() }
      parser.items.append(.note(text, place))
    },
    "time": Directive(wantsText: true) { (parser, _, text, place) throws(LessonError) in
      guard let seconds = LessonParser.seconds(text) else { throw .malformed(place, .badTime(text)) }
      parser.close()
      parser.items.append(.time(seconds, place))
    },
    "quiz": Directive(wantsText: true) { (parser, _, text, place) throws(LessonError) in
      parser.close()
      parser.claim(text, place)
      parser.quiz = Quiz(id: text, place: place)
    },
    "exercise": Directive(wantsText: true) { (parser, _, text, place) throws(LessonError) in
      parser.close()
      parser.claim(text, place)
      parser.exercise = Exercise(id: text, place: place)
    },
    "check": Directive(wantsText: true) { (parser, models, text, place) throws(LessonError) in
      try parser.readCheck(text, models.split { $0 == "," || $0 == " " }.map(String.init), place)
    },
    "predict": Directive(wantsText: true) { (parser, _, text, place) throws(LessonError) in
      parser.close()
      parser.claim(text, place)
      parser.exercise = Exercise(id: text, place: place)
      parser.isPredicting = true
    },
    "score": Directive(wantsText: true) { (parser, _, text, place) throws(LessonError) in
      try parser.readScore(text, place)
    },
    "key": Directive(wantsText: true) { (parser, _, text, place) throws(LessonError) in
      let letters = try parser.letters("key", place)
      guard parser.quiz?.key.isEmpty == true else { throw .malformed(place, .secondKey) }
      parser.quiz?.key = letters.isEmpty ? text : text.lowercased()
      let answer = try LessonParser.answer(text, letters, place)
      for (wrong, _) in parser.quiz?.feedback ?? [:] where !wrong.isEmpty && answer.verdict(on: wrong).isRight {
        throw .malformed(place, .wrongIsKey(wrong))
      }
      parser.quiz?.answer = answer
    },
    "wrong": Directive(wantsText: true) { (parser, argument, text, place) throws(LessonError) in
      if let exercise = parser.exercise {
        guard argument.isEmpty, let last = exercise.checks.indices.last, exercise.checks[last].feedback == nil else {
          throw .malformed(place, .wrongWithoutCheck)
        }
        parser.exercise?.checks[last].feedback = text
        return
      }
      let letters = try parser.letters("wrong", place)
      let wrong = letters.isEmpty ? QuizAnswer.plain(argument) : argument.lowercased()
      if !letters.isEmpty {
        if argument.isEmpty { throw .malformed(place, .wrongWithoutLetter) }
        guard letters.contains(wrong) else { throw .malformed(place, .wrongIsNoChoice(argument, letters: letters)) }
        if case .choices(let right)? = parser.quiz?.answer, right.contains(wrong) {
          throw .malformed(place, .wrongIsKey(wrong))
        }
      } else if !wrong.isEmpty, parser.quiz?.answer?.verdict(on: wrong).isRight == true {
        throw .malformed(place, .wrongIsKey(wrong))
      }
      parser.quiz?.feedback[wrong, default: []].append(text)
    },
    "include": Directive(wantsText: true) { (_, _, text, place) throws(LessonError) in
      throw .malformed(place, .includeMissing(text))
    },
  ]

  /// Reads the comment at `index`, which may go over several lines.
  mutating func readDirective() throws(LessonError) {
    let place = lines[index].place
    var parts: [String] = []
    while true {
      guard index < lines.count, lines[index].place.file == place.file else {
        throw .malformed(place, .openComment)
      }
      let line = lines[index].text
      index += 1
      guard let end = line.range(of: "-->") else {
        parts.append(line)
        continue
      }
      guard line[end.upperBound...].allSatisfy(\.isWhitespace) else {
        throw .malformed(lines[index - 1].place, .textBesideDirective)
      }
      parts.append(String(line[..<end.lowerBound]))
      break
    }
    let whole = parts.map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: " ")
    let body = whole.dropFirst(4).trimmingCharacters(in: .whitespaces)
    let colon = body.firstIndex(of: ":")
    let head = body[..<(colon ?? body.endIndex)].split(whereSeparator: \.isWhitespace).map(String.init)
    let text = colon.map { body[body.index(after: $0)...].trimmingCharacters(in: .whitespaces) } ?? ""
    try run(head, text, hasColon: colon != nil, place)
  }

  private mutating func run(
    _ head: [String], _ text: String, hasColon: Bool, _ place: Lesson.Place
  ) throws(LessonError) {
    let name = head.first ?? ""
    let known = LessonParser.directives.keys.sorted()
    guard let directive = LessonParser.directives[name], ["wrong", "check"].contains(name) || head.count == 1 else {
      let shown = hasColon || head.count <= 2 ? head.joined(separator: " ") : name
      throw .malformed(place, .unknownDirective(shown, known: known))
    }
    if directive.wantsText, text.isEmpty { throw .malformed(place, .directiveWantsText(name)) }
    if !directive.wantsText, !text.isEmpty { throw .malformed(place, .directiveTakesNoText(name)) }
    try directive.read(&self, head.dropFirst().joined(separator: " "), text, place)
  }

  private func letters(_ name: String, _ place: Lesson.Place) throws(LessonError) -> [String] {
    guard let quiz else { throw .malformed(place, .outsideQuiz(name)) }
    return quiz.choices.map(\.letter)
  }

  /// `90`, `90s`, `3m`, `1m30s`, `1h`.
  static func seconds(_ text: String) -> Double? {
    let units: [Character: Double] = ["h": 3600, "m": 60, "s": 1]
    var rest = text.filter { !$0.isWhitespace }[...]
    var total = 0.0
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
      guard let value = Double(digits), value.isFinite else { return nil }
      rest = rest.dropFirst(digits.count)
      guard let unit = rest.popFirst() else { return total == 0 && value > 0 ? value : nil }
      guard let factor = units[unit] else { return nil }
      total += value * factor
    }
    return total > 0 && total < 1e6 ? total : nil
  }

  /// `rank next.tokens`: how, then where.
  private mutating func readScore(_ text: String, _ place: Lesson.Place) throws(LessonError) {
    guard isPredicting else { throw .malformed(place, .scoreWithoutPrediction) }
    guard exercise?.prediction == nil else { throw .malformed(place, .secondScore) }
    hasFlawedScore = true
    let parts = text.split(maxSplits: 1, whereSeparator: \.isWhitespace).map(String.init)
    guard parts.count == 2, let kind = Prediction.Kind(rawValue: parts[0]) else {
      throw .malformed(place, .badScore(known: Prediction.Kind.allCases.map(\.rawValue)))
    }
    let expression: Check
    do throws(Check.Misplaced) {
      expression = try Check(parts[1])
    } catch {
      throw .malformed(place, .check(error.problem, column: error.column))
    }
    exercise?.prediction = Prediction(kind: kind, text: text, expression: expression, place: place)
    hasFlawedScore = false
  }

  /// `check: EXPRESSION`, or `check MODEL: EXPRESSION` where it holds for some of the lesson's models.
  private mutating func readCheck(
    _ text: String, _ models: [String], _ place: Lesson.Place
  ) throws(LessonError) {
    if let name = strange(models) { throw .malformed(place, .unknownModel(name, known: header.models)) }
    let expression: Check
    do throws(Check.Misplaced) {
      expression = try Check(text)
    } catch {
      throw .malformed(place, .check(error.problem, column: error.column))
    }
    for reference in expression.references.sorted() where !cellIDs.contains(reference) {
      throw .malformed(place, .unknownReference(reference, known: cellIDs))
    }
    let known = header.parameters.map(\.name)
    if knowsParameters {
      for variable in expression.variables.sorted() where !known.contains(variable) {
        throw .malformed(place, .unknownVariable(variable, known: known))
      }
    }
    let check = LessonCheck(text: text, expression: expression, place: place, models: models)
    if exercise != nil {
      exercise?.checks.append(check)
      return
    }
    let before = items.lastIndex { if case .cell = $0 { true } else { false } }
    guard quiz == nil, let before, case .cell(var cell) = items[before], isNear(before) else {
      throw .malformed(place, .checkWithoutCell)
    }
    cell.checks.append(check)
    items[before] = .cell(cell)
  }

  /// Whether only prose and notes stand since the cell, so that a check clearly speaks of it.
  private func isNear(_ cell: Int) -> Bool {
    items[(cell + 1)...].allSatisfy { item in
      switch item {
      case .prose, .note: true
      default: false
      }
    }
  }
}
