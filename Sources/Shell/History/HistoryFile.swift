import Foundation

/// The lines of all sessions, oldest first, each one once. Several sessions may write it at the same time.
///
/// One entry a line; a backslash is `\\`, a newline inside an entry `\n`. Readable only by its owner.
package struct HistoryFile: Sendable {
  package static let limit = 10_000
  package let file: URL
  private let limit: Int

  package init(_ file: URL, limit: Int = HistoryFile.limit) {
    self.file = file
    self.limit = limit
  }

  /// What is there now; nothing if there is no file or it cannot be read.
  package func entries() -> [String] {
    guard let data = try? Data(contentsOf: file) else { return [] }
    return HistoryFile.entries(in: data)
  }

  /// Adds a line as the newest and removes its earlier copy. Other sessions wait meanwhile.
  ///
  /// Throws `HistoryFile.Failure` when the folder or file cannot be written.
  package func add(_ entry: String) throws(Failure) {
    guard !entry.allSatisfy(\.isWhitespace) else { return }
    try locked { descriptor throws(Failure) in
      let known = entries()
      let merged = HistoryFile.merged(known, adding: entry, limit: limit)
      if merged.count == known.count + 1 {
        try write(HistoryFile.line(entry), to: descriptor)
      } else {
        try replace(with: merged)
      }
    }
  }

  package enum Failure: Error, Equatable {
    /// The path and the system's error number.
    case cannotWrite(String, Int32)
  }

  package static func merged(_ known: [String], adding entry: String, limit: Int) -> [String] {
    var seen: Set<String> = []
    let newestFirst = ([entry] + known.reversed()).filter { seen.insert($0).inserted }
    return newestFirst.prefix(limit).reversed()
  }

  static func line(_ entry: String) -> String {
    entry.replacing("\\", with: "\\\\").replacing("\n", with: "\\n") + "\n"
  }

  static func entries(in data: Data) -> [String] {
    String(decoding: data, as: UTF8.self).split(separator: "\n").map { line in
      guard line.contains("\\") else { return String(line) }
      var entry = ""
      var isEscaped = false
      for character in line {
        if isEscaped {
          entry.append(character == "n" ? "\n" : character)
          isEscaped = false
        } else if character == "\\" {
          isEscaped = true
        } else {
          entry.append(character)
        }
      }
      return entry
    }
  }

  // MARK: Writing

  /// Runs `body` while no other session writes; `descriptor` appends.
  private func locked(_ body: (Int32) throws(Failure) -> Void) throws(Failure) {
    let folder = file.deletingLastPathComponent()
    try? FileManager.default.createDirectory(
      at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    while true {
      let descriptor = open(file.path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw failure }
      defer { close(descriptor) }
      while flock(descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw failure } }
      guard isStillThere(descriptor) else { continue }
      return try body(descriptor)
    }
  }

  /// Another session may have put a new file in place while this one waited.
  private func isStillThere(_ descriptor: Int32) -> Bool {
    var (opened, named) = (stat(), stat())
    return fstat(descriptor, &opened) == 0 && stat(file.path, &named) == 0 && opened.st_ino == named.st_ino
  }

  private func replace(with entries: [String]) throws(Failure) {
    let fresh = file.path + ".\(getpid())"
    let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure }
    defer { close(descriptor) }
    do throws(Failure) {
      try write(entries.map(HistoryFile.line).joined(), to: descriptor)
    } catch {
      unlink(fresh)
      throw error
    }
    guard rename(fresh, file.path) == 0 else { throw failure }
  }

  private func write(_ text: String, to descriptor: Int32) throws(Failure) {
    guard case .failure(let error) = Output.put(text, to: descriptor) else { return }
    throw .cannotWrite(file.path, error.number)
  }

  private var failure: Failure { .cannotWrite(file.path, errno) }
}
