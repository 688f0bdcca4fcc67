import Foundation

/// Writes a folder whole or not at all: filled beside its place under another name, then exchanged for the
/// old one.
package enum AtomicFolder {
  /// Lets `body` fill an empty folder that then stands at `url`. When it throws, nothing has changed.
  ///
  /// An existing folder is replaced only if it holds nothing that the new one lacks (`holdsOtherFiles`), so
  /// that a mistyped place cannot delete somebody's files. Throws `FileError`, or what `body` throws.
  package static func write(to url: URL, _ body: (URL) throws -> Void) throws {
    let target = url.resolvingSymlinksInPath()
    try makeFolder(target.deletingLastPathComponent())
    let staged = Staging.place(beside: target)
    do {
      try makeFolder(staged)
      try body(staged)
      try refuseToLose(target, by: staged)
      try place(staged, at: target)
    } catch {
      try? FileManager.default.removeItem(at: staged)
      throw named(error, staged, target)
    }
  }

  /// The error with the place that the caller knows instead of the hidden one.
  private static func named(_ error: any Error, _ staged: URL, _ target: URL) -> any Error {
    guard case .cannotWrite(let path, let code)? = error as? FileError, path.hasPrefix(staged.path) else {
      return error
    }
    return FileError.cannotWrite(path: target.path + path.dropFirst(staged.path.count), code: code)
  }

  /// Finds out before a long piece of work whether its folder can be written: the place, what stands there, the space.
  /// - Parameters:
  ///   - names: the files that it will hold
  ///   - bytes: what they will take
  /// - Throws: what `write` would throw
  package static func rehearse(_ url: URL, names: [String], bytes: Int) throws(FileError) {
    let target = url.resolvingSymlinksInPath()
    let above = target.deletingLastPathComponent()
    try makeFolder(above)
    guard access(above.path, W_OK) == 0 else { throw .cannotWrite(path: target.path, code: errno) }
    var status = stat()
    if stat(target.path, &status) == 0, status.st_mode & S_IFMT != S_IFDIR {
      throw .cannotWrite(path: target.path, code: ENOTDIR)
    }
    let old = (try? FileManager.default.contentsOfDirectory(atPath: target.path)) ?? []
    if let lost = old.sorted().first(where: { !names.contains($0) }) {
      throw .holdsOtherFiles(folder: target.path, file: lost)
    }
    if let free = FileTree.freeBytes(above), free < bytes { throw .cannotWrite(path: target.path, code: ENOSPC) }
  }

  /// Makes a folder and the folders above it; quiet when it is there.
  package static func makeFolder(_ url: URL) throws(FileError) {
    if mkdir(url.path, 0o777) == 0 { return }
    let code = errno
    var status = stat()
    if stat(url.path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { throw .cannotWrite(path: url.path, code: ENOTDIR) }
      return
    }
    let above = url.deletingLastPathComponent()
    guard code == ENOENT, above.path != url.path else { throw .cannotWrite(path: url.path, code: code) }
    try makeFolder(above)
    guard mkdir(url.path, 0o777) == 0 || errno == EEXIST else {
      throw .cannotWrite(path: url.path, code: errno)
    }
  }

  /// Moves a folder to `target` on the same file system, in place of a folder that stands there already.
  static func place(_ staged: URL, at target: URL) throws(FileError) {
    Staging.flush(staged)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: target.path, isDirectory: &isFolder) {
      guard isFolder.boolValue else { throw .cannotWrite(path: target.path, code: ENOTDIR) }
      try exchange(staged, target)
      try? FileManager.default.removeItem(at: staged)
    } else if rename(staged.path, target.path) != 0 {
      throw .cannotWrite(path: target.path, code: errno)
    }
    Staging.flush(target.deletingLastPathComponent())
    Staging.sweep(beside: target)
  }

  /// Two renames; when the second fails, the first is undone.
  private static func exchange(_ staged: URL, _ target: URL) throws(FileError) {
    let aside = Staging.place(beside: target)
    guard rename(target.path, aside.path) == 0 else { throw .cannotWrite(path: target.path, code: errno) }
    guard rename(staged.path, target.path) == 0 else {
      let code = errno
      rename(aside.path, target.path)
      throw .cannotWrite(path: target.path, code: code)
    }
    rename(aside.path, staged.path)
  }

  private static func refuseToLose(_ target: URL, by staged: URL) throws(FileError) {
    let files = FileManager.default
    guard let old = try? files.contentsOfDirectory(atPath: target.path) else { return }
    let new = Set((try? files.contentsOfDirectory(atPath: staged.path)) ?? [])
    if let lost = old.sorted().first(where: { !new.contains($0) }) {
      throw .holdsOtherFiles(folder: target.path, file: lost)
    }
  }
}
