extension TemplateParser {
  /// An expression, or several with commas between, which are a tuple.
  mutating func tuple(allowsConditional: Bool = true) throws(TemplateProblem) -> TemplateExpression {
    let first = try allowsConditional ? expression() : either()
    guard token.kind == .sign(",") else { return first }
    var elements = [first]
    while skip(",") {
      if case .tag = token.kind { break }
      elements.append(try allowsConditional ? expression() : either())
    }
    return .list(elements, isTuple: true)
  }

  mutating func expression() throws(TemplateProblem) -> TemplateExpression {
    try nest { parser throws(TemplateProblem) in
      let value = try parser.either()
      guard parser.skip(word: "if") else { return value }
      let condition = try parser.either()
      return .conditional(value, if: condition, else: parser.skip(word: "else") ? try parser.expression() : nil)
    }
  }

  private mutating func either() throws(TemplateProblem) -> TemplateExpression {
    var operands = [try both()]
    while skip(word: "or") { operands.append(try both()) }
    return operands.count == 1 ? operands[0] : .either(operands)
  }

  private mutating func both() throws(TemplateProblem) -> TemplateExpression {
    var operands = [try negation()]
    while skip(word: "and") { operands.append(try negation()) }
    return operands.count == 1 ? operands[0] : .both(operands)
  }

  private mutating func negation() throws(TemplateProblem) -> TemplateExpression {
    guard skip(word: "not") else { return try comparison() }
    return try nest { parser throws(TemplateProblem) in .not(try parser.negation()) }
  }

  private static let comparisons = ["==", "!=", "<=", ">=", "<", ">"]

  private mutating func comparison() throws(TemplateProblem) -> TemplateExpression {
    let left = try sum()
    var operations: [(operation: String, right: TemplateExpression)] = []
    while true {
      if case .sign(let sign) = token.kind, Self.comparisons.contains(sign) {
        position += 1
        operations.append((sign, try sum()))
      } else if skip(word: "in") {
        operations.append(("in", try sum()))
      } else if token.kind == .name("not"), position + 1 < tokens.count, tokens[position + 1].kind == .name("in") {
        position += 2
        operations.append(("not in", try sum()))
      } else {
        return operations.isEmpty ? left : .comparison(left, operations)
      }
    }
  }

  /// Operands with operators of one level between.
  private mutating func chain(
    _ signs: [String], _ operand: (inout TemplateParser) throws(TemplateProblem) -> TemplateExpression
  ) throws(TemplateProblem) -> TemplateExpression {
    let first = try operand(&self)
    var rest: [(operation: String, right: TemplateExpression)] = []
    while case .sign(let sign) = token.kind, signs.contains(sign) {
      position += 1
      rest.append((sign, try operand(&self)))
    }
    return rest.isEmpty ? first : .chain(first, rest)
  }

  private mutating func sum() throws(TemplateProblem) -> TemplateExpression {
    try chain(["+", "-"]) { parser throws(TemplateProblem) in
      try parser.chain(["~"]) { parser throws(TemplateProblem) in
        try parser.chain(["*", "/", "//", "%"]) { parser throws(TemplateProblem) in
          try parser.chain(["**"]) { parser throws(TemplateProblem) in try parser.unary(filters: true) }
        }
      }
    }
  }

  private mutating func unary(filters: Bool) throws(TemplateProblem) -> TemplateExpression {
    try nest { parser throws(TemplateProblem) in
      var value: TemplateExpression
      if parser.skip("-") {
        value = .negative(try parser.unary(filters: false))
      } else if parser.skip("+") {
        value = try parser.unary(filters: false)
      } else {
        value = try parser.primary()
      }
      let steps = try parser.steps(filters: filters)
      return steps.isEmpty ? value : .steps(value, steps)
    }
  }

  private static let constants: [String: TemplateExpression] = [
    "true": .boolean(true), "True": .boolean(true), "false": .boolean(false), "False": .boolean(false), "none": .none,
    "None": .none,
  ]

  private mutating func primary() throws(TemplateProblem) -> TemplateExpression {
    let token = token
    switch token.kind {
    case .name(let name):
      position += 1
      return Self.constants[name] ?? .name(name)
    case .string(var text):
      position += 1
      while case .string(let more) = self.token.kind {
        text += more
        position += 1
      }
      return .text(text)
    case .integer(let number):
      position += 1
      return .integer(number)
    case .number(let number):
      position += 1
      return .number(number)
    case .sign("("):
      position += 1
      if skip(")") { return .list([], isTuple: true) }
      var elements = [try expression()]
      var isTuple = false
      while skip(",") {
        isTuple = true
        if self.token.kind == .sign(")") { break }
        elements.append(try expression())
      }
      try expect(")")
      return isTuple ? .list(elements, isTuple: true) : elements[0]
    case .sign("["):
      position += 1
      return .list(
        try elements(until: "]") { parser throws(TemplateProblem) in try parser.expression() }, isTuple: false)
    case .sign("{"):
      position += 1
      return .object(
        try elements(until: "}") { parser throws(TemplateProblem) in
          let key = try parser.expression()
          try parser.expect(":")
          return (key, try parser.expression())
        })
    default: throw unexpected("an expression")
    }
  }

