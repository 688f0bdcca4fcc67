import Foundation
import Notebook

/// Lines from standard input with nobody there: no prompts, all run, the gravest failure decides.
struct Script {
  let session: Session

  func run() -> ExitStatus {
    var statements = Statements()
    var statuses: [ExitStatus] = [.passed]
    func execute(_ statement: String) {
      Signals.commandBegins()
      if let cell = session.execute(statement) { statuses.append(cell.status) }
      // Ctrl-C that came too late for the command is meant for those that follow.
      if Interrupt.isRequested { statuses.append(.interrupted) }
    }
    var lines = InputLines(descriptor: STDIN_FILENO)
    while !session.isFinished, !isStopped(statuses) {
      guard let line = lines.next() else { break }
      if let statement = statements.add(line) { execute(statement) }
    }
    if lines.wasInterrupted { statuses.append(.interrupted) }
    if !session.isFinished, !isStopped(statuses), let rest = statements.finish() { execute(rest) }
    return ExitStatus.gravestFirst.first(where: statuses.contains) ?? .passed
  }

  /// After Ctrl-C, or when nobody reads the output any more.
  private func isStopped(_ statuses: [ExitStatus]) -> Bool {
    statuses.last == .interrupted || (session.screen as? TerminalScreen)?.failure != nil
  }
}

/// A descriptor's lines, until its end or Ctrl-C.
struct InputLines {
  let descriptor: Int32
  private(set) var wasInterrupted = false
  private var pending: [UInt8] = []
  private var isAtEnd = false

  init(descriptor: Int32) { self.descriptor = descriptor }

  mutating func next() -> String? {
    while true {
      if let newline = pending.firstIndex(of: 10) {
        defer { pending.removeSubrange(...newline) }
        return String(decoding: pending[..<newline], as: UTF8.self).trimmingSuffix("\r")
      }
      guard !isAtEnd else {
        defer { pending = [] }
        return pending.isEmpty ? nil : String(decoding: pending, as: UTF8.self)
      }
      fill()
      if wasInterrupted { return nil }
    }
  }

  private mutating func fill() {
    switch Signals.wait(for: descriptor) {
    case .event(.interrupt): wasInterrupted = true
    case .event: return
    case .failed: isAtEnd = true
    case .readable:
      var bytes = [UInt8](repeating: 0, count: 65_536)
      let count = read(descriptor, &bytes, bytes.count)
      if count > 0 { pending += bytes[..<count] } else if count == 0 || errno != EINTR { isAtEnd = true }
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
