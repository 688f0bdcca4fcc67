import Foundation

extension TemplateInterpreter {
  /// The value of an expression; `caller` is what a macro that is called last finds as `caller`.
  mutating func evaluate(
    _ expression: TemplateExpression, caller: TemplateValue? = nil
  ) throws(TemplateProblem) -> TemplateValue {
    try spend(0)
    switch expression {
    case .text(let text): return .text(text)
    case .integer(let number): return .integer(number)
    case .number(let number): return .number(number)
    case .boolean(let value): return .boolean(value)
    case .none: return .none
    case .name(let name): return value(of: name)
    case .list(let elements, let isTuple):
      var values: [TemplateValue] = []
      for element in elements { values.append(try member(try evaluate(element))) }
      return .list(values, isTuple: isTuple)
    case .object(let members):
      var object = TemplateObject()
      for (key, value) in members {
        let key = try evaluate(key)
        if case .function = key { throw .wrongType(operation: "a key", found: key.kind) }
        guard key.depth == 0, key.canBeMember else { throw .wrongType(operation: "a key", found: key.kind) }
        object.set(key, try member(try evaluate(value)))
      }
      return .object(object)
    case .steps(let base, let steps): return try take(steps, from: try evaluate(base), caller: caller)
    case .not(let operand): return .boolean(!(try evaluate(operand).isTrue))
    case .both(let operands):
      var value = TemplateValue.none
      for operand in operands {
        value = try evaluate(operand)
        if !value.isTrue { break }
      }
      return value
    case .either(let operands):
      var value = TemplateValue.none
      for operand in operands {
        value = try evaluate(operand)
        if value.isTrue { break }
      }
      return value
    case .negative(let operand): return try binary("-", .integer(0), try evaluate(operand))
    case .comparison(let first, let operations):
      var left = try evaluate(first)
      for (operation, right) in operations {
        let right = try evaluate(right)
        guard try compare(left, operation, right) else { return .boolean(false) }
        left = right
      }
      return .boolean(true)
    case .chain(let first, let operations):
      var left = try evaluate(first)
      for (operation, right) in operations { left = try binary(operation, left, try evaluate(right)) }
      return left
    case .conditional(let value, let condition, let otherwise):
      if try evaluate(condition).isTrue { return try evaluate(value) }
      return if let otherwise { try evaluate(otherwise) } else { .undefined("") }
    }
  }

  private mutating func take(
    _ steps: [TemplateStep], from base: TemplateValue, caller: TemplateValue?
  ) throws(TemplateProblem) -> TemplateValue {
    var value = base
    for (index, step) in steps.enumerated() {
      try spend(0)
      switch step {
      case .attribute(let name): value = try attribute(name, of: value)
      case .item(let index): value = try item(try evaluate(index), of: value)
      case .slice(let start, let end, let stride): value = try slice(value, start, end, stride)
      case .filter(let name, let arguments): value = try filter(value, name, arguments)
      case .test(let name, let arguments, let isNegated):
        value = .boolean(try test(value, name, try call(name, arguments)) != isNegated)
      case .call(let arguments):
        guard case .function(let function) = value else {
          if case .undefined(let name) = value { throw .unknown(kind: "function", name: name) }
          throw .wrongType(operation: "a call", found: value.kind)
        }
        var call = try call(function.name, arguments)
        if let caller, index == steps.count - 1 { call.named.append(("caller", caller)) }
        value = try nest { interpreter throws(TemplateProblem) in try function.call(&interpreter, call) }
      }
      guard value.depth <= Self.deepest else { throw .tooDeep }
    }
    return value
  }

  mutating func call(_ name: String, _ arguments: TemplateArguments) throws(TemplateProblem) -> TemplateCall {
    var call = TemplateCall(name: name)
    for argument in arguments.positional { call.positional.append(try evaluate(argument)) }
    for argument in arguments.unpacked { call.positional += try elements(of: try evaluate(argument), "'*'") }
    for (name, argument) in arguments.named { call.named.append((name, try evaluate(argument))) }
    for argument in arguments.unpackedNames {
      guard case .object(let object) = try evaluate(argument) else {
        throw .wrongType(operation: "'**'", found: "no object")
      }
      for (key, value) in object.members { call.named.append((try printed(key), value)) }
    }
    return call
  }

  mutating func filter(
    _ value: TemplateValue, _ name: String, _ arguments: TemplateArguments
  ) throws(TemplateProblem) -> TemplateValue {
    try filter(value, name, try call(name, arguments))
  }

  mutating func filter(
    _ value: TemplateValue, _ name: String, _ call: TemplateCall
  ) throws(TemplateProblem) -> TemplateValue {
    guard let filter = TemplateFilters.table[name] else { throw .unknown(kind: "filter", name: name) }
    try spend(value.size)
    return try filter(&self, value, call)
  }

  mutating func test(_ value: TemplateValue, _ name: String, _ call: TemplateCall) throws(TemplateProblem) -> Bool {
    guard let test = TemplateChecks.table[name] else { throw .unknown(kind: "test", name: name) }
    return try test(&self, value, call)
  }