  /// Elements with commas between, and one more at the end if it likes.
  private mutating func elements<Element>(
    until end: String, _ element: (inout TemplateParser) throws(TemplateProblem) -> Element
  ) throws(TemplateProblem) -> [Element] {
    var elements: [Element] = []
    while !skip(end) {
      if !elements.isEmpty {
        try expect(",")
        if skip(end) { break }
      }
      elements.append(try element(&self))
    }
    return elements
  }

  /// What is done to the value before: parts and calls, and behind them, if allowed, filters and tests.
  private mutating func steps(filters: Bool) throws(TemplateProblem) -> [TemplateStep] {
    var steps: [TemplateStep] = []
    while true {
      if skip(".") {
        if case .integer(let index) = token.kind {
          position += 1
          steps.append(.item(.integer(index)))
        } else {
          steps.append(.attribute(try name()))
        }
      } else if skip("[") {
        steps.append(try subscripted())
      } else if skip("(") {
        steps.append(.call(try arguments()))
      } else {
        break
      }
    }
    while filters {
      if skip("|") {
        let (name, arguments) = try filter()
        steps.append(.filter(name, arguments))
      } else if skip(word: "is") {
        steps.append(try tested())
      } else if skip("(") {
        steps.append(.call(try arguments()))
      } else {
        break
      }
    }
    return steps
  }

  private mutating func subscripted() throws(TemplateProblem) -> TemplateStep {
    var parts: [TemplateExpression?] = []
    var isSlice = false
    while true {
      let isEmpty = token.kind == .sign(":") || token.kind == .sign("]")
      parts.append(isEmpty ? nil : try expression())
      if skip(":") {
        isSlice = true
      } else {
        try expect("]")
        break
      }
    }
    guard isSlice else {
      guard let index = parts[0] else { throw .unexpected(found: "']'", expected: "an index") }
      return .item(index)
    }
    guard parts.count <= 3 else { throw .unexpected(found: "':'", expected: "']'") }
    return .slice(parts[0], parts.count > 1 ? parts[1] : nil, parts.count > 2 ? parts[2] : nil)
  }

  /// The arguments of a call up to the closing bracket.
  private mutating func arguments() throws(TemplateProblem) -> TemplateArguments {
    var arguments = TemplateArguments()
    var isFirst = true
    while !skip(")") {
      if !isFirst {
        try expect(",")
        if skip(")") { break }
      }
      isFirst = false
      if case .name(let name) = token.kind, position + 1 < tokens.count, tokens[position + 1].kind == .sign("=") {
        position += 2
        arguments.named.append((name, try expression()))
      } else if skip("*") {
        arguments.unpacked.append(try expression())
      } else if skip("**") {
        arguments.unpackedNames.append(try expression())
      } else {
        arguments.positional.append(try expression())
      }
    }
    return arguments
  }

  private mutating func filter() throws(TemplateProblem) -> (name: String, arguments: TemplateArguments) {
    let name = try name()
    return (name, skip("(") ? try arguments() : TemplateArguments())
  }

  /// Filters in a row, each after a bar; the first may stand without one.
  mutating func filters(first: Bool) throws(TemplateProblem) -> [(name: String, arguments: TemplateArguments)] {
    var filters = first ? [try filter()] : []
    while skip("|") { filters.append(try filter()) }
    return filters
  }

  private mutating func tested() throws(TemplateProblem) -> TemplateStep {
    let isNegated = skip(word: "not")
    var name = ""
    if case .sign(let sign) = token.kind, Self.comparisons.contains(sign) {
      position += 1
      name = sign
    } else {
      name = try self.name()
    }
    var arguments = TemplateArguments()
    if skip("(") {
      arguments = try self.arguments()
    } else if startsArgument {
      let value = try nest { parser throws(TemplateProblem) in try parser.primary() }
      let steps = try steps(filters: false)
      arguments.positional = [steps.isEmpty ? value : .steps(value, steps)]
    }
    return .test(name, arguments, isNegated: isNegated)
  }

  /// Whether the argument of a test stands here without brackets.
  private var startsArgument: Bool {
    switch token.kind {
    case .name(let name): !["else", "or", "and", "is", "if", "in", "not", "recursive"].contains(name)
    case .string, .integer, .number, .sign("["), .sign("{"): true
    default: false
    }
  }
}
