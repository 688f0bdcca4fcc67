/// A typed line as words, quoted as POSIX shells quote: `'…'` takes all, `"…"` and bare text know `\`.
package struct Words: Equatable, Sendable {
  package struct Word: Equatable, Sendable {
    package var text: String
    /// Any part of it stood in quotes or after a backslash, so that it is text and no reference such as `_`.
    package var isQuoted: Bool

    /// A bare `>` or `>>`: the result goes to a file.
    var isRedirection: Bool { !isQuoted && (text == ">" || text == ">>") }
  }

  package let words: [Word]

  package enum Incomplete: Error, Equatable {
    /// The line ends inside this quote: more lines belong to it.
    case openQuote(Character)
    /// The line ends in a backslash: the next line belongs to it.
    case trailingBackslash
  }

  /// Splits `line`; a `#` that starts a word begins a comment. `$name` is replaced from `variables` outside of `'…'`.
  package init(_ line: String, variables: [String: String] = [:]) throws(Incomplete) {
    try self.init(line) { rest in
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      return variables[String(name)].map { ($0, name.count) }
    }
  }

  /// - Parameter replacement: the text in place of what follows a `$`, and how many characters it replaces; nil leaves
  ///   the `$` as it stands
  init(_ line: String, replacement: (Substring) -> (text: String, count: Int)?) throws(Incomplete) {
    var words: [Word] = []
    var current: Word?
    var rest = Substring(line)
    func append(_ text: some StringProtocol, quoted: Bool) {
      current = Word(text: (current?.text ?? "") + text, isQuoted: quoted || (current?.isQuoted ?? false))
    }
    func variable() -> String? {
      guard let (value, count) = replacement(rest) else { return nil }
      rest = rest.dropFirst(count)
      return value
    }
    while let character = rest.popFirst() {
      switch character {
      case " ", "\t", "\n", "\r\n":
        if let word = current { words.append(word) }
        current = nil
      case "#" where current == nil:
        rest = rest.drop { $0 != "\n" }
      case "'":
        guard let end = rest.firstIndex(of: "'") else { throw .openQuote("'") }
        append(rest[..<end], quoted: true)
        rest = rest[rest.index(after: end)...]
      case "\"":
        append("", quoted: true)
        var closed = false
        while let inner = rest.popFirst() {
          if inner == "\"" { closed = true; break }
          if inner == "\\", let next = rest.first, "\"\\$".contains(next) {
            append(String(rest.removeFirst()), quoted: true)
          } else if inner == "$", let value = variable() {
            append(value, quoted: true)
          } else {
            append(String(inner), quoted: true)
          }
        }
        if !closed { throw .openQuote("\"") }
      case "\\":
        guard let next = rest.popFirst() else { throw .trailingBackslash }
        if next != "\n" { append(String(next), quoted: true) }
      case ">" where current == nil:
        let isDouble = rest.first == ">"
        if isDouble { rest = rest.dropFirst() }
        words.append(Word(text: isDouble ? ">>" : ">", isQuoted: false))
      case "$":
        if let value = variable() { append(value, quoted: true) } else { append("$", quoted: false) }
      default:
        append(String(character), quoted: false)
      }
    }
    if let word = current { words.append(word) }
    self.words = words
  }
}
