import Foundation

/// Carries out the statements of a chat template within bounds of time and memory.
struct TemplateInterpreter {
  /// Variables by name: those of the whole template first, then a frame for every loop and block around.
  private(set) var frames: [[String: TemplateValue]]
  private(set) var output = ""
  /// The line that is being carried out.
  private(set) var line = 1
  let now: Date
  private var steps = 0
  private var depth = 0

  /// Steps, each look at 32 bytes of text being one; some seconds' worth, where published templates take thousands.
  static let mostSteps = 4_000_000
  /// The longest text, in bytes, and the longest list.
  static let longest = 1 << 24
  static let longestRange = 100_000
  static let deepest = 64

  init(variables: [String: TemplateValue], now: Date) {
    frames = [TemplateFunctions.table.mapValues { .function($0) }.merging(variables) { $1 }]
    self.now = now
  }

  private enum Flow {
    case goesOn, leavesLoop, nextRound
  }

  mutating func run(_ statements: [TemplateStatement]) throws(TemplateProblem) {
    _ = try flow(statements)
  }

  /// Counts work that is about to be done.
  mutating func spend(_ count: Int) throws(TemplateProblem) {
    steps += 1 + count / 32
    guard steps < Self.mostSteps else { throw .tooManySteps }
  }

  /// Counts a text that is about to be made.
  mutating func grow(_ bytes: Int) throws(TemplateProblem) {
    guard bytes <= Self.longest else { throw .tooLarge }
    try spend(bytes)
  }

  private mutating func write(_ text: String) throws(TemplateProblem) {
    guard output.utf8.count + text.utf8.count <= Self.longest else { throw .tooLarge }
    try spend(text.utf8.count)
    output += text
  }

  func value(of name: String) -> TemplateValue {
    for frame in frames.reversed() { if let value = frame[name] { return value } }
    return .undefined(name)
  }

  private mutating func flow(_ statements: [TemplateStatement]) throws(TemplateProblem) -> Flow {
    for statement in statements {
      line = statement.line
      try spend(0)
      switch statement.kind {
      case .text(let text): try write(text)
      case .output(let expression):
        let value = try evaluate(expression)
        try write(try printed(value))
      case .loop(let target, let values, let condition, let body, let empty):
        let flow = try loop(target, values, condition, body, empty)
        if flow != .goesOn { return flow }
      case .branch(let branches, let otherwise):
        var chosen = otherwise
        for (condition, body) in branches where try evaluate(condition).isTrue {
          chosen = body
          break
        }
        let flow = try flow(chosen)
        if flow != .goesOn { return flow }
      case .assign(let target, let expression): try assign(target, try evaluate(expression))
      case .capture(let target, let filters, let body):
        var value = TemplateValue.text(
          try captured { interpreter throws(TemplateProblem) in try interpreter.scoped(body) })
        for (name, arguments) in filters { value = try filter(value, name, arguments) }
        try assign(target, value)
      case .macro(let name, let parameters, let body):
        try assign(.name(name), .function(macro(name, parameters, body)))
      case .call(let call, let parameters, let body):
        let caller = TemplateValue.function(macro("caller", parameters, body))
        try write(try printed(try evaluate(call, caller: caller)))
      case .filtered(let filters, let body):
        var value = TemplateValue.text(
          try captured { interpreter throws(TemplateProblem) in try interpreter.scoped(body) })
        for (name, arguments) in filters { value = try filter(value, name, arguments) }
        try write(try printed(value))
      case .scope(let values, let body):
        var frame: [String: TemplateValue] = [:]
        for (name, expression) in values { frame[name] = try evaluate(expression) }
        try scoped(body, frame)
      case .leaveLoop: return .leavesLoop
      case .nextRound: return .nextRound
      }
    }
    return .goesOn
  }

  /// Carries out a body with variables of its own.
  private mutating func scoped(
    _ body: [TemplateStatement], _ frame: [String: TemplateValue] = [:]
  ) throws(TemplateProblem) {
    frames.append(frame)
    defer { frames.removeLast() }
    _ = try flow(body)
  }

  /// What a body writes.
  private mutating func captured(
    _ body: (inout TemplateInterpreter) throws(TemplateProblem) -> Void
  ) throws(TemplateProblem) -> String {
    var before = ""
    swap(&before, &output)
    defer { output = before }
    try body(&self)
    return output
  }

