import Foundation

/// What a folder holds on this disk. Symbolic links are counted as nothing and never followed.
package enum FileTree {
  /// The regular files under `url`, in bytes; 0 where there is nothing.
  package static func bytes(_ url: URL) -> Int {
    var total = size(url.path)
    guard let places = FileManager.default.enumerator(atPath: url.path), !isLink(url) else { return total }
    while let place = places.nextObject() as? String {
      total += size(url.path + "/" + place)
    }
    return total
  }

  /// Takes a file or folder away, first from its place and then from the disk; a link is taken away, not its
  /// target.
  static func remove(_ url: URL) throws(FileError) {
    let aside = Staging.place(beside: url)
    guard rename(url.path, aside.path) == 0 else {
      if errno == ENOENT { return }
      throw .cannotWrite(path: url.path, code: errno)
    }
    do {
      try FileManager.default.removeItem(at: aside)
    } catch {
      throw .cannotWrite(path: url.path, code: errno)
    }
  }

  static func isLink(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// Bytes that may still be written on the disk that holds `url`; nil when it cannot be asked.
  static func freeBytes(_ url: URL) -> Int? {
    var status = statvfs()
    guard statvfs(url.path, &status) == 0 else { return nil }
    return Int(status.f_bavail) * Int(status.f_frsize)
  }

  private static func size(_ path: String) -> Int {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
    return Int(status.st_size)
  }
}
