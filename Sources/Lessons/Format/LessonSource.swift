import Foundation

/// The lines of a lesson with its included files in their place.
struct LessonSource {
  static let largestFile = 4_000_000
  static let mostLines = 50_000
  static let deepestInclude = 16

  private(set) var header = LessonHeader()
  private(set) var frontMatter: [String] = []
  private(set) var lines: [Lesson.SourceLine] = []
  /// What is wrong with the front matter.
  private(set) var headerFlaws: [LessonError.Flaw] = []
  /// What is wrong with the includes.
  private(set) var flaws: [LessonError.Flaw] = []
  private let root: String

  init(file: String) throws(LessonError) {
    try self.init(text: try LessonSource.text(of: file, asked: nil), file: file)
  }

  init(text: String, file: String) throws(LessonError) {
    root = URL(fileURLWithPath: file).resolvingSymlinksInPath().deletingLastPathComponent().path
    let all = LessonSource.split(text)
    headerFlaws = header.read(lines: all, file: file)
    // Of a format to come, everything below would seem wrong.
    if let newer = headerFlaws.first(where: { if case .newerFormat = $0.problem { true } else { false } }) {
      headerFlaws = [newer]
      return
    }
    frontMatter = Array(all[..<header.lineCount])
    let body = all.enumerated().dropFirst(header.lineCount).map {
      Lesson.SourceLine(text: $1, place: .init(file, $0 + 1))
    }
    try add(Array(body), trail: [URL(fileURLWithPath: file).resolvingSymlinksInPath().path])
  }

  /// Lines end at LF or CRLF; a byte order mark is dropped.
  static func split(_ text: String) -> [String] {
    var scalars = text.unicodeScalars[...]
    if scalars.first == "\u{FEFF}" { scalars = scalars.dropFirst() }
    var lines = scalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      String(line.last == "\r" ? line.dropLast() : line)
    }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  /// Lets included files in, except where an include stands inside a fence.
  private mutating func add(_ body: [Lesson.SourceLine], trail: [String]) throws(LessonError) {
    var fence: Fence?
    for line in body {
      if let open = fence {
        if open.isClosed(by: line.text) { fence = nil }
      } else if let open = Fence(line.text) {
        fence = open
      } else if let path = LessonSource.included(line.text) {
        do throws(LessonError) {
          try include(path, at: line.place, trail: trail)
        } catch {
          guard !error.flaws.isEmpty else { throw error }
          flaws += error.flaws
        }
        continue
      }
      lines.append(line)
      if lines.count > LessonSource.mostLines { throw .malformed(line.place, .tooManyLines(LessonSource.mostLines)) }
    }
  }

  private mutating func include(_ path: String, at place: Lesson.Place, trail: [String]) throws(LessonError) {
    let folder = URL(fileURLWithPath: place.file).deletingLastPathComponent()
    let target = folder.appendingPathComponent(path)
    let real = target.resolvingSymlinksInPath().standardizedFileURL.path
    guard !path.hasPrefix("/"), !path.hasPrefix("~"), real.hasPrefix(root == "/" ? "/" : root + "/") else {
      throw .malformed(place, .includeOutside(path))
    }
    guard !trail.contains(real) else { throw .malformed(place, .includeCycle(path)) }
    guard trail.count < LessonSource.deepestInclude else { throw .malformed(place, .includeTooDeep(path)) }
    let name = LessonSource.joined(place.file, path)
    let text = try LessonSource.text(of: name, asked: (place, path))
    let body = LessonSource.split(text).enumerated().map { Lesson.SourceLine(text: $1, place: .init(name, $0 + 1)) }
    if let first = body.first, LessonHeader.isRuler(first.text) {
      throw .malformed(first.place, .frontMatterInside)
    }
    try add(body, trail: trail + [real])
  }

  /// The path in an `include:` directive that has a line to itself.
  private static func included(_ line: String) -> String? {
    let text = line.trimmingCharacters(in: .whitespaces)
    guard text.hasPrefix("<!--"), text.hasSuffix("-->") else { return nil }
    let inner = text.dropFirst(4).dropLast(3).trimmingCharacters(in: .whitespaces)
    guard inner.hasPrefix("include:") else { return nil }
    let path = inner.dropFirst(8).trimmingCharacters(in: .whitespaces)
    return path.isEmpty ? nil : path
  }

  /// The included path as messages name it: beside the including file, as that is named.
  private static func joined(_ file: String, _ path: String) -> String {
    file.contains("/") ? file[...(file.lastIndex(of: "/") ?? file.startIndex)] + path : path
  }

  static func text(
    of file: String, asked: (place: Lesson.Place, path: String)?
  ) throws(LessonError) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) else {
      if let asked { throw .malformed(asked.place, .includeMissing(asked.path)) }
      throw .missing(file: file)
    }
    if isFolder.boolValue { throw .lessonFolder(file: file) }
    let size = (try? FileManager.default.attributesOfItem(atPath: file)[.size]) as? Int ?? 0
    guard size <= largestFile else { throw .malformed(.init(file, 1), .tooLarge(bytes: size)) }
    guard let data = FileManager.default.contents(atPath: file) else { throw .unreadable(file: file) }
    guard let text = String(data: data, encoding: .utf8), !text.unicodeScalars.contains("\0") else {
      throw .malformed(.init(file, LessonSource.firstBadLine(data)), .notText)
    }
    return text
  }

  private static func firstBadLine(_ data: Data) -> Int {
    for (index, line) in data.split(separator: 10, omittingEmptySubsequences: false).enumerated()
    where line.contains(0) || String(data: Data(line), encoding: .utf8) == nil {
      return index + 1
    }
    return 1
  }
}

/// The opening line of a code fence, after CommonMark: three or more backticks or tildes, at most three spaces before.
struct Fence: Equatable {
  let mark: Character
  let length: Int
  let info: String

  init?(_ line: String) {
    let indent = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(indent)
    guard indent <= 3, let mark = rest.first, mark == "`" || mark == "~" else { return nil }
    let length = rest.prefix { $0 == mark }.count
    let info = rest.dropFirst(length)
    guard length >= 3, mark == "~" || !info.contains("`") else { return nil }
    self.mark = mark
    self.length = length
    self.info = info.trimmingCharacters(in: .whitespaces)
  }

  func isClosed(by line: String) -> Bool {
    let indent = line.prefix { $0 == " " }.count
    let rest = line.dropFirst(indent)
    let count = rest.prefix { $0 == mark }.count
    return indent <= 3 && count >= length && rest.dropFirst(count).allSatisfy(\.isWhitespace)
  }

  var language: String { String(info.prefix { !$0.isWhitespace && $0 != "{" }) }

  /// What follows the language.
  var rest: String { info.dropFirst(language.count).trimmingCharacters(in: .whitespaces) }
}
