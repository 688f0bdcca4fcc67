/// The parts of a regular expression.
indirect enum ExpressionNode: Sendable {
  enum Mode: Sendable { case greedy, lazy, possessive }

  case empty
  case scalar(UInt32)
  case set(ScalarSet)
  case sequence([ExpressionNode])
  case alternatives([ExpressionNode])
  /// At least and at most so often; nil for no limit.
  case repetition(ExpressionNode, Int, Int?, Mode)
  case look(ExpressionNode, isBehind: Bool, isNegative: Bool)
  case atomic(ExpressionNode)
  case assertion(Assertion)
}

/// Reads Oniguruma's Ruby syntax by recursive descent.
struct ExpressionParser {
  private let source: [UInt32]
  private var position = 0
  private var depth = 0
  private var options = Options()

  private struct Options {
    var ignoresCase = false
    var dotMatchesBreak = false
    var isExtended = false
  }

  private static let deepest = 64
  private static let mostRepetitions = 1000

  init(_ source: String) { self.source = source.unicodeScalars.map(\.value) }

  mutating func parse() throws(PatternProblem) -> ExpressionNode {
    let node = try alternatives()
    guard position == source.count else { throw .malformed(position: position) }
    return node
  }

  private var next: UInt32? { position < source.count ? source[position] : nil }

  private func character(_ text: Unicode.Scalar) -> UInt32 { text.value }

  private mutating func take(_ text: String) -> Bool {
    let scalars = text.unicodeScalars.map(\.value)
    guard source.dropFirst(position).starts(with: scalars) else { return false }
    position += scalars.count
    return true
  }

  private mutating func alternatives() throws(PatternProblem) -> ExpressionNode {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.deepest else { throw .tooLarge }
    let saved = options
    defer { options = saved }
    var branches: [ExpressionNode] = []
    repeat { branches.append(try sequence()) } while take("|")
    return branches.count == 1 ? branches[0] : .alternatives(branches)
  }

  private mutating func sequence() throws(PatternProblem) -> ExpressionNode {
    var parts: [ExpressionNode] = []
    while let scalar = next, scalar != character("|"), scalar != character(")") {
      if options.isExtended, skipExtended(scalar) { continue }
      guard let part = try atom() else { continue }
      parts.append(try repeated(part))
    }
    return parts.count == 1 ? parts[0] : .sequence(parts)
  }

  private mutating func skipExtended(_ scalar: UInt32) -> Bool {
    if scalar == 32 || (9...13).contains(scalar) {
      position += 1
      return true
    }
    guard scalar == character("#") else { return false }
    while let scalar = next, scalar != 10 { position += 1 }
    return true
  }

  private mutating func repeated(_ part: ExpressionNode) throws(PatternProblem) -> ExpressionNode {
    var node = part
    for _ in 0...Self.deepest {
      let start = position
      var bounds: (Int, Int?)
      var isCounted = false
      if take("*") {
        bounds = (0, nil)
      } else if take("+") {
        bounds = (1, nil)
      } else if take("?") {
        bounds = (0, 1)
      } else if let counted = counted() {
        bounds = counted
        isCounted = true
      } else {
        return node
      }
      if let most = bounds.1, most < bounds.0 { bounds = (most, bounds.0) }
      guard bounds.0 <= Self.mostRepetitions, bounds.1 ?? 0 <= Self.mostRepetitions else { throw .tooLarge }
      if case .assertion = node { throw .malformed(position: start) }
      var mode = ExpressionNode.Mode.greedy
      if take("?") { mode = .lazy } else if !isCounted, take("+") { mode = .possessive }
      node = .repetition(node, bounds.0, bounds.1, mode)
    }
    throw .tooLarge
  }

  /// `{2}`, `{2,}`, `{,3}` or `{2,3}`; anything else in braces is text.
  private mutating func counted() -> (Int, Int?)? {
    let start = position
    guard take("{") else { return nil }
    let low = number()
    var high = low
    let hasComma = take(",")
    if hasComma { high = number() }
    guard take("}"), low != nil || high != nil else {
      position = start
      return nil
    }
    return (low ?? 0, hasComma ? high : low)
  }

  private mutating func number() -> Int? {
    var value: Int?
    while let scalar = next, scalar &- 48 < 10 {
      value = min((value ?? 0) * 10 + Int(scalar - 48), 1_000_000)
      position += 1
    }
    return value
  }

