import Foundation
import Synchronization

/// What attune changes about the terminal, and the way back, safe inside a signal handler.
enum TerminalModes {
  /// As the terminal was when attune started. Written once, before the first handler is installed.
  nonisolated(unsafe) private static var original = termios()
  private static let isTerminal = Atomic<Bool>(false)
  private static let isErrorTerminal = Atomic<Bool>(false)
  private static let hasPaste = Atomic<Bool>(false)
  private static let isDrawing = Atomic<Bool>(false)
  private static let isQuiet = Atomic<Bool>(false)
  private static let isFullScreen = Atomic<Bool>(false)
  /// As the terminal was when the whole window was taken.
  nonisolated(unsafe) private static var windowed = termios()

  private static let newline: StaticString = "\n"
  private static let stopLine: StaticString = "^C\n"
  private static let pasteOn: StaticString = "\u{1B}[?2004h"
  private static let pasteOff: StaticString = "\u{1B}[?2004l"
  private static let drawingOn: StaticString = "\u{1B}[?25l\u{1B}[?7l"
  private static let drawingOff: StaticString = "\u{1B}[?7h\u{1B}[?25h"
  private static let windowOn: StaticString = "\u{1B}[?1049h\u{1B}[?2004h\u{1B}[?25l\u{1B}[?7l"
  private static let windowOff: StaticString = "\u{1B}[0m\u{1B}[?7h\u{1B}[?25h\u{1B}[?2004l\u{1B}[?1049l"

  static func remember() {
    isErrorTerminal.store(isatty(STDERR_FILENO) == 1, ordering: .relaxed)
    guard !isTerminal.load(ordering: .relaxed), tcgetattr(STDIN_FILENO, &original) == 0 else { return }
    isTerminal.store(true, ordering: .relaxed)
  }

  /// Whether keys may be changed: this process is in the terminal's foreground.
  private static var isForeground: Bool {
    isTerminal.load(ordering: .relaxed) && tcgetpgrp(STDIN_FILENO) == getpgrp()
  }

  /// Asks the terminal to mark pasted text, so that it is told apart from typed keys.
  static func setPasteMarks(_ wanted: Bool) {
    guard hasPaste.exchange(wanted, ordering: .relaxed) != wanted else { return }
    send(wanted ? pasteOn : pasteOff, to: STDOUT_FILENO)
  }

  /// While a picture is redrawn: no cursor, no line wrap, no echo of keys.
  static func setDrawing(_ wanted: Bool) {
    guard isDrawing.exchange(wanted, ordering: .relaxed) != wanted else { return }
    send(wanted ? drawingOn : drawingOff, to: STDERR_FILENO)
    if !isQuiet.load(ordering: .relaxed) { setEcho(!wanted) }
  }

  /// While lines run one after another at a prompt: keys are not echoed where they are typed, since the next prompt shows
  /// them. Nothing that is typed is lost: the terminal keeps it, Ctrl-D as a key like any other.
  static func setQuiet(_ wanted: Bool) {
    isQuiet.store(wanted, ordering: .relaxed)
    setEcho(!wanted)
  }

  private static func setEcho(_ wanted: Bool) {
    guard isForeground else { return }
    var modes = termios()
    guard tcgetattr(STDIN_FILENO, &modes) == 0 else { return }
    let echo = tcflag_t(ECHO)
    modes.c_lflag = wanted ? modes.c_lflag | (original.c_lflag & echo) : modes.c_lflag & ~echo
    let end = isQuiet.load(ordering: .relaxed) ? noKey : key(VEOF, of: &original)
    setKey(VEOF, to: end, of: &modes)
    tcsetattr(STDIN_FILENO, TCSANOW, &modes)
  }

  /// What stands for no key at all.
  private static var noKey: cc_t { cc_t(truncatingIfNeeded: fpathconf(STDIN_FILENO, Int32(_PC_VDISABLE))) }

  private static func key(_ index: Int32, of modes: inout termios) -> cc_t {
    withUnsafeBytes(of: &modes.c_cc) { $0[Int(index)] }
  }

  private static func setKey(_ index: Int32, to key: cc_t, of modes: inout termios) {
    withUnsafeMutableBytes(of: &modes.c_cc) { $0[Int(index)] = key }
  }

  /// Gives the terminal to a program that was started, as attune found it, and takes it back.
  static func lend<Result>(_ body: () throws -> Result) rethrows -> Result {
    let wasQuiet = isQuiet.load(ordering: .relaxed)
    var modes = termios()
    let hasModes = isForeground && tcgetattr(STDIN_FILENO, &modes) == 0
    restore()
    defer {
      if hasModes { tcsetattr(STDIN_FILENO, TCSANOW, &modes) }
      isQuiet.store(wasQuiet, ordering: .relaxed)
    }
    return try body()
  }

  /// Back in the foreground after a stop.
  static func resume() {
    if isQuiet.load(ordering: .relaxed) { setEcho(false) }
  }

  /// Whether the whole window is taken.
  static var hasFullScreen: Bool { isFullScreen.load(ordering: .relaxed) }

  /// Takes the whole window, on the screen that terminals keep beside the usual one, with keys as they are pressed. The
  /// keys that send signals still do.
  static func setFullScreen(_ wanted: Bool) {
    guard isFullScreen.load(ordering: .relaxed) != wanted else { return }
    if wanted {
      guard isForeground, tcgetattr(STDIN_FILENO, &windowed) == 0 else { return }
      isFullScreen.store(true, ordering: .relaxed)
      send(windowOn, to: STDOUT_FILENO)
      var modes = windowed
      modes.c_lflag &= ~tcflag_t(ECHO | ICANON | IEXTEN)
      modes.c_lflag |= tcflag_t(ISIG)
      modes.c_iflag &= ~tcflag_t(IXON)
      tcsetattr(STDIN_FILENO, TCSANOW, &modes)
    } else {
      isFullScreen.store(false, ordering: .relaxed)
      send(windowOff, to: STDOUT_FILENO)
      if isForeground { tcsetattr(STDIN_FILENO, TCSANOW, &windowed) }
    }
  }

  /// A stop was asked for: what is said about it starts a line of its own.
  static func endEchoedLine() {
    guard !hasPicture, isForeground, isErrorTerminal.load(ordering: .relaxed) else { return }
    send(isQuiet.load(ordering: .relaxed) ? stopLine : newline, to: STDERR_FILENO)
  }

  static var isSilent: Bool { isQuiet.load(ordering: .relaxed) }

  /// Whether a picture stands there that is redrawn.
  static var hasPicture: Bool { isDrawing.load(ordering: .relaxed) }

  /// Back to how it was.
  static func restore() {
    if hasPaste.exchange(false, ordering: .relaxed) { send(pasteOff, to: STDOUT_FILENO) }
    if isDrawing.exchange(false, ordering: .relaxed) { send(drawingOff, to: STDERR_FILENO) }
    if isFullScreen.exchange(false, ordering: .relaxed) { send(windowOff, to: STDOUT_FILENO) }
    if isForeground { tcsetattr(STDIN_FILENO, TCSANOW, &original) }
  }

  private static func send(_ bytes: StaticString, to descriptor: Int32) {
    _ = write(descriptor, bytes.utf8Start, bytes.utf8CodeUnitCount)
  }
}
