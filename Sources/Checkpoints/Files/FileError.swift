import Foundation

/// What went wrong with a file or folder. `code` is the system's `errno`.
package enum FileError: Error, Equatable, Sendable {
  case missing(path: String)
  /// A folder that should hold `file` does not.
  case missingFromFolder(folder: String, file: String)
  case notAFile(path: String)
  case notAFolder(path: String)
  case cannotRead(path: String, code: Int32)
  /// A full disk, missing permission, a file-size limit, a parent that is not there.
  case cannotWrite(path: String, code: Int32)
  /// A folder is not replaced, because it holds `file`, which its replacement does not.
  case holdsOtherFiles(folder: String, file: String)

  /// The case that fits a failed attempt to read `path`.
  static func reading(_ path: String, _ code: Int32) -> FileError {
    switch code {
    case ENOENT, ENOTDIR: .missing(path: path)
    case EISDIR: .notAFile(path: path)
    default: .cannotRead(path: path, code: code)
    }
  }
}

/// Runs a system call again while a signal interrupts it; the result, or the error's number.
func systemCall<Result: SignedInteger>(_ call: () -> Result) -> (result: Result, code: Int32) {
  while true {
    let result = call()
    if result >= 0 { return (result, 0) }
    if errno != EINTR { return (result, errno) }
  }
}
