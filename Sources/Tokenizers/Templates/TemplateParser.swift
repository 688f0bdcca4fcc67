/// Reads the blocks of a chat template.
struct TemplateParser {
  private(set) var tokens: [TemplateToken]
  var position = 0
  /// How deeply blocks and expressions are nested here.
  var depth = 0

  /// The deepest nesting that is read, so that a hostile template cannot exhaust the stack.
  static let deepest = 64

  init(_ tokens: [TemplateToken]) { self.tokens = tokens }

  var token: TemplateToken { tokens[min(position, tokens.count - 1)] }
  var line: Int { token.line }

  mutating func parse() throws(TemplateProblem) -> [TemplateStatement] {
    let body = try statements(until: [])
    guard token.kind == .end else { throw unexpected("nothing") }
    return body
  }

  func unexpected(_ expected: String) -> TemplateProblem { .unexpected(found: token.shown, expected: expected) }

  mutating func nest<Result>(
    _ body: (inout TemplateParser) throws(TemplateProblem) -> Result
  ) throws(TemplateProblem) -> Result {
    guard depth < Self.deepest else { throw .tooDeep }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  /// Steps over a sign if it is next.
  mutating func skip(_ sign: String) -> Bool {
    guard token.kind == .sign(sign) else { return false }
    position += 1
    return true
  }

  /// Steps over a word if it is next.
  mutating func skip(word: String) -> Bool {
    guard token.kind == .name(word) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ sign: String) throws(TemplateProblem) {
    guard skip(sign) else { throw unexpected("'\(sign)'") }
  }

  mutating func name() throws(TemplateProblem) -> String {
    guard case .name(let name) = token.kind else { throw unexpected("a name") }
    position += 1
    return name
  }

  private mutating func endTag(_ tag: String = "%}") throws(TemplateProblem) {
    guard token.kind == .tag(tag) else { throw unexpected("'\(tag)'") }
    position += 1
  }

  /// The word after a `{%` that is next.
  private var block: String? {
    guard token.kind == .tag("{%"), position + 1 < tokens.count, case .name(let name) = tokens[position + 1].kind else {
      return nil
    }
    return name
  }

  private mutating func statements(until ends: Set<String>) throws(TemplateProblem) -> [TemplateStatement] {
    try nest { parser throws(TemplateProblem) in
      var body: [TemplateStatement] = []
      while true {
        let line = parser.line
        switch parser.token.kind {
        case .text(let text):
          parser.position += 1
          body.append(TemplateStatement(line: line, kind: .text(text)))
        case .tag("{{"):
          parser.position += 1
          let value = try parser.tuple()
          try parser.endTag("}}")
          body.append(TemplateStatement(line: line, kind: .output(value)))
        case .tag("{%"):
          guard let name = parser.block else {
            parser.position += 1
            throw parser.unexpected("the name of a block")
          }
          if ends.contains(name) { return body }
          guard let block = Self.blocks[name] else {
            throw name.hasPrefix("end") || name.hasPrefix("el")
              ? .unexpected(found: "'\(name)'", expected: "the start of its block first") : .unsupported("'\(name)'")
          }
          parser.position += 2
          if let kind = try block(&parser) {
            body.append(TemplateStatement(line: line, kind: kind))
          } else {
            try parser.endTag()
            body += try parser.body("end" + name)
          }
        default:
          return body
        }
      }
    }
  }

  /// Statements up to a closing block, which is stepped over.
  private mutating func body(_ end: String) throws(TemplateProblem) -> [TemplateStatement] {
    let body = try statements(until: [end])
    try close(end)
    return body
  }

  private mutating func close(_ end: String) throws(TemplateProblem) {
    guard block == end else {
      throw token.kind == .end ? .unclosed("{% \(end.dropFirst(3)) %}") : unexpected("'\(end)'")
    }
    position += 2
    try endTag()
  }

  private typealias Block = @Sendable (inout TemplateParser) throws(TemplateProblem) -> TemplateStatement.Kind?

  /// The blocks; nil stands for one whose body is simply carried out.
  private static let blocks: [String: Block] = [
    "for": { parser throws(TemplateProblem) in try parser.loop() },
    "if": { parser throws(TemplateProblem) in try parser.branch() },
    "set": { parser throws(TemplateProblem) in try parser.assignment() },
    "macro": { parser throws(TemplateProblem) in
      let name = try parser.name()
      let parameters = try parser.parameters()
      try parser.endTag()
      return .macro(name, parameters, try parser.body("endmacro"))
    },
    "call": { parser throws(TemplateProblem) in
      let parameters = parser.token.kind == .sign("(") ? try parser.parameters() : []
      let call = try parser.expression()
      guard case .steps(_, let steps) = call, case .call = steps.last else {
        throw .unexpected(found: "'call'", expected: "a call of a macro behind it")
      }
      try parser.endTag()
      return .call(call, parameters, try parser.body("endcall"))
    },
    "filter": { parser throws(TemplateProblem) in
      let filters = try parser.filters(first: true)
      try parser.endTag()
      return .filtered(filters, try parser.body("endfilter"))
    },
    "with": { parser throws(TemplateProblem) in
      var values: [(name: String, value: TemplateExpression)] = []
      while parser.token.kind != .tag("%}") {
        let name = try parser.name()
        try parser.expect("=")
        values.append((name, try parser.expression()))
        guard parser.skip(",") else { break }
      }
      try parser.endTag()
      return .scope(values, try parser.body("endwith"))
    },
    "generation": { _ in nil },
    "break": { parser throws(TemplateProblem) in
      try parser.endTag()
      return .leaveLoop
    },
    "continue": { parser throws(TemplateProblem) in
      try parser.endTag()
      return .nextRound
    },
  ]

  private mutating func target() throws(TemplateProblem) -> TemplateStatement.Target {
    let hasBracket = skip("(")
    let first = try name()
    if !hasBracket, skip(".") { return .attribute(first, try name()) }
    var names = [first]
    while skip(",") {
      guard case .name(let next) = token.kind, next != "in" else { break }
      names.append(try name())
    }
    if hasBracket { try expect(")") }
    return names.count == 1 ? .name(first) : .names(names)
  }

  private mutating func loop() throws(TemplateProblem) -> TemplateStatement.Kind {
    let target = try target()
    guard skip(word: "in") else { throw unexpected("'in'") }
    let values = try tuple(allowsConditional: false)
    let condition = skip(word: "if") ? try expression() : nil
    if token.kind == .name("recursive") { throw .unsupported("'recursive'") }
    try endTag()
    let body = try statements(until: ["else", "endfor"])
    var empty: [TemplateStatement] = []
    if block == "else" {
      position += 2
      try endTag()
      empty = try statements(until: ["endfor"])
    }
    try close("endfor")
    return .loop(target, values, where: condition, body: body, empty: empty)
  }

  private mutating func branch() throws(TemplateProblem) -> TemplateStatement.Kind {
    var branches: [(condition: TemplateExpression, body: [TemplateStatement])] = []
    var otherwise: [TemplateStatement] = []
    repeat {
      let condition = try tuple()
      try endTag()
      branches.append((condition, try statements(until: ["elif", "else", "endif"])))
      guard block == "elif" else { break }
      position += 2
    } while true
    if block == "else" {
      position += 2
      try endTag()
      otherwise = try statements(until: ["endif"])
    }
    try close("endif")
    return .branch(branches, otherwise: otherwise)
  }

  private mutating func assignment() throws(TemplateProblem) -> TemplateStatement.Kind {
    let target = try target()
    if skip("=") {
      let value = try tuple()
      try endTag()
      return .assign(target, value)
    }
    let filters = try filters(first: false)
    try endTag()
    return .capture(target, filters, try body("endset"))
  }

  private mutating func parameters() throws(TemplateProblem) -> [TemplateStatement.Parameter] {
    try expect("(")
    var parameters: [TemplateStatement.Parameter] = []
    while !skip(")") {
      if !parameters.isEmpty { try expect(",") }
      let name = try name()
      parameters.append(.init(name: name, value: skip("=") ? try expression() : nil))
    }
    return parameters
  }
}
