import Foundation

/// A lock between processes, held until the value is gone. The file stays: it is the lock's name, not its
/// state.
package final class FileLock {
  private let descriptor: Int32

  /// Nil while another process (or another lock in this one) holds it.
  package static func attempt(_ url: URL) throws(FileError) -> FileLock? {
    let path = url.path
    let (descriptor, code) = systemCall { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { throw .cannotWrite(path: path, code: code) }
    if systemCall({ flock(descriptor, LOCK_EX | LOCK_NB) }).result == 0 { return FileLock(descriptor) }
    close(descriptor)
    return nil
  }

  private init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }
}
