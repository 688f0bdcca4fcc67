import Foundation
import Notebook

extension Lesson {
  /// Reads a lesson file and what it includes.
  package init(file: String) throws(LessonError) { self = try LessonReading(file: file).sound }

  /// Reads a lesson from a text that stands for the file.
  package init(text: String, file: String) throws(LessonError) {
    self = try LessonReading(source: try LessonSource(text: text, file: file), file: file).sound
  }

  /// Reads a lesson file whose keys are elsewhere than it says.
  package init(file: String, keys: AnswerKeys) throws(LessonError) {
    self = try LessonReading(source: try LessonSource(file: file), file: file, keys: keys).sound
  }
}

/// A lesson as far as it could be read, and everything that is wrong with it: an author wants to see it all at once.
package struct LessonReading: Sendable {
  /// What could be read.
  package let lesson: Lesson
  /// What is wrong, file by file, in the order of the lines.
  package let flaws: [LessonError.Flaw]
  /// Whether the cells know what to run with: the front matter has no flaw.
  package let canRun: Bool

  package init(file: String) throws(LessonError) { self.init(source: try LessonSource(file: file), file: file) }

  init(source: LessonSource, file: String, keys: AnswerKeys? = nil) {
    var parser = LessonParser(source: source)
    parser.keys = keys
    if let answers = source.header.answers, keys == nil {
      parser.noting { (parser) throws(LessonError) in parser.keys = try AnswerKeys.beside(file, named: answers) }
    }
    parser.read()
    lesson = Lesson(
      file: file, header: source.header, frontMatter: source.frontMatter, lines: source.lines, items: parser.items)
    canRun = source.headerFlaws.isEmpty
    var byFile: [(file: String, flaws: [LessonError.Flaw])] = [(file, [])]
    for flaw in source.headerFlaws + source.flaws + parser.flaws {
      if let index = byFile.firstIndex(where: { $0.file == flaw.place.file }) {
        byFile[index].flaws.append(flaw)
      } else {
        byFile.append((flaw.place.file, [flaw]))
      }
    }
    flaws = byFile.flatMap { $0.flaws.sorted { $0.place.line < $1.place.line } }
  }

  /// The lesson, if nothing is wrong with it.
  package var sound: Lesson {
    get throws(LessonError) {
      if let error = LessonError(flaws) { throw error }
      return lesson
    }
  }
}

/// Goes over the lines once. A quiz or an exercise stays open until something comes that cannot belong to it. What is
/// wrong is noted, and the next line that can begin something is read as if nothing had been.
struct LessonParser {
  static let mostFlaws = 100

  let header: LessonHeader
  /// Whether all parameters are known that the lesson has.
  let knowsParameters: Bool
  let lines: [Lesson.SourceLine]
  var index = 0
  var items: [Lesson.Item] = []
  var prose: [Lesson.SourceLine] = []
  var quiz: Quiz?
  var exercise: Exercise?
  /// Keys that are kept apart, where their file is here.
  var keys: AnswerKeys?
  /// The line of each id that was given.
  var ids: [String: Int] = [:]
  /// The exercise that is open asks for a guess.
  var isPredicting = false
  /// Its score was not understood, which is noted.
  var hasFlawedScore = false
  /// Ids of cells so far: what a check may speak about.
  var cellIDs: [String] = []
  private(set) var flaws: [LessonError.Flaw] = []

  init(source: LessonSource) {
    header = source.header
    knowsParameters = source.headerFlaws.isEmpty
    lines = source.lines
  }

  mutating func read() {
    while index < lines.count, flaws.count < LessonParser.mostFlaws {
      let start = index
      noting { (parser) throws(LessonError) in
        try parser.readItem()
      } onError: { parser, error in
        parser.goOn(after: start, error)
      }
    }
    close()
  }

  private mutating func readItem() throws(LessonError) {
    let line = lines[index]
    if let fence = Fence(line.text) {
      try readFence(fence)
    } else if LessonParser.starts(line.text, with: "<!--") {
      try readDirective()
    } else if LessonParser.starts(line.text, with: "<details") {
      try readDetails()
    } else if LessonParser.starts(line.text, with: "</details") {
      throw .malformed(line.place, .strayClosing)
    } else {
      index += 1
      try readText(line)
    }
  }

  // MARK: What is wrong