  /// A part that a repetition applies to; nil for one that matches nothing of its own, such as an option.
  private mutating func atom() throws(PatternProblem) -> ExpressionNode? {
    guard let scalar = next else { throw .malformed(position: position) }
    position += 1
    switch Unicode.Scalar(scalar) {
    case ".": return .set(dot)
    case "^": return .assertion(.lineStart)
    case "$": return .assertion(.lineEnd)
    case "[":
      var parser = SetParser(source, position)
      let node = try parser.parse()
      position = parser.position
      return .set(ScalarSet(node, ignoringCase: options.ignoresCase))
    case "(": return try group()
    case "\\": return try escape()
    case "*", "+", "?": throw .malformed(position: position - 1)
    default: return literal(scalar)
    }
  }

  private var dot: ScalarSet {
    options.dotMatchesBreak ? ScalarSet(.range(0, 0x10FFFF)) : ScalarSet(.not(.range(10, 10)))
  }

  private func literal(_ scalar: UInt32) -> ExpressionNode {
    guard options.ignoresCase, CaseFolding.variants(of: scalar).count > 1 else { return .scalar(scalar) }
    return .set(ScalarSet(.range(scalar, scalar), ignoringCase: true))
  }

  private mutating func group() throws(PatternProblem) -> ExpressionNode? {
    let start = position - 1
    if take("?#") {
      while let scalar = next, scalar != character(")") { position += scalar == 92 ? 2 : 1 }
      guard take(")") else { throw .malformed(position: start) }
      return nil
    }
    if take("?=") { return .look(try body(start), isBehind: false, isNegative: false) }
    if take("?!") { return .look(try body(start), isBehind: false, isNegative: true) }
    if take("?<=") { return .look(try body(start), isBehind: true, isNegative: false) }
    if take("?<!") { return .look(try body(start), isBehind: true, isNegative: true) }
    if take("?>") { return .atomic(try body(start)) }
    if take("?~") { throw .unsupported(construct: "(?~…) absence operator") }
    if take("?(") { throw .unsupported(construct: "(?(…)…) conditional") }
    if take("?<") || take("?P<") || take("?'") {
      while let scalar = next {
        position += 1
        if scalar == character(">") || scalar == character("'") { return try body(start) }
      }
      throw .malformed(position: start)
    }
    guard take("?") else { return try body(start) }
    return try optionGroup(start)
  }

  /// `(?i:…)`, or `(?i)`, which takes what follows up to the end of the group in, alternatives included.
  private mutating func optionGroup(_ start: Int) throws(PatternProblem) -> ExpressionNode? {
    let saved = options
    var isOn = true
    while let scalar = next {
      position += 1
      switch Unicode.Scalar(scalar) {
      case "-": isOn = false
      case "i": options.ignoresCase = isOn
      case "m", "s": options.dotMatchesBreak = isOn
      case "x": options.isExtended = isOn
      case "u": break
      case ":":
        let node = try body(start)
        options = saved
        return node
      case ")":
        return next == nil || next == character(")") ? nil : try alternatives()
      default: throw .unsupported(construct: "the option in (?\(Unicode.Scalar(scalar).map(String.init) ?? ""))")
      }
    }
    throw .malformed(position: start)
  }

  private mutating func body(_ start: Int) throws(PatternProblem) -> ExpressionNode {
    let node = try alternatives()
    guard take(")") else { throw .malformed(position: start) }
    return node
  }

  private static let assertions: [Unicode.Scalar: Assertion] = [
    "A": .textStart, "z": .textEnd, "Z": .textEndOrBreak, "b": .wordBoundary, "B": .notWordBoundary,
  ]

  private static let unsupported: [Unicode.Scalar: String] = [
    "K": "\\K", "G": "\\G", "X": "\\X", "k": "\\k back reference", "g": "\\g subexpression call", "y": "\\y",
    "Y": "\\Y",
  ]

  private mutating func escape() throws(PatternProblem) -> ExpressionNode {
    guard let scalar = next.flatMap(Unicode.Scalar.init) else { throw .malformed(position: position - 1) }
    if let assertion = Self.assertions[scalar] {
      position += 1
      return .assertion(assertion)
    }
    if let construct = Self.unsupported[scalar] { throw .unsupported(construct: construct) }
    if ("1"..."9").contains(scalar) { throw .unsupported(construct: "\\\(scalar) back reference") }
    if scalar == "R" {
      position += 1
      let breaks = ScalarSet(.union([.range(10, 13), .range(0x85, 0x85), .range(0x2028, 0x2029)]))
      return .atomic(.alternatives([.sequence([.scalar(13), .scalar(10)]), .set(breaks)]))
    }
    var parser = SetParser(source, position)
    let item = try parser.escape()
    position = parser.position
    return switch item {
    case .scalar(let scalar): literal(scalar)
    case .node(let node): .set(ScalarSet(node, ignoringCase: options.ignoresCase))
    }
  }
}
