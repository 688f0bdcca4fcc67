import Drawing
import Notebook

extension LessonError: Explained {
  package var sentence: String {
    switch self {
    case .malformed(let place, let problem): "\(shown(place)): \(problem.sentence)"
    case .flawed(let flaws):
      flaws.map { "\(shown($0.place)): \($0.problem.sentence)" }.joined(separator: "\n")
    case .missing(let file): "There is no lesson file \(sanitized(file)); check the path, or see `lessons`."
    case .unreadable(let file): "\(sanitized(file)) cannot be read; check its permissions."
    case .lessonFolder(let file): "\(sanitized(file)) is a folder; name one lesson file in it."
    case .noLesson(let name, let nearest):
      "There is no lesson '\(sanitized(name))'; \(hint(nearest, "`lessons` lists them."))"
    case .noLessons: "This installation has no lessons; name a lesson file, or set ATTUNE_RESOURCES to where they are."
    case .noParameter(let name, let file, let known):
      known.isEmpty
        ? "\(sanitized(file)) has no parameters, so -p \(sanitized(name)) means nothing to it."
        : "\(sanitized(file)) has no parameter '\(sanitized(name))'; it has \(list(known))."
    case .parameterForm(let text): "-p takes NAME=VALUE, not '\(sanitized(text))'."
    case .parameterRefused(let name, let value, let refusal):
      "The parameter \(sanitized(name)) is '\(sanitized(value))', but it \(refusal.sentence)."
    case .unknownStart(let id, let file, let known):
      "\(sanitized(file)) has no cell, quiz or exercise '\(sanitized(id))' to start from; "
        + (known.isEmpty ? "none has an id." : "it has \(list(known)).")
    case .outputKind(let file, let known):
      "The kind of \(sanitized(file)) is unknown; a transcript ends in \(list(known))."
    case .outputOfSeveral(let count): "-o takes the transcript of one lesson, not of \(count); run them one by one."
    case .cannotWrite(let error): error.sentence
    case .changedMeanwhile(let file):
      "\(sanitized(file)) has changed meanwhile, so it was left alone; run promote again."
    case .noRecording(let file):
      "There is no recording \(sanitized(file)); make it with `run LESSON -o \(sanitized(file))`."
    case .malformedRecording(let file, let line):
      "\(sanitized(file)):\(line): this is no line of a recording; "
        + "make it anew with `run LESSON -o \(sanitized(file))`."
    case .staleRecording(let place, let recording):
      "\(shown(place)): this cell has changed since \(sanitized(recording)) was made; make it anew with `run`."
    case .notRecorded(let place, let recording):
      "\(shown(place)): this cell is not in \(sanitized(recording)); make it anew with `run`."
    case .timeLimit(let seconds): "The time limit of \(duration(seconds: seconds)) is over; give more with --timeout."
    case .noLessonOpen: "No lesson is open; `lesson` opens one."
    case .noPlace(let name, let known):
      (name.isEmpty ? "Say where to" : "There is no '\(sanitized(name))' in this lesson")
        + "; its sections are \(list(known))."
    case .nothingToAnswer: "There is no question open right now; `next` goes on."
    case .noChoice(let text, let letters): "'\(sanitized(text))' is no choice; type \(choice(letters))."
    case .noNumber(let text): "'\(sanitized(text))' is no number; the answer is one."
    case .nothingToUndo: "There is nothing to undo in this lesson."
    case .newerProgress(let file):
      "\(sanitized(file)) comes from a newer attune; progress is not saved until this attune is updated."
    }
  }

  package var status: ExitStatus {
    switch self {
    case .malformed, .flawed, .noParameter, .parameterRefused, .malformedRecording, .newerProgress: .malformed
    case .missing, .unreadable, .noLesson, .noLessons, .lessonFolder, .noRecording: .fileMissing
    case .parameterForm, .unknownStart, .outputKind, .outputOfSeveral, .noLessonOpen, .noPlace, .nothingToAnswer,
      .noChoice, .noNumber, .nothingToUndo:
      .usage
    case .cannotWrite(let error): error.status
    case .changedMeanwhile: .cannotWrite
    case .staleRecording, .notRecorded: .stale
    case .timeLimit: .timeout
    }
  }
}

private func shown(_ place: Lesson.Place) -> String { "\(sanitized(place.file)):\(place.line)" }

