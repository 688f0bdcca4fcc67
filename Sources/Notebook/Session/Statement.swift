/// A typed line, taken apart: `x = time classify "…" > out.json`.
package struct Statement: Equatable, Sendable {
  /// The name that keeps the result.
  package private(set) var target: String?
  /// Whether to say how long it took.
  package private(set) var isTimed = false
  package private(set) var words: [Words.Word]
  package private(set) var redirection: Redirection?

  /// A file that takes the result in place of the screen.
  package struct Redirection: Equatable, Sendable {
    package let file: String
    /// Adds to what is there.
    package let appends: Bool
  }

  /// Why a line is no statement.
  package enum Problem: Error, Equatable {
    case nothingAfter(String)
    case notAName(String)
    case fileMissing(String)
    case fileNotLast(String)
  }

  package init(_ words: [Words.Word]) throws(Problem) {
    self.words = words
    try takeRedirection()
    try takeTarget()
    while let first = self.words.first, !first.isQuoted, first.text == "time", self.words.count > 1,
      !self.words[1].text.hasPrefix("-")
    {
      isTimed = true
      self.words.removeFirst()
    }
  }

  /// The words that a command gets from the OS shell, where `>` and `=` mean nothing of ours.
  package init(plain words: [String]) {
    self.words = words.map { Words.Word(text: $0, isQuoted: true) }
    guard words.first == "time", words.count > 1, !words[1].hasPrefix("-") else { return }
    isTimed = true
    self.words.removeFirst()
  }

  private mutating func takeRedirection() throws(Problem) {
    guard let place = words.firstIndex(where: \.isRedirection) else { return }
    let sign = words[place].text
    guard place + 1 < words.count, !words[place + 1].isRedirection else { throw .fileMissing(sign) }
    guard place + 2 == words.count else { throw .fileNotLast(sign) }
    redirection = Redirection(file: words[place + 1].text, appends: sign == ">>")
    words.removeLast(2)
    guard !words.isEmpty else { throw .nothingAfter(sign) }
  }

  private mutating func takeTarget() throws(Problem) {
    guard let first = words.first, !first.isQuoted else { return }
    if words.count > 1, words[1].text == "=", !words[1].isQuoted {
      words.removeFirst(2)
      target = first.text
    } else if let equals = first.text.firstIndex(of: "="), equals != first.text.startIndex {
      let rest = String(first.text[first.text.index(after: equals)...])
      guard Statement.isName(String(first.text[..<equals])) else { return }
      target = String(first.text[..<equals])
      if rest.isEmpty { words.removeFirst() } else { words[0].text = rest }
    }
    guard let target else { return }
    guard Statement.isName(target) else { throw .notAName(target) }
    guard !words.isEmpty else { throw .nothingAfter("\(target) =") }
  }

  /// Whether a text can name what is kept: a letter, then letters, digits and `_`.
  package static func isName(_ text: String) -> Bool {
    guard let first = text.first, first.isLetter, text != "Out" else { return false }
    return text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
  }
}

extension Statement.Problem: Explained {
  package var sentence: String {
    switch self {
    case .nothingAfter(let sign) where sign.hasSuffix("="):
      "A command or a value stands after `\(sign)`, as in `\(sign) \"some text\"`."
    case .nothingAfter(let sign): "A command stands before `\(sign)`, as in `tokens \"Hello\" \(sign) out.json`."
    case .notAName(let text):
      "'\(text)' cannot be the name of a variable; use letters, digits and _, a letter first. "
        + "An = that is meant as text stands in quotes."
    case .fileMissing(let sign):
      "The name of a file stands after `\(sign)`. A \(sign) that is meant as text stands in quotes."
    case .fileNotLast(let sign):
      "`\(sign)` and one file end the line. A \(sign) that is meant as text stands in quotes."
    }
  }

  package var status: ExitStatus { .usage }
}
