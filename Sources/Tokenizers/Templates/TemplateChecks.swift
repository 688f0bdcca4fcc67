/// The tests that stand behind `is`. A new one is a new row.
enum TemplateChecks {
  typealias Check =
    @Sendable (inout TemplateInterpreter, TemplateValue, TemplateCall) throws(TemplateProblem) -> Bool

  static let table: [String: Check] = [
    "defined": { _, value, _ in if case .undefined = value { false } else { true } },
    "undefined": { _, value, _ in if case .undefined = value { true } else { false } },
    "none": { _, value, _ in if case .none = value { true } else { false } },
    "boolean": { _, value, _ in if case .boolean = value { true } else { false } },
    "true": { _, value, _ in if case .boolean(true) = value { true } else { false } },
    "false": { _, value, _ in if case .boolean(false) = value { true } else { false } },
    "integer": { _, value, _ in if case .integer = value { true } else { false } },
    "float": { _, value, _ in if case .number = value { true } else { false } },
    "number": { _, value, _ in value.number != nil },
    "string": { _, value, _ in if case .text = value { true } else { false } },
    "mapping": { _, value, _ in if case .object = value { true } else { false } },
    "callable": { _, value, _ in if case .function = value { true } else { false } },
    "sequence": { _, value, _ in isIterable(value) },
    "iterable": { _, value, _ in isIterable(value) },
    "even": { _, value, call throws(TemplateProblem) in try whole(value, call).isMultiple(of: 2) },
    "odd": { _, value, call throws(TemplateProblem) in !(try whole(value, call).isMultiple(of: 2)) },
    "divisibleby": { _, value, call throws(TemplateProblem) in
      let divisor = try call.integer(0, "num")
      guard divisor != 0 else { throw .dividesByZero }
      return try whole(value, call).isMultiple(of: divisor)
    },
    "lower": { _, value, _ in
      if case .text(let text) = value { text.utf8.elementsEqual(text.lowercased().utf8) } else { false }
    },
    "upper": { _, value, _ in
      if case .text(let text) = value { text.utf8.elementsEqual(text.uppercased().utf8) } else { false }
    },
    "in": { interpreter, value, call throws(TemplateProblem) in
      try interpreter.contains(try first(call), value)
    },
    "sameas": { interpreter, value, call throws(TemplateProblem) in
      try interpreter.areEqual(value, try first(call))
    },
    "==": equal, "eq": equal, "equalto": equal,
    "!=": { interpreter, value, call throws(TemplateProblem) in !(try equal(&interpreter, value, call)) },
    "ne": { interpreter, value, call throws(TemplateProblem) in !(try equal(&interpreter, value, call)) },
    "<": less, "lt": less, "lessthan": less, ">": greater, "gt": greater, "greaterthan": greater,
    "<=": { interpreter, value, call throws(TemplateProblem) in !(try greater(&interpreter, value, call)) },
    "le": { interpreter, value, call throws(TemplateProblem) in !(try greater(&interpreter, value, call)) },
    ">=": { interpreter, value, call throws(TemplateProblem) in !(try less(&interpreter, value, call)) },
    "ge": { interpreter, value, call throws(TemplateProblem) in !(try less(&interpreter, value, call)) },
  ]

  private static let equal: Check = { interpreter, value, call throws(TemplateProblem) in
    try interpreter.areEqual(value, try first(call))
  }
  private static let less: Check = { interpreter, value, call throws(TemplateProblem) in
    try order(&interpreter, value, try first(call), call)
  }
  private static let greater: Check = { interpreter, value, call throws(TemplateProblem) in
    try order(&interpreter, try first(call), value, call)
  }

  private static func order(
    _ interpreter: inout TemplateInterpreter, _ left: TemplateValue, _ right: TemplateValue, _ call: TemplateCall
  ) throws(TemplateProblem) -> Bool {
    guard let isLess = try interpreter.isLess(left, right) else {
      throw .wrongType(operation: "'is \(call.name)' on \(left.kind)", found: right.kind)
    }
    return isLess
  }

  private static func first(_ call: TemplateCall) throws(TemplateProblem) -> TemplateValue {
    guard let value = call.value(0) else { throw .wrongArguments(of: call.name) }
    return value
  }

  private static func whole(_ value: TemplateValue, _ call: TemplateCall) throws(TemplateProblem) -> Int {
    guard let number = value.integer else { throw .wrongType(operation: "'is \(call.name)'", found: value.kind) }
    return number
  }

  private static func isIterable(_ value: TemplateValue) -> Bool {
    switch value {
    case .text, .sequence, .object, .undefined: true
    default: false
    }
  }
}