  /// Lines that are read again, since what they stood in has no end, are told of once.
  private mutating func note(_ flaw: LessonError.Flaw) {
    if !flaws.contains(flaw) { flaws.append(flaw) }
  }

  mutating func note(_ problem: LessonError.Problem, _ place: Lesson.Place) {
    note(.init(place: place, problem: problem))
  }

  /// Does something whose errors are noted.
  mutating func noting(
    _ body: (inout LessonParser) throws(LessonError) -> Void,
    onError: (inout LessonParser, LessonError) -> Void = { _, _ in }
  ) {
    do throws(LessonError) {
      try body(&self)
    } catch {
      error.flaws.forEach { note($0) }
      onError(&self, error)
    }
  }

  /// Moves behind what could not be read from `start` on; of what has no end, only the first line is given up, and a
  /// bare fence below it that was meant for its end.
  private mutating func goOn(after start: Int, _ error: LessonError) {
    switch error.flaws.first?.problem {
    case .openFence: index = bareFence(after: start).map { $0 + 1 } ?? start + 1
    case .openComment, .openDetails: index = start + 1
    default:
      index = max(index, start + 1)
      if LessonParser.starts(lines[start].text, with: "<details") { skipDetails(from: start) }
    }
  }

  private func bareFence(after start: Int) -> Int? {
    lines.indices[(start + 1)...].first { Fence(lines[$0].text)?.info.isEmpty == true }
  }

  /// To behind `</details>`, unless something else begins before it.
  private mutating func skipDetails(from start: Int) {
    for end in start..<lines.count {
      let text = lines[end].text
      if text.contains("</details>") { return index = max(index, end + 1) }
      if end > start, LessonParser.starts(text, with: "<details") || LessonParser.heading(text) != nil { return }
    }
  }

  static func starts(_ line: String, with mark: String) -> Bool {
    line.drop { $0 == " " || $0 == "\t" }.lowercased().hasPrefix(mark)
  }

  /// Takes `id` for a thing at a place.
  mutating func claim(_ id: String, _ place: Lesson.Place) {
    if !isIdentifier(id) {
      note(.badID(id), place)
    } else if Check.reserved.contains(id) {
      note(.reservedID(id), place)
    } else if let first = ids[id], first != place.line {
      note(.duplicateID(id, first: first), place)
    } else {
      ids[id] = place.line
    }
  }

  mutating func flushProse() {
    let trimmed = LessonParser.trimmed(prose)
    prose = []
    if !trimmed.isEmpty { items.append(.prose(trimmed)) }
  }

  /// Ends the quiz or exercise that is open, and the prose.
  mutating func close() {
    flushProse()
    if let quiz { items.append(.quiz(finished(quiz))) }
    if let exercise {
      if isPredicting {
        validate(exercise)
      } else if exercise.checks.isEmpty, !hasFlawedCheck(exercise) {
        note(.exerciseWithoutCheck(exercise.id), exercise.place)
      }
      items.append(.exercise(exercise))
    }
    (quiz, exercise, isPredicting, hasFlawedScore) = (nil, nil, false, false)
  }

  /// Of one that asks for a guess.
  private mutating func validate(_ exercise: Exercise) {
    guard let prediction = exercise.prediction else {
      if !hasFlawedScore { note(.predictionWithoutScore(exercise.id), exercise.place) }
      return
    }
    guard !exercise.help.solutionCells.isEmpty else {
      return note(.predictionWithoutReveal(exercise.id), exercise.place)
    }
    for reference in prediction.expression.references.sorted() where !cellIDs.contains(reference) {
      note(.unknownReference(reference, known: cellIDs), prediction.place)
    }
  }

  /// The quiz with its key understood, from the lesson or from the file of answers.
  private mutating func finished(_ open: Quiz) -> Quiz {
    var quiz = open
    let letters = quiz.choices.map(\.letter)
    if letters.count == 1 {
      note(.quizWithoutChoices(quiz.id), quiz.place)
    } else if quiz.key.isEmpty, header.answers == nil, keys == nil {
      note(.quizWithoutKey(quiz.id), quiz.place)
    } else if quiz.key.isEmpty, let keys {
      guard let entry = keys.entries[quiz.id] else {
        note(.noKeyApart(quiz.id, file: keys.file), quiz.place)
        return quiz
      }
      quiz.key = entry.key
      quiz.feedback.merge(entry.feedback) { own, _ in own }
      noting { (_) throws(LessonError) in quiz.answer = try LessonParser.answer(entry.key, letters, entry.place) }
    }
    return quiz
  }

