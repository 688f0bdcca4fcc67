import Drawing

/// What stands before the line that is typed.
package struct Prompt: Equatable, Sendable {
  package let text: String
  package let isColored: Bool

  /// `In [3]: `
  package static func input(_ number: Int, _ style: TerminalStyle) -> Prompt {
    Prompt(text: "In [\(number)]: ", isColored: style.color != .none)
  }

  /// `   ...: `, as wide as the prompt of this number.
  package static func continuation(_ number: Int, _ style: TerminalStyle) -> Prompt {
    let width = "In [\(number)]: ".count
    return Prompt(text: String(repeating: " ", count: width - 5) + "...: ", isColored: style.color != .none)
  }

  /// `Out[3]:`
  package static func output(_ number: Int, _ style: TerminalStyle) -> String {
    style.color == .none ? "Out[\(number)]:" : "\u{1B}[2mOut[\(number)]:\u{1B}[0m"
  }

  /// As it stands on the screen.
  var shown: String { isColored ? "\u{1B}[32m\(text)\u{1B}[0m" : text }

  /// Marks what takes no cell on the screen.
  static let escape: UInt8 = 1

  /// As libedit takes it. The last character is a plain space: it loses marks that end a prompt.
  var edited: String {
    guard isColored else { return text }
    let mark = String(UnicodeScalar(Prompt.escape))
    return mark + "\u{1B}[32m" + mark + text.dropLast() + mark + "\u{1B}[0m" + mark + " "
  }
}
