import ArgumentParser
import Drawing
import Foundation
import Notebook

/// `grade`: a class's logs as one table.
package struct GradeCommand: Command {
  package static let configuration = CommandConfiguration(
    commandName: "grade", abstract: "Tabulate what learners handed in: their logs of attempts.",
    discussion:
      """
      A learner's log is attempts.jsonl in ATTUNE_HOME, of a named learner in learners/NAME there. Quizzes are judged \
      again by the lessons here, or by --lesson and --answers; what was done in exercises and predictions is taken from the \
      log, which nobody has signed. A folder stands for all .jsonl files in it. `> grades.json` keeps all of it.
      """)
  package static let group = CommandGroup.lessons
  package static let example = "grade samples/class"

  @Argument(help: ArgumentHelp("Logs, or folders of logs.", valueName: "file")) package var files: [String]
  @Option(help: ArgumentHelp("Only this lesson, item by item: its number, id or file.", valueName: "lesson"))
  package var lesson: String?
  @Option(help: ArgumentHelp("Keys of the lesson's quizzes, where they are kept elsewhere.", valueName: "file"))
  package var answers: String?
  @OptionGroup package var common: CommonOptions
  package init() {}

  package mutating func validate() throws {
    if answers != nil, lesson == nil {
      throw ValidationError("--answers belongs to one lesson; name it with --lesson.")
    }
  }

  package struct Answer: CommandAnswer {
    struct Item: Encodable {
      let lesson: String
      let item: String
      /// Learners that solved it, and that tried.
      let solved: Int
      let tried: Int
    }

    struct Learner: Encodable {
      let learner: String
      let solved: Int
      let tried: Int
      let attempts: Int
      let hints: Int
      let shown: Int
      let unjudged: Int
      /// Points, one a question or exercise at most.
      let points: Double
      let last: String?
      /// In the order of `items`; nil: not tried.
      let marks: [GradeBook.Mark?]
    }

    let learners: [Learner]
    let items: [Item]
    let faults: [AttemptFile.Fault]
    /// Whether the table shows item by item.
    let isDetailed: Bool

    package var status: ExitStatus { faults.isEmpty ? .passed : .malformed }

    enum CodingKeys: CodingKey { case learners, items, faults }
  }

  package func answer(in session: Session) throws -> Answer {
    let lessons = try lessons(in: session)
    var book = GradeBook(lessons)
    var faults: [AttemptFile.Fault] = []
    let only = lesson == nil ? nil : lessons.first?.header.id
    for (file, shown) in try logs(in: session) {
      try Interrupt.check()
      let log = try AttemptFile(file, shown: shown)
      faults += log.faults
      let name = file.deletingPathExtension().lastPathComponent
      for attempt in log.attempts where only == nil || attempt.lesson == only { book.add(attempt, from: name) }
    }
    faults.forEach { session.screen.notice($0.sentence) }
    return Answer(book, faults, isDetailed: only != nil)
  }

  private func lessons(in session: Session) throws -> [Lesson] {
    let shelf = LessonShelf(session.resources)
    guard let lesson else { return shelf.entries.compactMap { try? Lesson(file: $0.file) } }
    let file = try shelf.file(named: lesson)
    guard let answers else { return [try Lesson(file: file)] }
    return [try Lesson(file: file, keys: try AnswerKeys(file: answers))]
  }

  private func logs(in session: Session) throws -> [(URL, String)] {
    try files.flatMap { name -> [(URL, String)] in
      let place = URL(fileURLWithPath: (name as NSString).expandingTildeInPath)
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder) else {
        throw Failure("There is no log \(sanitized(name)); check the path.", .fileMissing)
      }
      guard isFolder.boolValue else { return [(place, name)] }
      let inside = (try? FileManager.default.subpathsOfDirectory(atPath: place.path)) ?? []
      let logs = inside.filter { $0.hasSuffix(".jsonl") }.sorted()
      guard !logs.isEmpty else { throw Failure("There is no .jsonl file in \(sanitized(name)).", .fileMissing) }
      return logs.map { (place.appendingPathComponent($0), (name as NSString).appendingPathComponent($0)) }
    }
  }
}