  static func answer(_ text: String, _ letters: [String], _ place: Lesson.Place) throws(LessonError) -> QuizAnswer {
    do throws(QuizAnswer.Problem) {
      return try QuizAnswer(text, letters: letters)
    } catch {
      switch error {
      case .empty: throw .malformed(place, .directiveWantsText("key"))
      case .noChoice(let name): throw .malformed(place, .keyIsNoChoice(name, letters: letters))
      case .badTolerance(let text): throw .malformed(place, .badTolerance(text))
      }
    }
  }

  /// Whether it has a check after all, one that was not understood.
  private func hasFlawedCheck(_ exercise: Exercise) -> Bool {
    flaws.contains { flaw in
      guard flaw.place.file == exercise.place.file, flaw.place.line > exercise.place.line else { return false }
      switch flaw.problem {
      case .check, .unknownReference, .unknownVariable: return true
      default: return false
      }
    }
  }

  // MARK: Text

  private mutating func readText(_ line: Lesson.SourceLine) throws(LessonError) {
    if LessonParser.outsideCode(line.text).contains("<!--") { throw .malformed(line.place, .textBesideDirective) }
    let isBlank = line.text.allSatisfy(\.isWhitespace)
    if let heading = LessonParser.heading(line.text) {
      close()
      items.append(.heading(level: heading.level, text: heading.text, line))
    } else if quiz != nil {
      try readQuizText(line, isBlank)
    } else if exercise != nil {
      let isOver =
        exercise?.checks.isEmpty == false || exercise?.help.isEmpty == false || exercise?.prediction != nil
      if isOver, !isBlank {
        close()
        prose.append(line)
      } else {
        exercise?.prose.append(line)
      }
    } else {
      prose.append(line)
    }
  }

  private mutating func readQuizText(_ line: Lesson.SourceLine, _ isBlank: Bool) throws(LessonError) {
    guard var open = quiz else { return }
    if let choice = LessonParser.choice(line) {
      let expected = String(UnicodeScalar(UInt8(ascii: "a") + UInt8(min(open.choices.count, 25))))
      if choice.letter != expected || open.choices.count >= 26 {
        note(.choiceOrder(found: choice.letter, expected: expected), line.place)
      }
      open.choices.append(choice)
    } else if let last = open.choices.indices.last, !isBlank {
      guard line.text.hasPrefix("  "), open.key.isEmpty, open.help.isEmpty else {
        close()
        prose.append(line)
        return
      }
      open.choices[last].text += " " + line.text.trimmingCharacters(in: .whitespaces)
    } else if open.choices.isEmpty, open.key.isEmpty, open.feedback.isEmpty, open.help.isEmpty {
      open.prose.append(line)
    } else if !isBlank {
      close()
      prose.append(line)
      return
    }
    quiz = open
  }

  /// `- a) text`.
  private static func choice(_ line: Lesson.SourceLine) -> Quiz.Choice? {
    let text = line.text.trimmingCharacters(in: .whitespaces)
    guard text.count >= 4, text.hasPrefix("- ") || text.hasPrefix("* ") else { return nil }
    let rest = text.dropFirst(2).drop { $0 == " " }
    guard let letter = rest.first, letter.isASCII, letter.isLetter, rest.dropFirst().first == ")" else { return nil }
    let words = rest.dropFirst(2).trimmingCharacters(in: .whitespaces)
    return Quiz.Choice(letter: letter.lowercased(), text: words, place: line.place)
  }

  /// `## text`, after CommonMark.
  static func heading(_ line: String) -> (level: Int, text: String)? {
    let level = line.prefix { $0 == "#" }.count
    let rest = line.dropFirst(level)
    guard (1...6).contains(level), rest.isEmpty || rest.first == " " || rest.first == "\t" else { return nil }
    var text = rest.trimmingCharacters(in: .whitespaces)
    while text.hasSuffix("#") { text.removeLast() }
    return (level, text.trimmingCharacters(in: .whitespaces))
  }

  /// The text with its code spans blanked.
  static func outsideCode(_ text: String) -> String {
    guard text.contains("`") else { return text }
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    return parts.enumerated().map { $0 % 2 == 0 || $0 == parts.count - 1 ? String($1) : "" }.joined()
  }
}

extension Help {
  var isEmpty: Bool { hints.isEmpty && solution == nil }
}
