import Foundation
import Notebook

/// The lessons of this installation, in their order.
package struct LessonShelf: Sendable {
  package struct Entry: Sendable {
    /// As messages name it.
    package let file: String
    /// 1 for the first.
    package let number: Int
    /// Of its front matter; nil when that cannot be read.
    package let header: LessonHeader?
    /// Why it cannot be read.
    package let problem: String?

    /// `02-tokens` for lessons/02-tokens.md.
    package var stem: String { URL(fileURLWithPath: file).deletingPathExtension().lastPathComponent }
    package var title: String { header?.title ?? stem }
    package var id: String { header?.id ?? stem }
  }

  package let entries: [Entry]
  private let resources: Resources

  package init(_ resources: Resources) {
    self.resources = resources
    let folder = resources.lessons
    let names = folder.flatMap { try? FileManager.default.contentsOfDirectory(atPath: $0.path) } ?? []
    let lessons = names.filter { $0.hasSuffix(".md") && $0.first?.isNumber == true }.sorted()
    entries = lessons.enumerated().compactMap { index, name in
      guard let path = folder?.appendingPathComponent(name).path else { return nil }
      return LessonShelf.entry(LessonShelf.shortened(path), index + 1)
    }
  }

  private static func entry(_ file: String, _ number: Int) -> Entry {
    do throws(LessonError) {
      let lines = LessonSource.split(try LessonSource.text(of: file, asked: nil))
      var header = LessonHeader()
      if let error = LessonError(header.read(lines: lines, file: file)) { throw error }
      return Entry(file: file, number: number, header: header, problem: nil)
    } catch {
      return Entry(file: file, number: number, header: nil, problem: error.sentence)
    }
  }

  /// A path in the working folder as one would type it.
  static func shortened(_ path: String) -> String {
    let here = FileManager.default.currentDirectoryPath + "/"
    return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
  }

  /// The file that a number, an id, a file's name with or without its number, or a path means.
  package func file(named name: String) throws(LessonError) -> String {
    if name.contains("/") || name.hasSuffix(".md") {
      if let found = resources.find(name) { return LessonShelf.shortened(found.path) }
      if let entry = entries.first(where: { $0.file.hasSuffix("/" + name) }) { return entry.file }
      throw .missing(file: name)
    }
    if let number = Int(name), let entry = entries.first(where: { $0.matches(number) }) { return entry.file }
    if let entry = entries.first(where: { $0.names.contains(name) }) { return entry.file }
    if let found = resources.find(name) { return LessonShelf.shortened(found.path) }
    // A deck beside the lessons has no number.
    if let found = resources.find("lessons/\(name).md") { return LessonShelf.shortened(found.path) }
    if entries.isEmpty { throw .noLessons }
    throw .noLesson(named: name, nearest: Nearest.match(name, among: entries.flatMap(\.names)))
  }

  package func entry(of lesson: Lesson) -> Entry? { entries.first { $0.id == lesson.header.id } }
}

extension LessonShelf.Entry {
  /// Everything it answers to.
  var names: [String] {
    let bare = stem.drop { $0.isNumber }.drop { $0 == "-" }
    return [id, stem, String(bare)]
  }

  /// Whether the number in front of its name is this one; without one, its place.
  func matches(_ number: Int) -> Bool { (Int(stem.prefix { $0.isNumber }) ?? self.number) == number }
}
