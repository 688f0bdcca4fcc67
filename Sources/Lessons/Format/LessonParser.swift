import Foundation
import Notebook

extension Lesson {
  /// Reads a lesson file and what it includes.
  package init(file: String) throws(LessonError) { try self.init(source: try LessonSource(file: file), file: file) }

  /// Reads a lesson from a text that stands for the file.
  package init(text: String, file: String) throws(LessonError) {
    try self.init(source: try LessonSource(text: text, file: file), file: file)
  }

  /// Reads a lesson file whose keys are elsewhere than it says.
  package init(file: String, keys: AnswerKeys) throws(LessonError) {
    try self.init(source: try LessonSource(file: file), file: file, keys: keys)
  }

  private init(source: LessonSource, file: String, keys: AnswerKeys? = nil) throws(LessonError) {
    var parser = LessonParser(source: source)
    parser.keys = keys
    if let answers = source.header.answers, keys == nil { parser.keys = try AnswerKeys.beside(file, named: answers) }
    try parser.read()
    self.init(
      file: file, header: source.header, frontMatter: source.frontMatter, lines: source.lines, items: parser.items)
  }
}

/// Goes over the lines once. A quiz or an exercise stays open until something comes that cannot belong to it.
struct LessonParser {
  let header: LessonHeader
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
  /// Ids of cells so far: what a check may speak about.
  var cellIDs: [String] = []

  init(source: LessonSource) {
    header = source.header
    lines = source.lines
  }

  mutating func read() throws(LessonError) {
    while index < lines.count {
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
        try readText(line)
        index += 1
      }
    }
    try close()
  }

  static func starts(_ line: String, with mark: String) -> Bool {
    line.drop { $0 == " " || $0 == "\t" }.lowercased().hasPrefix(mark)
  }

  /// Takes `id` for a thing at a place.
  mutating func claim(_ id: String, _ place: Lesson.Place) throws(LessonError) {
    guard isIdentifier(id) else { throw .malformed(place, .badID(id)) }
    guard !Check.reserved.contains(id) else { throw .malformed(place, .reservedID(id)) }
    if let first = ids[id] { throw .malformed(place, .duplicateID(id, first: first)) }
    ids[id] = place.line
  }

  mutating func flushProse() {
    let trimmed = LessonParser.trimmed(prose)
    prose = []
    if !trimmed.isEmpty { items.append(.prose(trimmed)) }
  }

  /// Ends the quiz or exercise that is open, and the prose.
  mutating func close() throws(LessonError) {
    flushProse()
    if let quiz { items.append(.quiz(try finished(quiz))) }
    if let exercise {
      if let prediction = exercise.prediction {
        try validate(prediction, exercise)
      } else if isPredicting {
        throw .malformed(exercise.place, .predictionWithoutScore(exercise.id))
      }
      guard !exercise.checks.isEmpty || exercise.prediction != nil else {
        throw .malformed(exercise.place, .exerciseWithoutCheck(exercise.id))
      }
      items.append(.exercise(exercise))
    }
    (quiz, exercise, isPredicting) = (nil, nil, false)
  }

  private func validate(_ prediction: Prediction, _ exercise: Exercise) throws(LessonError) {
    guard !exercise.help.solutionCells.isEmpty else {
      throw .malformed(exercise.place, .predictionWithoutReveal(exercise.id))
    }
    for reference in prediction.expression.references.sorted() where !cellIDs.contains(reference) {
      throw .malformed(prediction.place, .unknownReference(reference, known: cellIDs))
    }
  }

  /// The quiz with its key understood, from the lesson or from the file of answers.
  private func finished(_ open: Quiz) throws(LessonError) -> Quiz {
    var quiz = open
    let letters = quiz.choices.map(\.letter)
    if letters.count == 1 { throw .malformed(quiz.place, .quizWithoutChoices(quiz.id)) }
    guard quiz.key.isEmpty else { return quiz }
    guard header.answers != nil || keys != nil else { throw .malformed(quiz.place, .quizWithoutKey(quiz.id)) }
    guard let keys else { return quiz }
    guard let entry = keys.entries[quiz.id] else {
      throw .malformed(quiz.place, .noKeyApart(quiz.id, file: keys.file))
    }
    quiz.key = entry.key
    quiz.answer = try LessonParser.answer(entry.key, letters, entry.place)
    quiz.feedback.merge(entry.feedback) { own, _ in own }
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

  // MARK: Text

  private mutating func readText(_ line: Lesson.SourceLine) throws(LessonError) {
    if LessonParser.outsideCode(line.text).contains("<!--") { throw .malformed(line.place, .textBesideDirective) }
    let isBlank = line.text.allSatisfy(\.isWhitespace)
    if let heading = LessonParser.heading(line.text) {
      try close()
      items.append(.heading(level: heading.level, text: heading.text, line))
    } else if quiz != nil {
      try readQuizText(line, isBlank)
    } else if exercise != nil {
      let isOver =
        exercise?.checks.isEmpty == false || exercise?.help.isEmpty == false || exercise?.prediction != nil
      if isOver, !isBlank {
        try close()
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
      guard choice.letter == expected, open.choices.count < 26 else {
        throw .malformed(line.place, .choiceOrder(found: choice.letter, expected: expected))
      }
      open.choices.append(choice)
    } else if let last = open.choices.indices.last, !isBlank {
      guard line.text.hasPrefix("  "), open.key.isEmpty, open.help.isEmpty else {
        try close()
        prose.append(line)
        return
      }
      open.choices[last].text += " " + line.text.trimmingCharacters(in: .whitespaces)
    } else if open.choices.isEmpty, open.key.isEmpty, open.feedback.isEmpty, open.help.isEmpty {
      open.prose.append(line)
    } else if !isBlank {
      try close()
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
