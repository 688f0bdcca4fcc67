import Foundation

/// The program that ships, which stands beside the tests, run as a script runs it.
package struct Program {
  package struct Missing: Error, CustomStringConvertible {
    let path: String
    package var description: String { "\(path) is missing; `swift build` with this configuration makes it." }
  }

  package struct Ended {
    package let output: String
    package let errors: String
    package let status: Int32
  }

  private let url: URL
  private let environment: [String: String]

  /// - Parameter environment: all that the program sees
  package init(environment: [String: String]) throws {
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    url = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("attune")
    guard FileManager.default.isExecutableFile(atPath: url.path) else { throw Missing(path: url.path) }
    self.environment = environment
  }

  /// Runs it to its end, with pipes for a terminal.
  package func run(_ arguments: [String], input: String = "") throws -> Ended {
    try run(url, arguments, input)
  }

  /// Runs a line of `sh` in which `attune` means this program.
  package func run(shell line: String) throws -> Ended {
    try run(URL(fileURLWithPath: "/bin/sh"), ["-c", "attune() { '\(url.path)' \"$@\"; }; \(line)"], "")
  }

  /// Runs it, and sends Ctrl-C's signal once it has written this text.
  package func run(_ arguments: [String], interruptedAfter text: String) throws -> Ended {
    try run(url, arguments, "", interruptedAfter: text)
  }

  private func run(
    _ url: URL, _ arguments: [String], _ input: String, interruptedAfter text: String? = nil
  ) throws -> Ended {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.environment = environment
    let pipes = [Pipe(), Pipe(), Pipe()]
    (process.standardInput, process.standardOutput, process.standardError) = (pipes[0], pipes[1], pipes[2])
    try process.run()
    try pipes[0].fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try pipes[0].fileHandleForWriting.close()
    var output = Data()
    if let text {
      while !String(decoding: output, as: UTF8.self).contains(text) {
        let more = pipes[1].fileHandleForReading.availableData
        if more.isEmpty { break }
        output += more
      }
      process.interrupt()
    }
    output += try pipes[1].fileHandleForReading.readToEnd() ?? Data()
    let errors = try pipes[2].fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Ended(
      output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self),
      status: process.terminationStatus)
  }
}
