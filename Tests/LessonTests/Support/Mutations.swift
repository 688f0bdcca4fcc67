/// Seeded damage.
struct Mutations {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(truncatingIfNeeded: (state >> 33) % UInt64(max(bound, 1)))
  }

  static let tokens = [
    "```", "````", "~~~", "<!--", "-->", "<details>", "</details>", "<summary>", "{", "}", "#", "---", "- a) x", "\"",
    "\\", "\u{0}", "\r", "é", "🏴", "[[[[", "&a *a", "check:", "(~1e-2)", "(re)", "...", "<!-- key: b -->", "1e999",
  ]

  static let words = [":", " ", "a", "check", "attune", "=", "\"", "1", "-->", "key", "minutes"]

  mutating func mutated(_ text: String, splice: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    for _ in 0...next(3) where !lines.isEmpty {
      let place = next(lines.count)
      switch next(9) {
      case 7:
        let other = splice.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = next(other.count)
        lines.insert(contentsOf: other[start..<min(other.count, start + next(12))], at: place)
      case 8:
        lines[place] = lines[place].replacing(Mutations.words[next(Mutations.words.count)], with: "\(next(10) - 1)")
      case 0: lines.remove(at: place)
      case 1: lines.insert(lines[place], at: place)
      case 2: lines.swapAt(place, next(lines.count))
      case 3: lines.insert(Mutations.tokens[next(Mutations.tokens.count)], at: place)
      case 4:
        var characters = Array(lines[place])
        characters.insert(contentsOf: Mutations.tokens[next(Mutations.tokens.count)], at: next(characters.count + 1))
        lines[place] = String(characters)
      case 5:
        var characters = Array(lines[place])
        if !characters.isEmpty { characters.remove(at: next(characters.count)) }
        lines[place] = String(characters)
      default: lines.removeLast(next(lines.count))
      }
    }
    return lines.joined(separator: "\n")
  }
}
