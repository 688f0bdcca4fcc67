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
}
