import Checkpoints
import Drawing
import Foundation

/// The lines of a file or of standard input, one at a time: only what is read and not yet asked for is in memory.
final class LineReader {
  /// What errors call it.
  let name: String
  /// Of the line that was handed out last, from 1.
  private(set) var number = 0
  private let descriptor: Int32
  private let isOwned: Bool
  private var bytes: [UInt8] = []
  private var position = 0
  private var isAtEnd = false

  /// A line that is longer is no line of text.
  private static let longestLine = 1 << 26

  /// - Parameter file: nil reads standard input
  /// - Throws: `FileError`
  init(_ file: URL?) throws {
    name = file?.path ?? "standard input"
    isOwned = file != nil
    descriptor = file.map { open($0.path, O_RDONLY | O_CLOEXEC) } ?? STDIN_FILENO
    guard descriptor >= 0 else { throw FileError.cannotRead(path: name, code: errno) }
  }

  deinit { if isOwned { close(descriptor) } }

  /// The next line without its end; nil after the last.
  /// - Parameter waits: false gives nil, too, where nobody has written a whole line yet
  /// - Throws: `Failure` for a stop that was asked for or a line that is no text, `FileError`
  func next(waits: Bool = true) throws -> String? {
    var searched = position
    while true {
      if let end = bytes[searched...].firstIndex(of: 10) {
        defer { position = end + 1 }
        return try text(bytes[position..<end])
      }
      guard !isAtEnd else {
        defer { position = bytes.count }
        return position == bytes.count ? nil : try text(bytes[position...])
      }
      guard try waits || isReady(milliseconds: 0) else { return nil }
      let old = bytes.count - position
      guard old < LineReader.longestLine else { throw fault("is longer than 64 MB, so this is no text of lines") }
      bytes.removeSubrange(..<position)
      position = 0
      searched = old
      try fill()
    }
  }

  /// - Parameter what: the end of a sentence about the line that was handed out last
  func fault(_ what: String) -> Failure {
    Failure("\(sanitized(name)):\(max(number, 1)): the line \(what).", .malformed)
  }

  private func text(_ line: ArraySlice<UInt8>) throws -> String {
    number += 1
    var line = line
    if line.last == 13 { line.removeLast() }
    if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    guard !line.contains(0) else { throw fault("holds a zero byte, so this is no text file") }
    guard let text = String(validating: line, as: UTF8.self) else {
      throw fault("is not UTF-8; save the file as UTF-8")
    }
    return text
  }

  private func isReady(milliseconds: Int32) throws -> Bool {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, milliseconds) > 0
  }

  private func fill() throws {
    while try !isReady(milliseconds: 100) { try Interrupt.check() }
    try Interrupt.check()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(descriptor, &chunk, chunk.count)
    guard count >= 0 else {
      if errno == EINTR { return }
      throw errno == EISDIR ? FileError.notAFile(path: name) : FileError.cannotRead(path: name, code: errno)
    }
    if count == 0 { isAtEnd = true }
    bytes += chunk[..<count]
  }
}
