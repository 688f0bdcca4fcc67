import Foundation

/// Writes a file whole or not at all: beside its place under another name, to the disk, then renamed.
package enum AtomicFile {
  /// Replaces the file's content. Keeps the mode of a file that is there; `mode` (less the umask) is for a
  /// new one.
  package static func write(_ data: Data, to url: URL, mode: mode_t = 0o666) throws(FileError) {
    try write(to: url, mode: mode) { sink throws(FileError) in try sink.write(Array(data)) }
  }

  /// Replaces the file with what `body` writes. When it throws, or the disk is full, the old file is as it
  /// was.
  package static func write(
    to url: URL, mode: mode_t = 0o666, _ body: (borrowing FileSink) throws(FileError) -> Void
  ) throws(FileError) {
    let target = resolved(url)
    let path = target.path
    let temporary = Staging.place(beside: target).path
    let (descriptor, code) = systemCall { open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
    guard descriptor >= 0 else { throw .cannotWrite(path: path, code: code) }
    do throws(FileError) {
      defer { close(descriptor) }
      var status = stat()
      if stat(path, &status) == 0 {
        let kind = status.st_mode & S_IFMT
        guard kind == S_IFREG else { throw .cannotWrite(path: path, code: kind == S_IFDIR ? EISDIR : EINVAL) }
        fchmod(descriptor, status.st_mode & 0o7777)
      }
      try body(FileSink(descriptor: descriptor, path: path))
      guard fsync(descriptor) == 0 else { throw .cannotWrite(path: path, code: errno) }
      guard rename(temporary, path) == 0 else { throw .cannotWrite(path: path, code: errno) }
    } catch {
      unlink(temporary)
      throw error
    }
    Staging.flush(target.deletingLastPathComponent())
    Staging.sweep(beside: target)
  }

  /// Where the bytes really go: a symbolic link is written through, not replaced.
  private static func resolved(_ url: URL) -> URL {
    var status = stat()
    guard lstat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFLNK else { return url }
    return url.resolvingSymlinksInPath()
  }
}

/// An open file that takes bytes in order.
package struct FileSink: ~Copyable {
  let descriptor: Int32
  let path: String

  /// Appends the elements as they lie in memory.
  package borrowing func write<Element: BitwiseCopyable>(_ elements: [Element]) throws(FileError) {
    try elements.withUnsafeBufferPointer { elements throws(FileError) in
      try write(UnsafeRawBufferPointer(elements))
    }
  }

  /// Appends all of `bytes`, or throws `cannotWrite`.
  package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
    var rest = bytes
    let file = descriptor
    while !rest.isEmpty {
      let part = rest
      let (written, code) = systemCall { Foundation.write(file, part.baseAddress, min(part.count, 1 << 24)) }
      guard written >= 0 else { throw .cannotWrite(path: path, code: code) }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }
}

/// Names for what is not in its place yet, hidden and beside it, so that a rename brings it there.
enum Staging {
  static let suffix = ".partial"

  static func place(beside url: URL) -> URL {
    let unique = String(UInt64.random(in: 0...UInt64.max), radix: 36)
    let name = ".\(url.lastPathComponent).\(getpid())-\(unique)\(suffix)"
    return url.deletingLastPathComponent().appendingPathComponent(name)
  }

  /// Removes what processes that were killed meant for this place. Only once something whole stands there: between the
  /// two renames of an exchange, a staged folder is all that is left of the old one.
  static func sweep(beside url: URL) {
    let folder = url.deletingLastPathComponent()
    let prefix = ".\(url.lastPathComponent)."
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    for name in names where name.hasPrefix(prefix) && name.hasSuffix(suffix) {
      let parts = name.dropFirst(prefix.count).dropLast(suffix.count).split(separator: "-")
      guard parts.count == 2, let process = pid_t(parts[0]), process > 0, kill(process, 0) != 0, errno == ESRCH else {
        continue
      }
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }

  /// Brings a rename in `folder` to the disk, where the file system can.
  static func flush(_ folder: URL) {
    let descriptor = open(folder.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
