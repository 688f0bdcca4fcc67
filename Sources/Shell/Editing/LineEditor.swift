import CLibEdit
import Foundation

/// A line typed at a terminal, with history, search and completion, over libedit.
///
/// One at a time: libedit changes the modes of the process's terminal.
final class LineEditor {
  enum Line: Equatable {
    case text(String)
    /// Ctrl-C: what was typed is gone.
    case interrupted
    /// Ctrl-D on an empty line, or the terminal went away.
    case end
  }

  /// What Tab does with the text before the cursor.
  var complete: (String) -> Completion.Outcome = { _ in .none }
  /// Cells in a line, for lists of candidates.
  var width: () -> Int = { 80 }

  private let editor: OpaquePointer
  private let entries: OpaquePointer
  private let keys = Keys(descriptor: STDIN_FILENO)
  /// The terminal understands escape sequences.
  private let isCapable: Bool
  private var shownPrompt = ""
  private let promptStorage = UnsafeMutablePointer<WideCharacter>.allocate(capacity: LineEditor.promptRoom)
  private static let promptRoom = 256
  private var wasInterrupted = false
  /// Keys that were read ahead.
  private var pending: [Unicode.Scalar] = []

  /// nil when libedit cannot work with this terminal.
  init?(environment: [String: String]) {
    LineEditor.chooseLocale()
    guard let editor = edit_open("attune") else { return nil }
    guard let entries = history_winit() else {
      el_end(editor)
      return nil
    }
    self.editor = editor
    self.entries = entries
    isCapable = environment["TERM"] != "dumb"
    promptStorage.initialize(repeating: 0, count: LineEditor.promptRoom)
    _ = edit_history_set_size(entries, Int32(HistoryFile.limit))
    _ = edit_set_history(editor, entries)
    _ = edit_set_client(editor, Unmanaged.passUnretained(self).toOpaque())
    _ = edit_set_handles_signals(editor, 0)
    _ = edit_set_prompt(editor, LineEditor.promptFunction, Int32(Prompt.escape))
    _ = edit_set_reader(editor, LineEditor.readFunction)
    _ = edit_set_run_mode(editor, "-echo")
    _ = edit_set_mode(editor, "emacs")
    for function in LineEditor.functions {
      _ = edit_add_function(editor, function.name, function.summary, function.action)
    }
    bind(LineEditor.emacsKeys)
    _ = el_source(editor, nil)
    if edit_mode(editor).map({ String(cString: $0) }) == "vi" { bind(LineEditor.ownKeys) }
  }

  deinit {
    history_wend(entries)
    el_end(editor)
    promptStorage.deallocate()
    TerminalModes.restore()
  }

  /// Reads one line, which has newlines inside if it was pasted or recalled with them.
  func read(_ prompt: Prompt) -> Line {
    setPrompt(prompt)
    (wasInterrupted, pending) = (false, [])
    Signals.drain()
    el_resize(editor)
    if isCapable { TerminalModes.setPasteMarks(true) }
    defer { TerminalModes.setPasteMarks(false) }
    _ = edit_prepare_terminal(editor, 1)
    var count: Int32 = 0
    let characters = el_wgets(editor, &count)
    edit_flush()
    if wasInterrupted {
      _ = Output.put(isCapable ? "^C\u{1B}[J\n" : "^C\n", to: STDOUT_FILENO)
      return .interrupted
    }
    guard let characters, count > 0 else { return .end }
    let text = Wide.text(UnsafeBufferPointer(start: characters, count: Int(count)))
    return .text(text.hasSuffix("\n") ? String(text.dropLast()) : text)
  }

  /// What the arrow keys and Ctrl-R find, oldest first.
  func setHistory(_ lines: [String]) {
    _ = edit_history_clear(entries)
    for line in lines { remember(line) }
  }

  func remember(_ line: String) { _ = edit_history_enter(entries, Wide.terminated(line)) }

  private func setPrompt(_ prompt: Prompt) {
    shownPrompt = prompt.text
    let wide = Wide.terminated(prompt.edited).prefix(LineEditor.promptRoom - 1)
    promptStorage.update(repeating: 0, count: LineEditor.promptRoom)
    for (index, character) in wide.enumerated() { promptStorage[index] = character }
  }

  /// Width of characters comes from the locale; one that knows no Unicode would garble what is typed.
  private static func chooseLocale() {
    _ = setlocale(LC_CTYPE, "")
    let codes = nl_langinfo(Int32(CODESET)).map { String(cString: $0) }
    if codes != "UTF-8" { _ = setlocale(LC_CTYPE, "C.UTF-8") }
  }

  private static func of(_ editor: OpaquePointer?) -> LineEditor? {
    guard let editor, let client = edit_client(editor) else { return nil }
    return Unmanaged<LineEditor>.fromOpaque(client).takeUnretainedValue()
  }

  private static let promptFunction: edit_prompt = { LineEditor.of($0)?.promptStorage }

  private static let readFunction: el_rfunc_t = { editor, character in
    guard let character, let line = LineEditor.of(editor) else { return -1 }
    return line.readKey(into: character)
  }
}

// MARK: Keys

extension LineEditor {
  private struct Function {
    let name: String
    let summary: String
    let action: edit_function
  }

  private static let functions = [
    Function(name: "attune-complete", summary: "Complete the word before the cursor") { editor, _ in
      LineEditor.of(editor)?.completeWord() ?? UInt8(CC_ERROR)
    },
    Function(name: "attune-paste", summary: "Insert what the terminal pastes") { editor, _ in
      LineEditor.of(editor)?.insertPaste() ?? UInt8(CC_ERROR)
    },
  ]