extension GradeCommand.Answer {
  init(_ book: GradeBook, _ faults: [AttemptFile.Fault], isDetailed: Bool) {
    let tried = book.keys.filter { key in isDetailed || book.marks.values.contains { $0[key] != nil } }
    learners = book.marks.keys.sorted().map { name in
      let marks = tried.map { book.marks[name]?[$0] }
      let given = marks.compactMap(\.self)
      return Learner(
        learner: name, solved: given.count { $0.solved && !$0.shown }, tried: given.count { $0.attempts > 0 },
        attempts: given.reduce(0) { $0 + $1.attempts }, hints: given.reduce(0) { $0 + $1.hints },
        shown: given.count { $0.shown }, unjudged: given.count { $0.unjudged > 0 && !$0.solved },
        points: given.reduce(0) { $0 + $1.points }, last: book.last[name], marks: marks)
    }
    items = tried.map { key in
      let all = book.marks.values.compactMap { $0[key] }
      return Item(
        lesson: key.lesson, item: key.item, solved: all.count { $0.solved && !$0.shown },
        tried: all.count { $0.attempts > 0 })
    }
    self.faults = faults
    self.isDetailed = isDetailed
  }

  package var drawing: Drawing? {
    guard !learners.isEmpty else { return .plain("No attempts in these files.") }
    let head =
      "\(learners.count) \(learners.count == 1 ? "learner" : "learners"), \(items.count) questions and exercises"
    return .stack([.table(isDetailed ? byItem : byLearner), .blank, .words(.init(head + ".", .faint))] + hardest)
  }

  private var byLearner: Drawing.Table {
    .init(
      columns: [
        "learner", .number("points"), .number("solved"), .number("tried"), .number("attempts"), .number("hints"),
        .number("shown"), "last",
      ],
      rows: learners.map { row in
        [
          .init(row.learner, .strong), .init(number(row.points, digits: 1)), .init("\(row.solved)"),
          .init("\(row.tried)"), .init("\(row.attempts)"), .init("\(row.hints)"),
          .init(row.shown == 0 ? "-" : "\(row.shown)", row.shown == 0 ? .faint : .plain),
          .init(row.last.map { String($0.prefix(10)) } ?? "", .faint),
        ]
      })
  }

  private var byItem: Drawing.Table {
    .init(
      title: "Attempts until solved; - not tried, x not solved, s solution shown, ? not judged",
      columns: ["learner", .number("points")] + items.map { .init($0.item, .right, wraps: false) },
      rows: learners.map { row in
        [.init(row.learner, .strong), .init(number(row.points, digits: 1))] + row.marks.map(Self.cell)
      } + [
        [.init("solved by", .faint), ""] + items.map { .init("\($0.solved)/\(learners.count)", .faint) }
      ])
  }

  private static func cell(_ mark: GradeBook.Mark?) -> Drawing.Span {
    guard let mark else { return .init("-", .faint) }
    if mark.shown { return .init("s", .bad) }
    if let score = mark.score { return .init(number(score, digits: 2), .good) }
    if mark.solved { return .init("\(mark.attempts)", .good) }
    return mark.unjudged > 0 ? .init("?") : .init("x", .bad)
  }

  /// What most of those who tried it did not solve.
  private var hardest: [Drawing] {
    let hard = items.filter { $0.tried > 1 && $0.solved * 2 < $0.tried }.sorted { a, b in
      Double(a.solved) / Double(a.tried) < Double(b.solved) / Double(b.tried)
    }
    return hard.prefix(3).map {
      .words(.init("Hard: \($0.item) of \($0.lesson), solved by \($0.solved) of the \($0.tried) who tried.", .faint))
    }
  }
}
