/// The text before the cursor, split as far as it goes.
package struct CompletionRequest: Equatable {
  /// Finished words of the statement that the cursor is in.
  package var words: [String] = []
  /// The word at the cursor, without its quotes.
  package var word = ""
  /// The same as typed, from where the word starts.
  package var raw = ""
  /// The quote that is open at the cursor.
  package var quote: Character?
  /// The cursor is behind a `#`.
  package private(set) var isComment = false

  package init(_ text: String) {
    var isEscaped = false
    var hasWord = false
    func close() {
      if hasWord { words.append(word) }
      (word, raw, hasWord) = ("", "", false)
    }
    for character in text {
      if isComment {
        if character == "\n" { (isComment, words) = (false, []) }
        continue
      }
      let isBlank = character == " " || character == "\t" || character == "\n"
      if isBlank, quote == nil, !isEscaped {
        close()
        if character == "\n" { words = [] }
        continue
      }
      if character == "#", !hasWord {
        isComment = true
        continue
      }
      hasWord = true
      raw.append(character)
      if isEscaped {
        if quote != nil, !"\"\\$".contains(character) { word.append("\\") }
        if character == "\n" { raw = String(raw.dropLast(2)) } else { word.append(character) }
        isEscaped = false
        hasWord = !raw.isEmpty
      } else if character == "\\", quote != "'" {
        isEscaped = true
      } else if let open = quote {
        if character == open { quote = nil } else { word.append(character) }
      } else if character == "'" || character == "\"" {
        quote = character
      } else {
        word.append(character)
      }
    }
  }

  /// A candidate as it has to stand on the line, in the quotes that are open.
  func typed(_ candidate: String, isFinished: Bool) -> String {
    let end = isFinished ? " " : ""
    switch quote {
    case "'" where !candidate.contains("'"):
      return "'" + candidate + (isFinished ? "'" : "") + end
    case "\"":
      let escaped = candidate.map { "\"\\$".contains($0) ? "\\\($0)" : String($0) }.joined()
      return "\"" + escaped + (isFinished ? "\"" : "") + end
    default:
      return candidate.map { CompletionRequest.special.contains($0) ? "\\\($0)" : String($0) }.joined() + end
    }
  }

  private static let special: Set<Character> = [" ", "'", "\"", "\\", "$", "#"]
}
