import Checkpoints
import Foundation

/// Texts of this room on disk: whole, or as they were.
enum LessonFiles {
  static func write(_ text: String, to file: String) throws(LessonError) {
    do throws(FileError) {
      try AtomicFile.write(Data(text.utf8), to: URL(fileURLWithPath: file))
    } catch {
      throw .cannotWrite(error)
    }
  }

  /// Adds lines at the end; sessions that write at the same time do not mix theirs.
  static func append(_ data: Data, to url: URL) throws(LessonError) {
    do throws(FileError) {
      try AtomicFolder.makeFolder(url.deletingLastPathComponent())
    } catch {
      throw .cannotWrite(error)
    }
    let descriptor = open(url.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw .cannotWrite(.cannotWrite(path: url.path, code: errno)) }
    defer { close(descriptor) }
    _ = flock(descriptor, LOCK_EX)
    do {
      try FileHandle(fileDescriptor: descriptor).write(contentsOf: data)
    } catch {
      throw .cannotWrite(.cannotWrite(path: url.path, code: errno))
    }
  }
}
