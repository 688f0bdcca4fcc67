import Foundation

/// A program that is run to its end, watched meanwhile.
enum ChildProcess {
  /// The program's place on `PATH`.
  static func find(_ program: String, in environment: [String: String]) -> String? {
    (environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":")
      .map { "\($0)/\(program)" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// The exit status, or 128 and the number of the signal that ended it. Its standard error goes to the file
  /// `errors`.
  ///
  /// `watch` is asked ten times a second; when it says false the child is told to end, and killed after two
  /// seconds.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String], errors: URL,
    watch: () -> Bool
  ) throws(FileError) -> Int {
    guard FileManager.default.createFile(atPath: errors.path, contents: nil),
      let output = try? FileHandle(forWritingTo: errors)
    else { throw .cannotWrite(path: errors.path, code: errno) }
    defer { try? output.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = output
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do {
      try process.run()
    } catch {
      throw .cannotRead(path: program, code: ENOEXEC)
    }
    while ended.wait(timeout: .now() + 0.1) == .timedOut {
      if watch() { continue }
      process.terminate()
      if ended.wait(timeout: .now() + 2) == .timedOut {
        kill(process.processIdentifier, SIGKILL)
        ended.wait()
      }
      break
    }
    let status = Int(process.terminationStatus)
    return process.terminationReason == .uncaughtSignal ? 128 + status : status
  }
}
