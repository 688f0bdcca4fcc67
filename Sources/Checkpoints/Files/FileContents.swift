import Foundation

/// Reads whole files with errors that name them.
package enum FileContents {
  package static func read(_ url: URL) throws(FileError) -> Data {
    let (descriptor, code) = systemCall { open(url.path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { throw .reading(url.path, code) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .reading(url.path, errno) }
    guard status.st_mode & S_IFMT != S_IFDIR else { throw .notAFile(path: url.path) }
    do {
      return try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).readToEnd() ?? Data()
    } catch {
      throw .cannotRead(path: url.path, code: EIO)
    }
  }
}
