import Foundation

extension Markdown {
  /// A text as runs: `` `code` ``, `**strong**`, `*emphasis*`, `_emphasis_`, `[text](target)`, `\` before a mark.
  static func runs(_ text: String) -> [Run] {
    var reader = InlineReader(characters: Array(text))
    return reader.runs()
  }
}

private struct InlineReader {
  let characters: [Character]
  private var index = 0
  private var plain = ""
  private var found: [Markdown.Run] = []

  init(characters: [Character]) { self.characters = characters }

  /// Where a mark's partner is looked for at most, so that a text of marks costs no more than its length.
  private var horizon: Int { min(characters.count, index + 2000) }

  private static let escapable: Set<Character> = Set("\\`*_{}[]()#+-.!|<>~")

  mutating func runs() -> [Markdown.Run] {
    while index < characters.count {
      let character = characters[index]
      if character == "\\", let next = at(index + 1), InlineReader.escapable.contains(next) {
        plain.append(next)
        index += 2
      } else if !take(character) {
        plain.append(character)
        index += 1
      }
    }
    flush()
    return found
  }

  private func at(_ place: Int) -> Character? { characters.indices.contains(place) ? characters[place] : nil }

  private mutating func flush() {
    if !plain.isEmpty { found.append(.init(text: plain, style: .plain)) }
    plain = ""
  }

  /// Takes the marked run that starts here, if one does.
  private mutating func take(_ character: Character) -> Bool {
    switch character {
    case "`": return takeCode()
    case "*", "_": return takeEmphasis(character)
    case "[": return takeLink()
    default: return false
    }
  }

  private mutating func takeCode() -> Bool {
    let length = characters[index...].prefix { $0 == "`" }.count
    var place = index + length
    while place < horizon {
      let run = characters[place...].prefix { $0 == "`" }.count
      if run == length {
        add(index + length, place, .code, end: place + length)
        return true
      }
      place += max(run, 1)
    }
    return false
  }

  private mutating func takeEmphasis(_ mark: Character) -> Bool {
    let isStrong = at(index + 1) == mark
    let length = isStrong ? 2 : 1
    let start = index + length
    guard let first = at(start), !first.isWhitespace, first != mark else { return false }
    if mark == "_", let before = at(index - 1), before.isLetter || before.isNumber { return false }
    var place = start + 1
    while place + length <= horizon {
      let closes = characters[place] == mark && (!isStrong || at(place + 1) == mark)
      if closes, !characters[place - 1].isWhitespace, isStrong || at(place + 1) != mark {
        let after = at(place + length)
        if mark == "*" || !(after.map { $0.isLetter || $0.isNumber } ?? false) {
          add(start, place, isStrong ? .strong : .emphasis, end: place + length)
          return true
        }
      }
      place += 1
    }
    return false
  }

  private mutating func takeLink() -> Bool {
    guard let close = characters[index..<horizon].firstIndex(of: "]"), at(close + 1) == "(",
      let end = characters[close..<horizon].firstIndex(of: ")")
    else { return false }
    let target = String(characters[(close + 2)..<end])
    flush()
    found.append(.init(text: String(characters[(index + 1)..<close]), style: .plain, target: target))
    index = end + 1
    return true
  }

  private mutating func add(_ start: Int, _ end: Int, _ style: Markdown.Run.Style, end next: Int) {
    flush()
    found.append(.init(text: String(characters[start..<end]), style: style))
    index = next
  }
}
