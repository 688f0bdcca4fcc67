import Checkpoints

/// What can be wrong with a lesson, with what is asked of it, or with the place it is kept in; facts only.
package enum LessonError: Error, Equatable, Sendable {
  package typealias Place = Lesson.Place

  /// What a lesson's place in the file holds that it must not; `Problem` says what.
  case malformed(Place, Problem)
  /// Two or more such places, in the order of the file.
  case flawed([Flaw])
  case missing(file: String)
  case unreadable(file: String)
  case noLesson(named: String, nearest: String?)
  case noLessons
  case lessonFolder(file: String)
  case noParameter(name: String, file: String, known: [String])
  case parameterForm(String)
  case parameterRefused(name: String, value: String, LessonParameter.Refusal)
  case unknownStart(id: String, file: String, known: [String])
  case outputKind(file: String, known: [String])
  case outputOfSeveral(count: Int)
  case cannotWrite(FileError)
  /// A file is not what it was when the lesson was read.
  case changedMeanwhile(file: String)
  case noRecording(file: String)
  case malformedRecording(file: String, line: Int)
  case staleRecording(Place, recording: String)
  case notRecorded(Place, recording: String)
  case timeLimit(seconds: Double)
  case noLessonOpen
  case noPlace(String, known: [String])
  case nothingToAnswer
  case noChoice(String, letters: [String])
  case noNumber(String)
  case nothingToUndo
  case newerProgress(file: String)

  /// A line of a lesson and what is wrong with it.
  package struct Flaw: Equatable, Sendable {
    package let place: Place
    package let problem: Problem
  }

  /// What is wrong on a line of a lesson.
  package enum Problem: Equatable, Sendable {
    case noFrontMatter
    case openFrontMatter
    case yaml(String)
    case tangledFrontMatter
    case frontMatterNotMap
    case unknownKey(String, known: [String])
    case missingKey(String)
    case wrongType(key: String, expected: String)
    case newerFormat(Int)
    case badID(String)
    case reservedID(String)
    case duplicateID(String, first: Int)
    case parameterDefault(name: String, LessonParameter.Refusal)
    case notText
    case tooLarge(bytes: Int)
    case openFence
    case openComment
    case openDetails
    case strayClosing
    case textBesideDirective
    case unknownDirective(String, known: [String])
    case directiveWantsText(String)
    case directiveTakesNoText(String)
    case directiveInDetails(String)
    case badTime(String)
    case unknownAttribute(String, known: [String])
    case attributeValue(name: String, expected: String)
    case duplicateAttribute(String)
    case openAttributes
    case textAfterAttributes(String)
    case autoAndManual
    case emptyCell
    case openQuote
    case trailingBackslash
    case expectWithoutCell
    case secondExpect
    case unknownModel(String, known: [String])
    case checkWithoutCell
    case check(Check.Problem, column: Int)
    case unknownReference(String, known: [String])
    case unknownVariable(String, known: [String])
    case outsideQuiz(String)
    case quizWithoutKey(String)
    case quizWithoutChoices(String)
    case choiceOrder(found: String, expected: String)
    case keyIsNoChoice(String, letters: [String])
    case secondKey
    case wrongIsNoChoice(String, letters: [String])
    case wrongIsKey(String)
    case wrongWithoutLetter
    case wrongWithoutCheck
    case badTolerance(String)
    case noKeyApart(String, file: String)
    case predictionWithoutScore(String)
    case predictionWithoutReveal(String)
    case scoreWithoutPrediction
    case secondScore
    case badScore(known: [String])
    case exerciseWithoutCheck(String)
    case solutionWithoutCell(String)
    case unknownSummary(String)
    case hintOrder(found: Int, expected: Int)
    case secondSolution
    case helpOutside
    case includeMissing(String)
    case includeOutside(String)
    case includeCycle(String)
    case includeTooDeep(String)
    case tooManyLines(Int)
    case frontMatterInside
    case badRegularExpression(String)
  }
}

extension LessonError {
  /// The places it is about; none where it is no matter of a place.
  package var flaws: [Flaw] {
    switch self {
    case .malformed(let place, let problem): [Flaw(place: place, problem: problem)]
    case .flawed(let flaws): flaws
    default: []
    }
  }

  /// nil: there is nothing wrong.
  init?(_ flaws: [Flaw]) {
    guard let first = flaws.first else { return nil }
    self = flaws.count == 1 ? .malformed(first.place, first.problem) : .flawed(flaws)
  }
}