  /// A method, else a member; undefined where there is neither.
  mutating func attribute(_ name: String, of value: TemplateValue) throws(TemplateProblem) -> TemplateValue {
    switch value {
    case .undefined(let base): throw .undefined(base)
    case .namespace(let namespace): return namespace.values[name] ?? .undefined(name)
    case .loop(let loop): return loop.attribute(name)
    case .object(let object):
      if let method = TemplateMethods.object[name] { return .function(method(object)) }
      return object[name] ?? .undefined(name)
    case .text(let text): return TemplateMethods.text[name].map { .function($0(text)) } ?? .undefined(name)
    case .sequence(let list): return TemplateMethods.list[name].map { .function($0(list.elements)) } ?? .undefined(name)
    default: return .undefined(name)
    }
  }

  mutating func item(_ key: TemplateValue, of value: TemplateValue) throws(TemplateProblem) -> TemplateValue {
    switch (value, key) {
    case (.undefined(let base), _): throw .undefined(base)
    case (.object(let object), _):
      if let found = object[key] { return found }
      if case .text(let name) = key, let method = TemplateMethods.object[name] { return .function(method(object)) }
      return .undefined(try printed(key))
    case (.sequence(let list), _):
      guard let index = key.integer else { break }
      let elements = list.elements
      let place = index < 0 ? elements.count + index : index
      return elements.indices.contains(place) ? elements[place] : .undefined("item \(index)")
    case (.text(let text), .integer(let index)):
      try spend(text.utf8.count)
      let scalars = Array(text.unicodeScalars)
      let place = index < 0 ? scalars.count + index : index
      return scalars.indices.contains(place) ? .text(String(scalars[place])) : .undefined("item \(index)")
    default: break
    }
    if case .text(let name) = key { return try attribute(name, of: value) }
    return .undefined(try printed(key))
  }

  private mutating func slice(
    _ value: TemplateValue, _ start: TemplateExpression?, _ end: TemplateExpression?, _ stride: TemplateExpression?
  ) throws(TemplateProblem) -> TemplateValue {
    func bound(
      _ expression: TemplateExpression?, _ interpreter: inout TemplateInterpreter
    ) throws(TemplateProblem) -> Int? {
      guard let expression else { return nil }
      let value = try interpreter.evaluate(expression)
      if case .none = value { return nil }
      guard let number = value.integer else { throw .wrongType(operation: "a slice", found: value.kind) }
      return number
    }
    let (start, end) = (try bound(start, &self), try bound(end, &self))
    let step = try bound(stride, &self) ?? 1
    guard step != 0 else { throw .wrongType(operation: "a slice", found: "a step of 0") }
    try spend(value.size)
    switch value {
    case .text(let text):
      let scalars = Array(text.unicodeScalars)
      var view = String.UnicodeScalarView()
      for index in Self.indices(start, end, step, scalars.count) { view.append(scalars[index]) }
      return .text(String(view))
    case .sequence(let list):
      let elements = Self.indices(start, end, step, list.elements.count).map { list.elements[$0] }
      return .list(elements, isTuple: list.isTuple)
    case .undefined(let name): throw .undefined(name)
    default: throw .wrongType(operation: "a slice", found: value.kind)
    }
  }

  /// The places of a slice, as Python has them.
  private static func indices(_ start: Int?, _ end: Int?, _ step: Int, _ count: Int) -> [Int] {
    func place(_ index: Int?, _ fallback: Int) -> Int {
      guard let index else { return fallback }
      let fromEnd = index < 0 ? max(index, -count - 1) + count : index
      return step > 0 ? min(max(fromEnd, 0), count) : min(max(fromEnd, -1), count - 1)
    }
    let first = place(start, step > 0 ? 0 : count - 1)
    let last = place(end, step > 0 ? count : -1)
    let step = min(max(step, -count - 1), count + 1)
    return Array(Swift.stride(from: first, to: last, by: step))
  }

  private mutating func compare(
    _ left: TemplateValue, _ operation: String, _ right: TemplateValue
  ) throws(TemplateProblem) -> Bool {
    switch operation {
    case "==": return try areEqual(left, right)
    case "!=": return !(try areEqual(left, right))
    case "in": return try contains(right, left)
    case "not in": return !(try contains(right, left))
    default:
      let isSwapped = operation == ">" || operation == "<="
      let (first, second) = isSwapped ? (right, left) : (left, right)
      guard let isLess = try isLess(first, second) else {
        if case .undefined(let name) = left { throw .undefined(name) }
        if case .undefined(let name) = right { throw .undefined(name) }
        throw .wrongType(operation: "'\(operation)' on \(left.kind)", found: right.kind)
      }
      return operation == "<" || operation == ">" ? isLess : !isLess
    }
  }

  mutating func contains(_ container: TemplateValue, _ value: TemplateValue) throws(TemplateProblem) -> Bool {
    try spend(container.size)
    switch (container, value) {
    case (.undefined, _): return false
    case (.text(let text), .text(let part)):
      return PythonText.find(Array(part.utf8), in: Array(text.utf8), from: 0) != nil
    case (.sequence(let list), _):
      for element in list.elements where try areEqual(element, value) { return true }
      return false
    case (.object(let object), _): return object[value] != nil
    default: throw .wrongType(operation: "'in'", found: container.kind)
    }
  }
}
