import Notebook

/// Lines that become statements: an open quote or a trailing backslash wants the next line too.
package struct Statements {
  /// The lines that wait for more, joined; empty if none do.
  package private(set) var open = ""
  /// The quote that waits to be closed.
  package private(set) var openQuote: Character?
  private var hasOpen = false

  package init() {}

  package var isOpen: Bool { hasOpen }

  /// The statement that this line completes; nil if it needs another line.
  package mutating func add(_ line: String) -> String? {
    let joined = hasOpen ? open + "\n" + line : line
    do throws(Words.Incomplete) {
      _ = try Words(joined)
      self = Statements()
      return joined
    } catch {
      (open, hasOpen) = (joined, true)
      openQuote = if case .openQuote(let quote) = error { quote } else { nil }
      return nil
    }
  }

  /// What waits although no line follows.
  package mutating func finish() -> String? {
    defer { self = Statements() }
    return hasOpen ? open : nil
  }
}
