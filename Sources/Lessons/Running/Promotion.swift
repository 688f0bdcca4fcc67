import Notebook

/// Rewrites the expectations that failed, and nothing else.
package struct Promotion: Sendable {
  package struct Change: Sendable {
    package let place: Lesson.Place
    /// The lines that stand at the place now, fences included.
    let old: [String]
    package let new: [String]
  }

  package let changes: [Change]
  /// What no new expectation would cure.
  package let failures: [LessonFailure]

  /// - Parameter report: of a run of the lesson that kept going
  package init(_ report: LessonReport) {
    let lesson = report.lesson
    changes = report.outcomes.compactMap { outcome in
      guard let expectation = outcome.cell.expectation, !outcome.isSkipped,
        outcome.failures.contains(where: { $0.place == expectation.place })
      else { return nil }
      let old = lesson.lines[expectation.range].map(\.text)
      let body = expectation.promoted(to: outcome.output)
      return Change(place: expectation.place, old: old, new: Promotion.fenced(body, like: old))
    }
    let cured = Set(changes.map(\.place.description))
    failures = report.failures.filter { !cured.contains($0.place.description) }
  }

  /// The lines between the fences they had, made longer where the lines hold a fence themselves.
  static func fenced(_ body: [String], like old: [String]) -> [String] {
    guard let opening = old.first, let closing = old.last, let fence = Fence(opening) else { return body }
    let longest = body.map { line in line.drop { $0 == " " }.prefix { $0 == fence.mark }.count }.max() ?? 0
    guard longest >= fence.length else { return [opening] + body + [closing] }
    let mark = String(repeating: fence.mark, count: longest + 1)
    return [mark + "expect"] + body + [mark]
  }

  /// Writes the changes into the lesson and what it includes, each file whole or not at all.
  package func write() throws(LessonError) {
    for file in Set(changes.map(\.place.file)).sorted() {
      var lines = try LessonText(file: file)
      for change in changes.filter({ $0.place.file == file }).sorted(by: { $0.place.line > $1.place.line }) {
        try lines.replace(change)
      }
      try LessonFiles.write(lines.text, to: file)
    }
  }
}

/// A file's lines with the ends that they have.
private struct LessonText {
  private let file: String
  private var lines: [String]
  private let ending: String
  private let endsWithBreak: Bool

  init(file: String) throws(LessonError) {
    let text = try LessonSource.text(of: file, asked: nil)
    self.file = file
    ending = text.contains("\r\n") ? "\r\n" : "\n"
    endsWithBreak = text.hasSuffix("\n") || text.hasSuffix("\r\n")
    lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.last == "\r" ? line.dropLast() : line)
    }
    if endsWithBreak { lines.removeLast() }
  }

  /// Replaces lines that still are what they were when the lesson was read.
  mutating func replace(_ change: Promotion.Change) throws(LessonError) {
    let start = change.place.line - 1
    let end = start + change.old.count
    guard start >= 0, end <= lines.count, Array(lines[start..<end]) == change.old else {
      throw .changedMeanwhile(file: file)
    }
    lines.replaceSubrange(start..<end, with: change.new)
  }

  var text: String { lines.joined(separator: ending) + (endsWithBreak ? ending : "") }
}
