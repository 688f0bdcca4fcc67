extension Check {
  enum Token: Equatable {
    case name(String)
    case number(Double)
    case text(String)
    case variable(String)
    case symbol(String)
    case end

    var spelling: String {
      switch self {
      case .name(let name): name
      case .number(let value): value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : "\(value)"
      case .text(let text): "\"\(text)\""
      case .variable(let name): "$" + name
      case .symbol(let symbol): symbol
      case .end: "the end"
      }
    }
  }

  /// Where in the text, counted in characters from 1, and what is wrong there.
  package struct Misplaced: Error {
    package var problem: Problem
    package var column: Int
  }

  static func tokens(_ text: String) throws(Misplaced) -> [(token: Token, column: Int)] {
    let characters = Array(text)
    var tokens: [(token: Token, column: Int)] = []
    var index = 0
    func at(_ place: Int) -> Character { characters.indices.contains(place) ? characters[place] : " " }
    func run(from start: Int, while belongs: (Character) -> Bool) -> String {
      String(characters[start...].prefix(while: belongs))
    }
    while index < characters.count {
      let character = characters[index]
      let column = index + 1
      if character.isWhitespace {
        index += 1
      } else if character.isLetter || character == "_" {
        let name = run(from: index) { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
        tokens.append((.name(name), column))
        index += name.count
      } else if isDigit(character) || (character == "-" && (isDigit(at(index + 1)) || at(index + 1) == ".")) {
        let (value, count) = try number(characters, index)
        tokens.append((.number(value), column))
        index += count
      } else if character == "\"" || character == "'" {
        guard let end = characters[(index + 1)...].firstIndex(of: character) else {
          throw Misplaced(problem: .openText, column: column)
        }
        tokens.append((.text(String(characters[(index + 1)..<end])), column))
        index = end + 1
      } else if character == "$" {
        let name = run(from: index + 1) { $0.isLetter || $0.isNumber || $0 == "_" }
        guard !name.isEmpty else { throw Misplaced(problem: .unknownCharacter("$"), column: column) }
        tokens.append((.variable(name), column))
        index += 1 + name.count
      } else {
        let pair = String([character, at(index + 1)])
        let single = String(character)
        if ["==", "!=", "<=", ">="].contains(pair) {
          tokens.append((.symbol(pair), column))
          index += 2
        } else if "<>()[],.".contains(character) {
          tokens.append((.symbol(single), column))
          index += 1
        } else {
          throw Misplaced(problem: single == "=" ? .singleEquals : .unknownCharacter(single), column: column)
        }
      }
    }
    tokens.append((.end, characters.count + 1))
    return tokens
  }

  private static func isDigit(_ character: Character) -> Bool { "0123456789".contains(character) }

  private static func number(_ characters: [Character], _ start: Int) throws(Misplaced) -> (Double, Int) {
    var end = start + 1
    func isPart(_ place: Int) -> Bool {
      guard characters.indices.contains(place) else { return false }
      let character = characters[place]
      if isDigit(character) || character == "." || character == "e" || character == "E" { return true }
      return (character == "-" || character == "+") && "eE".contains(characters[place - 1])
    }
    while isPart(end) { end += 1 }
    let text = String(characters[start..<end])
    guard let value = Double(text), value.isFinite else {
      throw Misplaced(problem: .badNumber(text), column: start + 1)
    }
    return (value, end - start)
  }
}
