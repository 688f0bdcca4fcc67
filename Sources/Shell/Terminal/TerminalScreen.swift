import Drawing
import Foundation
import Notebook

/// Standard output and standard error as a session's screen.
package final class TerminalScreen: Screen {
  package var style: TerminalStyle
  /// Text to put above the next lines that are shown, asked when they come: `Out[3]:`.
  package var label: (() -> String?)?
  /// Reads what is asked for; the shell's own where there is a shell.
  var editor: LineEditor?
  /// Why standard output takes no more; nil while it does.
  package private(set) var failure: OutputFailure?

  private let environment: [String: String]
  private let isTerminal: Bool
  private var region: LiveRegion
  private let isErrorTerminal: Bool
  private var showsErrorsInColor: Bool

  package enum OutputFailure: Error, Equatable {
    /// The reader went away, such as `head`.
    case closed
    /// The system's error number.
    case failed(Int32)
  }

  /// - Parameter color: what `--color` says.
  package init(environment: [String: String], color: String? = nil, accessible: Bool = false) {
    self.environment = environment
    isTerminal = isatty(STDOUT_FILENO) == 1
    isErrorTerminal = isatty(STDERR_FILENO) == 1
    style = TerminalStyle(
      width: TerminalScreen.width(environment, isTerminal: isTerminal),
      height: TerminalScreen.height(isTerminal: isTerminal),
      color: ColorDepth.resolve(flag: color, environment: environment, isTerminal: isTerminal),
      accessible: accessible || TerminalScreen.asksForAccess(environment),
      unicode: TerminalScreen.speaksUnicode(environment))
    region = LiveRegion(isAble: isErrorTerminal && environment["TERM"] != "dumb")
    showsErrorsInColor =
      ColorDepth.resolve(flag: color, environment: environment, isTerminal: isErrorTerminal) != .none
  }

  package func show(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    endLive()
    let label = label?()
    self.label = nil
    write(((label.map { [$0] } ?? []) + lines).map { $0 + "\n" }.joined())
  }

  package func notice(_ line: String) {
    region.erase()
    let isMarked = showsErrorsInColor && !style.accessible
    let isSeen = isTerminal && isatty(STDERR_FILENO) == 1
    var narrower = style
    narrower.width -= isMarked ? 2 : 0
    let text = isSeen ? Drawing.text(.init(sanitized(line))).lines(narrower) : [sanitized(line)]
    let mark = style.unicode ? "·" : "-"
    let marked = isMarked ? "\u{1B}[2m\(mark)\u{1B}[0m " + text.joined(separator: "\n  ") : text.joined(separator: "\n")
    _ = Output.put(marked + "\n", to: STDERR_FILENO)
  }

  package func live(_ drawing: Drawing, followsEnd: Bool) {
    guard !style.accessible else { return }
    region.draw(drawing, style, followsEnd: followsEnd)
  }

  package var canAsk: Bool { isTerminal && isatty(STDIN_FILENO) == 1 }

  package func ask(_ prompt: String) -> AskedLine {
    guard canAsk else { return .ended }
    region.end()
    if editor == nil { editor = LineEditor(environment: environment) }
    guard let editor else { return .ended }
    defer { Signals.commandBegins() }
    switch editor.read(Prompt(text: sanitized(prompt), isColored: style.color != .none)) {
    case .text(let text): return .text(text)
    case .interrupted: return .interrupted
    case .end:
      write("\n")
      return .ended
    }
  }

  package func endLive() { region.end() }

  /// Asks on standard error; Enter is yes, Ctrl-C and Ctrl-D are no.
  package func confirms(_ question: String) -> Bool {
    guard isatty(STDIN_FILENO) == 1, isErrorTerminal else { return true }
    region.end()
    _ = Output.put(sanitized(question) + " [Y/n] ", to: STDERR_FILENO)
    let wasQuiet = TerminalModes.isSilent
    if wasQuiet { TerminalModes.setQuiet(false) }
    defer { if wasQuiet { TerminalModes.setQuiet(true) } }
    var answer = ""
    while true {
      switch Keys(descriptor: STDIN_FILENO).next() {
      case .scalar("\n"): return ["", "y", "yes"].contains(answer.lowercased())
      case .scalar(let scalar): answer.unicodeScalars.append(scalar)
      case .event(.interrupt), .end:
        _ = Output.put("\n", to: STDERR_FILENO)
        return false
      case .event: continue
      }
    }
  }

  /// Takes what `set` said; the window may have another size by now, too.
  package func adopt(_ settings: Settings) {
    func depth(_ isTerminal: Bool) -> ColorDepth {
      ColorDepth.resolve(flag: settings.color, environment: environment, isTerminal: isTerminal)
    }
    style.width = TerminalScreen.width(environment, isTerminal: isTerminal)
    style.height = TerminalScreen.height(isTerminal: isTerminal)
    style.color = depth(isTerminal)
    style.accessible = settings.accessible || TerminalScreen.asksForAccess(environment)
    showsErrorsInColor = depth(isErrorTerminal) != .none
  }

  /// Text without a newline of ours, such as what the prompt leaves behind.
  func write(_ text: String) {
    guard failure == nil else { return }
    do throws(Output.Failure) {
      try Output.put(text, to: STDOUT_FILENO).get()
    } catch {
      failure = error.number == EPIPE ? .closed : .failed(error.number)
      Interrupt.request()
    }
  }
}

extension TerminalScreen {
  /// Columns of the window; without one, `COLUMNS`, else 80.
  package static func width(_ environment: [String: String], isTerminal: Bool) -> Int {
    if isTerminal, let size = TerminalSize.of(STDOUT_FILENO) { return max(20, size.columns) }
    return environment["COLUMNS"].flatMap(Int.init).map { min(max($0, 20), 1000) } ?? 80
  }

  /// Lines of the window that one picture may take: all but its label, the hint of a lesson and the next prompt.
  static func height(isTerminal: Bool) -> Int? {
    isTerminal ? TerminalSize.of(STDOUT_FILENO).map { max(1, $0.rows - 3) } : nil
  }

  /// `LC_ALL`, `LC_CTYPE` and `LANG`, the first that is set decides.
  package static func speaksUnicode(_ environment: [String: String]) -> Bool {
    let names = ["LC_ALL", "LC_CTYPE", "LANG"]
    let locale = names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
    return ["utf-8", "utf8"].contains { locale.lowercased().contains($0) }
  }

  package static func asksForAccess(_ environment: [String: String]) -> Bool {
    ["ATTUNE_ACCESSIBLE", "ACCESSIBLE"].contains {
      !["", "0", "false"].contains(environment[$0]?.lowercased() ?? "")
    }
  }
}

/// A window's size in cells.
struct TerminalSize: Equatable {
  let columns: Int
  let rows: Int

  /// nil when the descriptor is no terminal, or one that does not know.
  static func of(_ descriptor: Int32) -> TerminalSize? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