/// `a, b and c`.
private func list(_ names: [String], _ word: String = "and") -> String {
  let names = names.map(sanitized)
  guard let last = names.last, names.count > 1 else { return names.first ?? "none" }
  return names.dropLast().joined(separator: ", ") + " \(word) \(last)"
}

func choice(_ letters: [String]) -> String { list(letters, "or") }

private func hint(_ nearest: String?, _ otherwise: String) -> String {
  nearest.map { "did you mean `\(sanitized($0))`?" } ?? otherwise
}

/// The word that was probably meant, else all there are.
private func hint(_ word: String, _ known: [String]) -> String {
  hint(Nearest.match(word, among: known), "there are \(known.joined(separator: ", ")).")
}

extension LessonParameter.Refusal {
  var sentence: String {
    switch self {
    case .notOfKind(.int): "must be a whole number"
    case .notOfKind(.number): "must be a number"
    case .notOfKind(.bool): "must be true or false"
    case .notOfKind(.text): "must be a text"
    case .below(let least): "must be at least \(Check.Token.number(least).spelling)"
    case .above(let most): "must be at most \(Check.Token.number(most).spelling)"
    case .noChoice(let choices): "must be \(list(choices, "or"))"
    }
  }
}

extension Check.Problem {
  var sentence: String {
    switch self {
    case .empty: "it is empty"
    case .wantsValue(let found): "a value should stand where \(sanitized(found)) stands"
    case .wantsEnd(let found): "the check should end, or go on with a comparison, where \(sanitized(found)) stands"
    case .wantsClosing(let mark, let found): "`\(mark)` should stand where \(sanitized(found)) stands"
    case .openText: "a quote is not closed"
    case .singleEquals: "write == to compare"
    case .badNumber(let text): "\(sanitized(text)) is no number that can stand here"
    case .unknownCharacter(let text): "`\(sanitized(text))` means nothing in a check"
    case .tooDeep: "it is nested too deep or too long"
    }
  }
}

extension LessonError.Problem {
  var sentence: String {
    frontMatterSentence ?? blockSentence ?? helpSentence ?? "this cannot stand here."
  }

  private var frontMatterSentence: String? {
    switch self {
    case .noFrontMatter: "a lesson begins with a line --- and its front matter; this file does not."
    case .openFrontMatter: "the front matter has no closing line ---."
    case .yaml(let what): "the front matter is no YAML: \(sanitized(what))."
    case .tangledFrontMatter: "the front matter is too long or too deep; keep it to plain keys."
    case .frontMatterNotMap: "keys with values should stand here, as in `id: tokens`."
    case .unknownKey(let key, let known):
      "unknown key '\(sanitized(key))' in the front matter; \(hint(key, known))"
    case .missingKey(let key): "the front matter has no `\(key)`."
    case .wrongType(let key, let expected): "`\(sanitized(key))` must be \(expected)."
    case .newerFormat(let version):
      "this lesson has format \(version), but this attune reads up to \(LessonHeader.version); update attune."
    case .badID(let id):
      "'\(sanitized(id))' cannot be an id or name; use letters, digits, - and _, a letter first."
    case .reservedID(let id): "'\(id)' is a word of checks and cannot be an id."
    case .duplicateID(let id, let first): "the id '\(id)' is taken since line \(first)."
    case .parameterDefault(let name, let refusal): "the default of \(sanitized(name)) \(refusal.sentence)."
    case .notText: "this line is not UTF-8 text."
    case .tooLarge(let count): "the file has \(bytes(count)); a lesson may have \(bytes(LessonSource.largestFile))."
    case .tooManyLines(let most): "the lesson has more than \(most) lines."
    case .frontMatterInside: "an included file has no front matter; remove it."
    default: nil
    }
  }

