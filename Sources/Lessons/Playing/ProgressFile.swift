import Checkpoints
import Foundation
import Notebook

/// The file that keeps progress. Each change is read, made and written under a lock, so that two sessions add up.
package struct ProgressFile: Sendable {
  package let url: URL

  package init(_ url: URL) { self.url = url }

  package enum Notice: Equatable, Sendable {
    /// The file was no progress and now has this name.
    case setAside(String)
  }

  /// What is saved; nothing at all counts as none.
  /// - Throws: `LessonError` when the file is newer than this program
  package func read() throws(LessonError) -> (progress: Progress, notice: Notice?) {
    guard let data = FileManager.default.contents(atPath: url.path) else { return (Progress(), nil) }
    if let version = try? JSONDecoder().decode(Version.self, from: data), version.version > Progress.version {
      throw .newerProgress(file: url.path)
    }
    if let progress = try? JSONDecoder().decode(Progress.self, from: data), progress.isSound { return (progress, nil) }
    return (Progress(), setAside())
  }

  /// Makes one change to what is saved now.
  package func update(_ change: (inout Progress) -> Void) throws(LessonError) -> Notice? {
    do throws(FileError) {
      try AtomicFolder.makeFolder(url.deletingLastPathComponent())
    } catch {
      throw .cannotWrite(error)
    }
    let lock = open(url.path + ".lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
    defer { if lock >= 0 { close(lock) } }
    var patience = 200
    while lock >= 0, flock(lock, LOCK_EX | LOCK_NB) != 0, patience > 0 {
      usleep(10_000)
      patience -= 1
    }
    var (progress, notice) = try read()
    change(&progress)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let data = try? encoder.encode(progress) else { return notice }
    try LessonFiles.write(String(decoding: data, as: UTF8.self) + "\n", to: url.path)
    return notice
  }

  private struct Version: Decodable { var version: Int }

  private func setAside() -> Notice? {
    for number in 1...99 {
      let target = url.path + ".broken-\(number)"
      guard !FileManager.default.fileExists(atPath: target) else { continue }
      return rename(url.path, target) == 0 ? .setAside(target) : nil
    }
    return nil
  }
}
