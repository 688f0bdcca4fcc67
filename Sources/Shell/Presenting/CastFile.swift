import Foundation
import Notebook

/// What a terminal was shown, with its times, as asciinema's player reads it (asciicast v2: a header, then one JSON array
/// a line). It grows as FILE.part, which plays too, and gets its name when it is whole.
final class CastFile {
  private let path: String
  private let start = ContinuousClock.now
  private let descriptor: Int32
  /// The system's error number of the first write that failed; nothing is written after it.
  private(set) var failure: Int32?

  private var part: String { path + ".part" }

  /// - Throws: status 74 when the file cannot be made
  init(_ path: String, width: Int, height: Int, title: String, environment: [String: String]) throws(Failure) {
    self.path = path
    descriptor = open(path + ".part", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw CastFile.cannotWrite(path, errno) }
    let kept = ["SHELL", "TERM"].compactMap { name in environment[name].map { (name, Value.string($0)) } }
    let header = Value.object([
      ("version", .integer(2)), ("width", .integer(width)), ("height", .integer(height)),
      ("timestamp", .integer(Int(Date().timeIntervalSince1970))), ("title", .string(title)), ("env", .object(kept)),
    ])
    write(header.json + "\n")
  }

  deinit { close(descriptor) }

  /// `o` is what the terminal was sent, `r` its new size.
  func add(_ kind: String, _ text: String) {
    guard !text.isEmpty else { return }
    let time = ((ContinuousClock.now - start).seconds * 1e6).rounded() / 1e6
    write(Value.array([.number(time), .string(kind), .string(text)]).json + "\n")
  }

  /// Gives the file its name.
  func finish() throws(Failure) {
    if failure == nil, fsync(descriptor) != 0 { failure = errno }
    if failure == nil, rename(part, path) != 0 { failure = errno }
    if let failure { throw CastFile.cannotWrite(path, failure) }
  }

  private func write(_ text: String) {
    guard failure == nil else { return }
    if case .failure(let error) = Output.put(text, to: descriptor) { failure = error.number }
  }

  private static func cannotWrite(_ path: String, _ number: Int32) -> Failure {
    Failure("The recording \(path) cannot be written: \(String(cString: strerror(number))).", .cannotWrite)
  }
}