  private var blockSentence: String? {
    switch self {
    case .openFence: "this code fence is not closed."
    case .openComment: "this comment has no -->."
    case .textBesideDirective: "a directive stands on lines of its own."
    case .unknownDirective(let name, let known):
      "unknown directive '\(sanitized(name))'; \(hint(name, known))"
    case .directiveWantsText(let name): "`\(name):` needs a text after it."
    case .directiveTakesNoText(let name): "`\(name)` takes no text."
    case .directiveInDetails(let text): "no directive may stand inside details: \(sanitized(text))"
    case .badTime(let text): "'\(sanitized(text))' is no time; write 90s, 3m or 1m30s."
    case .unknownAttribute(let name, let known):
      "unknown attribute '\(sanitized(name))'; \(hint(name, known))"
    case .attributeValue(let name, let expected):
      name == "#" ? "after # stands \(expected)." : "`\(name)` takes \(expected)."
    case .duplicateAttribute(let name): "the attribute '\(sanitized(name))' stands there twice."
    case .openAttributes: "the attributes have no closing }."
    case .textAfterAttributes(let text): "'\(sanitized(text))' cannot stand here; attributes stand in {}."
    case .autoAndManual: "a cell is auto or manual, not both."
    case .emptyCell: "this cell has nothing to run."
    case .openQuote: "this line of the cell ends inside a quote."
    case .trailingBackslash: "the cell ends in a backslash."
    case .expectWithoutCell: "an expect fence stands right after its cell; there is none before this one."
    case .secondExpect: "the cell before has an expect fence already."
    case .unknownModel(let name, let known):
      "the lesson's front matter names no model '\(sanitized(name))'; "
        + (known.isEmpty ? "it names none." : "there are \(list(known)).")
    case .badRegularExpression(let text): "'\(sanitized(text))' is no regular expression."
    case .checkWithoutCell: "a check stands after its cell or in an exercise; there is neither here."
    case .check(let problem, let column): "in this check, \(problem.sentence) (character \(column))."
    case .unknownReference(let name, let known):
      "the check speaks of '\(sanitized(name))', but no cell before it has that id; "
        + (known.isEmpty ? "none has an id." : "there are \(list(known)).")
    case .unknownVariable(let name, let known):
      "the check speaks of $\(sanitized(name)), which is no parameter; "
        + (known.isEmpty ? "the lesson has none." : "there are \(list(known)).")
    case .includeMissing(let path): "there is no file \(sanitized(path)) to include."
    case .includeOutside(let path): "\(sanitized(path)) lies outside of the lesson's folder and is not included."
    case .includeCycle(let path): "including \(sanitized(path)) would never end: it includes this file."
    case .includeTooDeep(let path): "\(sanitized(path)) is included too deep."
    default: nil
    }
  }

  private var helpSentence: String? {
    switch self {
    case .openDetails: "these details have no </details>."
    case .strayClosing: "</details> closes nothing here, or text follows it on its line."
    case .outsideQuiz(let name): "`\(name):` belongs to a quiz; there is none open here."
    case .quizWithoutKey(let id): "the quiz '\(id)' has no key."
    case .quizWithoutChoices(let id): "the quiz '\(id)' needs two choices or more, as in `- a) text`."
    case .choiceOrder(let found, let expected): "choice \(found)) stands where \(expected)) is next."
    case .keyIsNoChoice(let key, let letters): "the key '\(sanitized(key))' is no choice; there are \(list(letters))."
    case .secondKey: "the quiz has a key already."
    case .wrongWithoutLetter: "`wrong` names a choice, as in `wrong a: …`."
    case .wrongWithoutCheck: "in an exercise, `wrong:` follows the check that it speaks of, once, and names nothing."
    case .wrongIsNoChoice(let letter, let letters):
      "`wrong \(sanitized(letter))` is about no choice; there are \(list(letters))."
    case .wrongIsKey(let letter): "choice \(letter) is both wrong and the key."
    case .badTolerance(let text): "'\(sanitized(text))' is no tolerance; write (~0.01) or (~5%)."
    case .noKeyApart(let id, let file): "the quiz '\(id)' has no key, neither here nor in \(sanitized(file))."
    case .predictionWithoutScore(let id): "the prediction '\(id)' has no score, as in `score: rank next.tokens`."
    case .predictionWithoutReveal(let id):
      "the prediction '\(id)' has nothing that reveals it: details named Reveal with an attune cell."
    case .scoreWithoutPrediction: "`score:` belongs to a `predict:`; there is none open here."
    case .secondScore: "the prediction has a score already."
    case .badScore(let known): "a score is \(list(known, "or")), then where, as in `score: rank next.tokens`."
    case .exerciseWithoutCheck(let id): "the exercise '\(id)' has no check."
    case .solutionWithoutCell(let id): "the solution of '\(id)' has no attune cell to run."
    case .unknownSummary(let text): "details are `Hint 1`, `Hint 2` … or `Solution`, not '\(sanitized(text))'."
    case .hintOrder(let found, let expected): "hint \(found) stands where hint \(expected) is next."
    case .secondSolution: "there is a solution already."
    case .helpOutside: "hints and solutions belong to a quiz or an exercise; none is open here."
    default: nil
    }
  }
}