  private mutating func assign(_ target: TemplateStatement.Target, _ value: TemplateValue) throws(TemplateProblem) {
    guard value.depth <= Self.deepest else { throw .tooDeep }
    switch target {
    case .name(let name): frames[frames.count - 1][name] = value
    case .names(let names):
      let values = try elements(of: value, "unpacking")
      guard values.count == names.count else {
        throw .wrongType(operation: "unpacking into \(names.count) names", found: "\(values.count) values")
      }
      for (name, value) in zip(names, values) { frames[frames.count - 1][name] = value }
    case .attribute(let name, let attribute):
      guard case .namespace(let namespace) = self.value(of: name) else {
        throw .wrongType(operation: "setting '\(attribute)'", found: self.value(of: name).kind)
      }
      namespace.values[attribute] = try member(value)
    }
  }

  private mutating func loop(
    _ target: TemplateStatement.Target, _ expression: TemplateExpression, _ condition: TemplateExpression?,
    _ body: [TemplateStatement], _ empty: [TemplateStatement]
  ) throws(TemplateProblem) -> Flow {
    var values = try elements(of: try evaluate(expression), "a loop")
    if let condition {
      var kept: [TemplateValue] = []
      for value in values {
        frames.append([:])
        defer { frames.removeLast() }
        try assign(target, value)
        if try evaluate(condition).isTrue { kept.append(value) }
      }
      values = kept
    }
    if values.isEmpty {
      try scoped(empty)
      return .goesOn
    }
    let loop = TemplateLoop(values)
    for index in values.indices {
      loop.index = index
      try spend(64)
      frames.append(["loop": .loop(loop)])
      defer { frames.removeLast() }
      try assign(target, values[index])
      if try flow(body) == .leavesLoop { break }
    }
    return .goesOn
  }

  private func macro(
    _ name: String, _ parameters: [TemplateStatement.Parameter], _ body: [TemplateStatement]
  ) -> TemplateFunction {
    let around = Array(frames.dropFirst())
    let depth = around.isEmpty ? 0 : 1 + (around.lazy.joined().map(\.value.depth).max() ?? 0)
    return TemplateFunction(name: name, isFree: around.isEmpty, depth: depth) {
      interpreter, call throws(TemplateProblem) in
      .text(try interpreter.expand(name, parameters, body, around, call))
    }
  }

  /// Carries out a macro, which sees the whole template's variables and those that were around it.
  private mutating func expand(
    _ name: String, _ parameters: [TemplateStatement.Parameter], _ body: [TemplateStatement],
    _ around: [[String: TemplateValue]], _ call: TemplateCall
  ) throws(TemplateProblem) -> String {
    let known = Set(parameters.map(\.name) + ["caller"])
    guard call.positional.count <= parameters.count, call.named.allSatisfy({ known.contains($0.name) }) else {
      throw .wrongArguments(of: name)
    }
    let (outer, outerLine) = (frames, line)
    frames = [frames[0]] + around + [[:]]
    defer {
      // What a macro sets ends with it.
      frames = outer
      line = outerLine
    }
    for (index, parameter) in parameters.enumerated() {
      let given =
        index < call.positional.count ? call.positional[index] : call.named.last { $0.name == parameter.name }?.value
      let value =
        if let given { given } else { try parameter.value.map { value throws(TemplateProblem) in try evaluate(value) } }
      guard value?.depth ?? 0 <= Self.deepest else { throw .tooDeep }
      frames[frames.count - 1][parameter.name] = value ?? .undefined(parameter.name)
    }
    if let caller = call.named.last(where: { $0.name == "caller" })?.value {
      frames[frames.count - 1]["caller"] = caller
    }
    return try captured { interpreter throws(TemplateProblem) in
      try interpreter.nest { interpreter throws(TemplateProblem) in _ = try interpreter.flow(body) }
    }
  }

  /// A value that is put inside another.
  func member(_ value: TemplateValue) throws(TemplateProblem) -> TemplateValue {
    guard value.canBeMember else { throw .unsupported("\(value.kind) inside another value") }
    return value
  }

  mutating func nest<Result>(
    _ body: (inout TemplateInterpreter) throws(TemplateProblem) -> Result
  ) throws(TemplateProblem) -> Result {
    guard depth < Self.deepest else { throw .tooDeep }
    depth += 1
    defer { depth -= 1 }
    return try body(&self)
  }

  /// The values that a loop or a filter goes through.
  mutating func elements(of value: TemplateValue, _ operation: String) throws(TemplateProblem) -> [TemplateValue] {
    try spend(value.size)
    switch value {
    case .undefined: return []
    case .sequence(let list): return list.elements
    case .text(let text): return text.unicodeScalars.map { .text(String($0)) }
    case .object(let object): return object.members.map(\.key)
    default: throw .wrongType(operation: operation, found: value.kind)
    }
  }
}