  /// The character that stands for the mark before a paste; typed, it is a signal and never read.
  private static let pasteCharacter: WideCharacter = 0x1C
  private static let pasteKey = "\\034"

  /// Keys that are attune's own in every mode.
  private static let ownKeys = [
    ("^I", "attune-complete"), (pasteKey, "attune-paste"), ("^R", "em-inc-search-prev"),
  ]

  /// Keys that terminals send and libedit does not know, and those that other shells have taught.
  private static let emacsKeys =
    ownKeys + [
      ("\\e[A", "ed-search-prev-history"), ("\\eOA", "ed-search-prev-history"),
      ("\\e[B", "ed-search-next-history"), ("\\eOB", "ed-search-next-history"),
      ("^S", "em-inc-search-next"), ("^W", "ed-delete-prev-word"), ("^U", "vi-kill-line-prev"),
      ("\\e[H", "ed-move-to-beg"), ("\\eOH", "ed-move-to-beg"), ("\\e[1~", "ed-move-to-beg"),
      ("\\e[F", "ed-move-to-end"), ("\\eOF", "ed-move-to-end"), ("\\e[4~", "ed-move-to-end"),
      ("\\e[3~", "ed-delete-next-char"), ("\\e[1;5C", "em-next-word"), ("\\e[1;5D", "ed-prev-word"),
    ]

  private func bind(_ keys: [(key: String, function: String)]) {
    for pair in keys { _ = edit_bind(editor, pair.key, pair.function) }
  }

  private func readKey(into character: UnsafeMutablePointer<WideCharacter>) -> Int32 {
    edit_flush()
    while true {
      switch nextKey() {
      case .scalar("\u{1B}") where startsPaste():
        character.pointee = LineEditor.pasteCharacter
        return 1
      case .scalar(let scalar):
        character.pointee = WideCharacter(bitPattern: scalar.value)
        return 1
      case .event(.interrupt):
        wasInterrupted = true
        return -1
      case .event(.resize): redraw()
      case .event(.resume):
        _ = edit_prepare_terminal(editor, 0)
        _ = edit_prepare_terminal(editor, 1)
        if isCapable { TerminalModes.setPasteMarks(true) }
        _ = edit_refresh(editor)
      case .end: return 0
      }
    }
  }

  private func nextKey() -> Keys.Key { pending.isEmpty ? keys.next() : .scalar(pending.removeFirst()) }

  /// Whether the mark before a paste follows this Escape. No key binding: vi's Escape would lose its meaning.
  private func startsPaste() -> Bool {
    var seen: [Unicode.Scalar] = []
    for wanted in "[200~".unicodeScalars {
      guard pending.isEmpty, keys.isNear(), case .scalar(let scalar) = keys.next() else { break }
      seen.append(scalar)
      if scalar != wanted { break }
    }
    if seen.elementsEqual("[200~".unicodeScalars) { return true }
    pending += seen
    return false
  }

  /// After a change of the window: libedit goes on from where the cursor was, terminals fold lines anew.
  private func redraw() {
    if isCapable, let width = TerminalSize.of(STDOUT_FILENO)?.columns {
      let rows = Columns.rowsBefore(end: shownPrompt + beforeCursor, width: width)
      _ = Output.put((rows > 0 ? "\u{1B}[\(rows)A" : "") + "\r\u{1B}[J", to: STDOUT_FILENO)
    }
    el_resize(editor)
    if isCapable { _ = edit_refresh(editor) }
  }

  private var beforeCursor: String {
    guard let line = el_wline(editor)?.pointee, let start = line.buffer, let cursor = line.cursor else {
      return ""
    }
    return Wide.text(UnsafeBufferPointer(start: start, count: max(0, cursor - start)))
  }

  /// Reads to the mark that ends a paste; only then is anything on the line.
  private func insertPaste() -> UInt8 {
    let end = Array("\u{1B}[201~".unicodeScalars)
    var pasted: [Unicode.Scalar] = []
    while !pasted.ends(with: end) {
      switch keys.next() {
      case .scalar(let scalar): pasted.append(scalar)
      case .event(.interrupt): return UInt8(CC_REFRESH)
      case .event: continue
      case .end: return UInt8(CC_EOF)
      }
    }
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: pasted.dropLast(end.count))
    let text = Paste.cleaned(String(scalars))
    guard !text.isEmpty else { return UInt8(CC_REFRESH) }
    return UInt8(el_winsertstr(editor, Wide.terminated(text)) == 0 ? CC_REFRESH : CC_REFRESH_BEEP)
  }

  private func completeWord() -> UInt8 {
    switch complete(beforeCursor) {
    case .none: return UInt8(CC_REFRESH_BEEP)
    case .replace(let count, let text):
      el_deletestr(editor, Int32(count))
      guard !text.isEmpty else { return UInt8(CC_REFRESH) }
      return UInt8(el_winsertstr(editor, Wide.terminated(text)) == 0 ? CC_REFRESH : CC_REFRESH_BEEP)
    case .list(let candidates, let details):
      edit_flush()
      let lines = Columns.lines(candidates, details: details, width: width())
      _ = Output.put("\n" + lines.map { $0 + "\n" }.joined(), to: STDOUT_FILENO)
      return UInt8(CC_REDISPLAY)
    }
  }
}

extension Array where Element: Equatable {
  fileprivate func ends(with suffix: [Element]) -> Bool {
    count >= suffix.count && self[(count - suffix.count)...].elementsEqual(suffix)
  }
}
