import Foundation

/// A program on a terminal of its own: types keys and waits for text, never for time.
final class PseudoTerminal {
  private let master: Int32
  private let process: pid_t
  private var output: [UInt8] = []
  private var read = 0

  struct Timeout: Error, CustomStringConvertible {
    let wanted: String
    let seen: String
    var description: String { "waited for \(wanted.debugDescription); the terminal shows:\n\(seen)" }
  }

  struct Unavailable: Error {
    let step: String
    let number: Int32
  }

  /// Starts `path` with a terminal as its own.
  init(
    _ path: String, _ arguments: [String], environment: [String: String], columns: UInt16 = 80, rows: UInt16 = 24
  ) throws {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    var (master, terminal): (Int32, Int32) = (-1, -1)
    guard openpty(&master, &terminal, nil, nil, &size) == 0 else {
      throw Unavailable(step: "openpty", number: errno)
    }
    defer { close(terminal) }
    var name = [CChar](repeating: 0, count: 128)
    let found = ttyname_r(terminal, &name, name.count)  // `ttyname` shares its answer between threads.
    guard found == 0 else {
      close(master)
      throw Unavailable(step: "ttyname", number: found)
    }
    for end in [master, terminal] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    self.master = master
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    posix_spawn_file_actions_adddup2(&actions, 0, 1)
    posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var defaults = sigset_t()
    sigfillset(&defaults)
    posix_spawnattr_setsigdefault(&attributes, &defaults)
    let flags = Int32(POSIX_SPAWN_SETSIGDEF) | 0x80  // 0x80: POSIX_SPAWN_SETSID
    posix_spawnattr_setflags(&attributes, Int16(flags))
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    var variables: [UnsafeMutablePointer<CChar>?] =
      environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in words + variables { free(text) } }
    var started: pid_t = 0
    let status = posix_spawn(&started, path, &actions, &attributes, &words, &variables)
    guard status == 0 else {
      close(master)
      throw Unavailable(step: "spawn", number: status)
    }
    process = started
  }

  deinit {
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    close(master)
  }

  func type(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { write(master, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }

  /// Reads until `wanted` came after what earlier calls found, escapes left out. Gives what is between.
  @discardableResult
  func expect(_ wanted: String, within seconds: Double = 30) throws -> String {
    let deadline = Date().addingTimeInterval(seconds)
    while true {
      let shown = text
      let rest = String(shown.dropFirst(read))
      if let range = rest.range(of: wanted) {
        read += rest.distance(from: rest.startIndex, to: range.upperBound)
        return String(rest[..<range.lowerBound])
      }
      guard deadline.timeIntervalSinceNow > 0, fill(deadline) else {
        throw Timeout(wanted: wanted, seen: shown)
      }
    }
  }

  /// Reads until the window, as it stands after all bytes so far, is as wanted. Gives its rows.
  @discardableResult
  func screen(
    within seconds: Double = 30, _ what: String = "a screen", _ isWanted: ([String]) -> Bool
  ) throws -> [String] {
    let deadline = Date().addingTimeInterval(seconds)
    while true {
      let rows = ScreenGrid(raw).rows
      if isWanted(rows) { return rows }
      guard deadline.timeIntervalSinceNow > 0, fill(deadline) else {
        throw Timeout(wanted: what, seen: rows.filter { !$0.isEmpty }.joined(separator: "\n"))
      }
    }
  }

  /// Reads until the window shows all these texts.
  @discardableResult
  func screen(shows texts: String...) throws -> [String] {
    try screen(texts.joined(separator: ", ")) { rows in texts.allSatisfy { text in rows.contains { $0.contains(text) } }
    }
  }

  /// Waits until the program ended; its exit status, or 128 and the signal.
  func wait() throws -> Int32 {
    let deadline = Date().addingTimeInterval(30)
    while fill(deadline) {}
    if deadline.timeIntervalSinceNow <= 0 { throw Timeout(wanted: "its end", seen: text) }
    var status: Int32 = 0
    guard waitpid(process, &status, 0) == process else { throw Unavailable(step: "wait", number: errno) }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
  }

  /// Changes the window, which the program is told.
  func resize(columns: UInt16, rows: UInt16 = 24) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(master, UInt(TIOCSWINSZ), &size)
  }

  func end(with signal: Int32) { kill(process, signal) }

  /// All bytes as they came.
  var raw: String { String(decoding: output, as: UTF8.self) }

  /// Whether keys are echoed and collected to lines, as an OS shell expects to find its terminal.
  var isCooked: Bool {
    var modes = termios()
    return tcgetattr(master, &modes) == 0
      && modes.c_lflag & tcflag_t(ECHO | ICANON) == tcflag_t(ECHO | ICANON)
  }

  /// Line ends are single characters, so that distances count.
  private var text: String {
    raw.replacing("\r\n", with: "\n").replacing(/\e\[[0-9;?]*[A-Za-z]/, with: "").replacing("\r", with: "")
  }

  private func fill(_ deadline: Date) -> Bool {
    var wait = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
    guard poll(&wait, 1, Int32(max(0, deadline.timeIntervalSinceNow * 1000))) > 0 else { return false }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Foundation.read(master, &bytes, bytes.count)
    guard count > 0 else { return false }
    output += bytes[..<count]
    return true
  }
}
