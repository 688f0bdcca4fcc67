import Drawing
import Foundation
import Notebook

/// A log that was handed in, read line by line; a line that is none is a fault and not the end.
struct AttemptFile {
  struct Fault: Sendable, Equatable, Encodable {
    let file: String
    let line: Int
    let what: String

    var sentence: String { "\(sanitized(file)):\(line): \(what)" }
  }

  private(set) var attempts: [Attempt] = []
  private(set) var faults: [Fault] = []

  /// A larger one is no log of a person.
  private static let largest = 64_000_000

  init(_ file: URL, shown: String) throws {
    guard let data = FileManager.default.contents(atPath: file.path) else {
      throw Failure("\(sanitized(shown)) cannot be read; check its permissions.", .fileMissing)
    }
    guard data.count <= AttemptFile.largest else {
      throw Failure(
        "\(sanitized(shown)) has \(bytes(data.count)), which is more than a log of attempts has.", .malformed)
    }
    let decoder = JSONDecoder()
    for (index, line) in data.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
      let line = line.last == 13 ? line.dropLast() : line
      guard !line.allSatisfy({ $0 == 32 || $0 == 9 }) else { continue }
      func fault(_ what: String) { faults.append(Fault(file: shown, line: index + 1, what: what)) }
      do {
        let attempt = try decoder.decode(Attempt.self, from: Data(line))
        if attempt.version > Attempt.version {
          fault("this line comes from a newer attune; update this one to grade it.")
        } else {
          attempts.append(attempt)
        }
      } catch {
        fault(AttemptFile.sentence(error))
      }
    }
  }

  private static func sentence(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "this line cannot be read." }
    switch error {
    case .keyNotFound(let key, _): return "this attempt has no `\(key.stringValue)`."
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      guard let key = context.codingPath.last?.stringValue else { return "this line is no attempt." }
      return "`\(sanitized(key))` of this attempt is of the wrong type."
    case .dataCorrupted(let context):
      guard let key = context.codingPath.last?.stringValue else { return "this line is no JSON." }
      return "`\(sanitized(key))` of this attempt has no value that is known."
    @unknown default: return "this line cannot be read."
    }
  }
}
