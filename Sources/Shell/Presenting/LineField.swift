import Drawing

/// Text that is typed at the bottom of a deck: what to search, where to go, what to run. It may have several lines.
package struct LineField: Equatable {
  package private(set) var characters: [Character]
  package private(set) var cursor: Int

  package init(_ text: String = "") {
    characters = Array(text)
    cursor = characters.count
  }

  package var text: String { String(characters) }
  package var beforeCursor: String { String(characters[..<cursor]) }

  /// Whether the key means something here.
  package mutating func apply(_ key: DeckKey) -> Bool {
    switch key {
    case .character(let character): insert([character])
    case .paste(let text): insert(Array(Paste.cleaned(text)))
    case .backspace, .control("h"): remove(cursor - 1..<cursor)
    case .delete, .control("d"): remove(cursor..<cursor + 1)
    case .left, .control("b"): cursor = max(0, cursor - 1)
    case .right, .control("f"): cursor = min(characters.count, cursor + 1)
    case .home, .control("a"): cursor = lineStart
    case .end, .control("e"): cursor = lineEnd
    case .up, .control("p"): moveLine(-1)
    case .down, .control("n"): moveLine(1)
    case .control("u"): remove(lineStart..<cursor)
    case .control("k"): remove(cursor..<max(lineEnd, min(cursor + 1, characters.count)))
    case .control("w"): remove(wordStart..<cursor)
    default: return false
    }
    return true
  }

  /// Takes so many scalars before the cursor away and puts a text there, as completion wants it.
  package mutating func replace(_ count: Int, with text: String) {
    let kept = String(String.UnicodeScalarView(beforeCursor.unicodeScalars.dropLast(count)))
    let head = Array(kept + text)
    characters = head + characters[cursor...]
    cursor = head.count
  }

  private mutating func insert(_ new: [Character]) {
    // A combining mark joins the character before it.
    let before = String(characters[..<cursor])
    let head = Array(before + String(new))
    characters = head + characters[cursor...]
    cursor = head.count
  }

  private mutating func remove(_ range: Range<Int>) {
    let kept = range.clamped(to: characters.indices)
    guard !kept.isEmpty else { return }
    characters.removeSubrange(kept)
    cursor = kept.lowerBound
  }

  private var lineStart: Int { (characters[..<cursor].lastIndex(of: "\n") ?? -1) + 1 }
  private var lineEnd: Int { characters[cursor...].firstIndex(of: "\n") ?? characters.count }

  private var wordStart: Int {
    var place = cursor
    while place > 0, characters[place - 1].isWhitespace { place -= 1 }
    while place > 0, !characters[place - 1].isWhitespace { place -= 1 }
    return place
  }

  private mutating func moveLine(_ step: Int) {
    let column = cursor - lineStart
    if step < 0 {
      guard lineStart > 0 else { return }
      let above = (characters[..<(lineStart - 1)].lastIndex(of: "\n") ?? -1) + 1
      cursor = min(above + column, lineStart - 1)
    } else {
      guard lineEnd < characters.count else { return }
      let below = lineEnd + 1
      let end = characters[below...].firstIndex(of: "\n") ?? characters.count
      cursor = min(below + column, end)
    }
  }

  /// As rows of a window behind a prompt, and where the cursor stands in them.
  package func rows(_ prompt: String, width: Int) -> (rows: [String], row: Int, column: Int) {
    let indent = String(repeating: " ", count: displayWidth(prompt))
    let room = max(4, width - displayWidth(prompt) - 1)
    var rows: [String] = []
    var (row, column) = (0, displayWidth(prompt))
    var line = ""
    func close() {
      rows.append((rows.isEmpty ? prompt : indent) + line)
      line = ""
    }
    for (index, character) in characters.enumerated() {
      let shown = character == "\n" ? "" : sanitized(String(character))
      if displayWidth(line) + displayWidth(shown) > room { close() }
      if index == cursor { (row, column) = (rows.count, displayWidth(prompt) + displayWidth(line)) }
      if character == "\n" { close() } else { line += shown }
    }
    if cursor == characters.count { (row, column) = (rows.count, displayWidth(prompt) + displayWidth(line)) }
    close()
    return (rows, row, column)
  }
}
