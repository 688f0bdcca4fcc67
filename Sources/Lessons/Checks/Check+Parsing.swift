extension Check {
  /// Reads `or` of `and` of `not` of comparisons of values.
  package init(_ text: String) throws(Misplaced) {
    var parser = CheckParser(tokens: try Check.tokens(text))
    self = try parser.whole()
  }
}

private struct CheckParser {
  let tokens: [(token: Check.Token, column: Int)]
  private var index = 0
  private var depth = 0

  init(tokens: [(token: Check.Token, column: Int)]) { self.tokens = tokens }

  private var token: Check.Token { tokens.indices.contains(index) ? tokens[index].token : .end }

  private func misplaced(_ problem: Check.Problem) -> Check.Misplaced {
    Check.Misplaced(problem: problem, column: tokens.indices.contains(index) ? tokens[index].column : 1)
  }

  private mutating func take(_ wanted: Check.Token) -> Bool {
    guard token == wanted, token != .end else { return false }
    index += 1
    return true
  }

  mutating func whole() throws(Check.Misplaced) -> Check {
    if token == .end { throw misplaced(.empty) }
    let check = try either()
    guard token == .end else { throw misplaced(.wantsEnd(found: token.spelling)) }
    return check
  }

  private mutating func deeper<Result>(
    _ inner: (inout CheckParser) throws(Check.Misplaced) -> Result
  ) throws(Check.Misplaced) -> Result {
    depth += 1
    defer { depth -= 1 }
    guard depth <= 50 else { throw misplaced(.tooDeep) }
    return try inner(&self)
  }

  private mutating func either() throws(Check.Misplaced) -> Check {
    try chain(.name("or"), Check.or) { (parser) throws(Check.Misplaced) in
      try parser.chain(.name("and"), Check.and) { (parser) throws(Check.Misplaced) in try parser.negation() }
    }
  }

  /// `a and b and c`, at most 50 long so that the tree stays shallow.
  private mutating func chain(
    _ word: Check.Token, _ join: (Check, Check) -> Check,
    _ part: (inout CheckParser) throws(Check.Misplaced) -> Check
  ) throws(Check.Misplaced) -> Check {
    var left = try part(&self)
    var length = 1
    while take(word) {
      length += 1
      guard length <= 50 else { throw misplaced(.tooDeep) }
      left = join(left, try part(&self))
    }
    return left
  }

  private mutating func negation() throws(Check.Misplaced) -> Check {
    guard take(.name("not")) else { return try comparison() }
    return .not(try deeper { (parser) throws(Check.Misplaced) in try parser.negation() })
  }

  private mutating func comparison() throws(Check.Misplaced) -> Check {
    let left = try value()
    let spelling = token == .name("contains") ? "contains" : symbol
    guard let spelling, let comparison = Check.Comparison(rawValue: spelling) else { return left }
    index += 1
    return .compare(comparison, left, try value())
  }

  private var symbol: String? { if case .symbol(let symbol) = token { symbol } else { nil } }

  private mutating func value() throws(Check.Misplaced) -> Check {
    switch token {
    case .number(let number):
      index += 1
      return .literal(.number(number))
    case .text(let text):
      index += 1
      return .literal(.text(text))
    case .variable(let name):
      index += 1
      return .variable(name)
    case .symbol("("):
      index += 1
      let inner = try deeper { (parser) throws(Check.Misplaced) in try parser.either() }
      guard take(.symbol(")")) else { throw misplaced(.wantsClosing(")", found: token.spelling)) }
      return inner
    case .symbol("["): return try list()
    case .name(let name): return try named(name)
    case .symbol, .end: throw misplaced(.wantsValue(found: token.spelling))
    }
  }

  private mutating func list() throws(Check.Misplaced) -> Check {
    index += 1
    var elements: [Check] = []
    if take(.symbol("]")) { return .list([]) }
    repeat {
      elements.append(try deeper { (parser) throws(Check.Misplaced) in try parser.value() })
    } while take(.symbol(","))
    guard take(.symbol("]")) else { throw misplaced(.wantsClosing("]", found: token.spelling)) }
    return .list(elements)
  }

  private static let words: [String: CheckLiteral] = ["true": .bool(true), "false": .bool(false), "null": .null]

  private mutating func named(_ name: String) throws(Check.Misplaced) -> Check {
    if let literal = CheckParser.words[name] {
      index += 1
      return .literal(literal)
    }
    if name == "count" {
      index += 1
      guard take(.symbol("(")) else { throw misplaced(.wantsClosing("(", found: token.spelling)) }
      let inner = try deeper { (parser) throws(Check.Misplaced) in try parser.value() }
      guard take(.symbol(")")) else { throw misplaced(.wantsClosing(")", found: token.spelling)) }
      return .count(inner)
    }
    if name != "last", Check.reserved.contains(name) { throw misplaced(.wantsValue(found: name)) }
    index += 1
    var steps: [Check.Step] = []
    while true {
      if take(.symbol(".")) {
        guard case .name(let member) = token else { throw misplaced(.wantsValue(found: token.spelling)) }
        index += 1
        steps.append(.member(member))
      } else if take(.symbol("[")) {
        steps.append(try element())
      } else {
        return .path(root: name, steps: steps)
      }
    }
  }

  private mutating func element() throws(Check.Misplaced) -> Check.Step {
    let step: Check.Step
    switch token {
    case .number(let number):
      guard let place = Int(exactly: number) else { throw misplaced(.badNumber(token.spelling)) }
      step = .element(place)
    case .text(let key): step = .member(key)
    default: throw misplaced(.wantsValue(found: token.spelling))
    }
    index += 1
    guard take(.symbol("]")) else { throw misplaced(.wantsClosing("]", found: token.spelling)) }
    return step
  }
}
