import Foundation
import Notebook

/// Keys of a lesson's quizzes in a file of their own, `answers: FILE` in the front matter: learners get the lesson alone,
/// and their answers are judged by `grade` where the file is.
///
/// YAML: an id, then its key, or `{ key: …, wrong: { a: … } }`.
package struct AnswerKeys: Sendable {
  struct Entry: Sendable {
    var key: String
    var feedback: [String: [String]]
    var place: Lesson.Place
  }

  /// As messages name it.
  let file: String
  private(set) var entries: [String: Entry] = [:]

  /// - Parameter file: as the lesson names it, from the lesson's folder
  /// - Returns: nil where there is no such file
  static func beside(_ lesson: String, named file: String) throws(LessonError) -> AnswerKeys? {
    let folder = lesson.contains("/") ? lesson[...(lesson.lastIndex(of: "/") ?? lesson.startIndex)] : ""
    let path = file.hasPrefix("/") ? file : folder + file
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try AnswerKeys(file: path)
  }

  package init(file: String) throws(LessonError) {
    self.file = file
    let text = try LessonSource.text(of: file, asked: nil)
    let reader = FrontMatterReader(file: file, linesAbove: 0)
    for entry in try reader.entries(try reader.compose(text), line: 1) {
      guard case .mapping = entry.node else {
        entries[entry.key] = Entry(key: try reader.key(entry), feedback: [:], place: .init(file, entry.line))
        continue
      }
      var key: String?
      var feedback: [String: [String]] = [:]
      for part in try reader.entries(entry.node, line: entry.line) {
        switch part.key {
        case "key": key = try reader.key(part)
        case "wrong":
          for wrong in try reader.entries(part.node, line: part.line) {
            if case .sequence = wrong.node {
              feedback[wrong.key.lowercased()] = try reader.texts(wrong)
            } else {
              feedback[wrong.key.lowercased()] = [try reader.text(wrong)]
            }
          }
        default: throw reader.problem(part, .unknownKey(part.key, known: ["key", "wrong"]))
        }
      }
      guard let key else { throw reader.problem(entry, .missingKey("\(entry.key).key")) }
      entries[entry.key] = Entry(key: key, feedback: feedback, place: .init(file, entry.line))
    }
  }
}

extension FrontMatterReader {
  /// A key: one value, or a list of letters.
  fileprivate func key(_ entry: Entry) throws(LessonError) -> String {
    if case .sequence = entry.node { return try texts(entry).joined(separator: ", ") }
    return try text(entry)
  }
}
