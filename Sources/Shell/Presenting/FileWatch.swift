import Foundation
import Lessons

/// Tells when one of a lesson's files is no longer what it was.
struct FileWatch {
  private var marks: [String: Mark]

  private struct Mark: Equatable {
    var size = -1
    var inode = 0
    var time = 0.0
  }

  init(_ lesson: Lesson) {
    let files = Set(lesson.lines.map(\.place.file) + [lesson.file])
    marks = Dictionary(uniqueKeysWithValues: files.map { ($0, FileWatch.mark($0)) })
  }

  /// Whether something changed since the last call. A file that is gone for a moment has not changed yet: editors
  /// replace it.
  mutating func hasChanged() -> Bool {
    var isChanged = false
    for (file, old) in marks {
      let now = FileWatch.mark(file)
      guard now != old, now.size >= 0 else { continue }
      marks[file] = now
      isChanged = true
    }
    return isChanged
  }

  private static func mark(_ file: String) -> Mark {
    var status = stat()
    guard stat(file, &status) == 0 else { return Mark() }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return Mark(
      size: Int(status.st_size), inode: Int(truncatingIfNeeded: status.st_ino),
      time: Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9)
  }
}
