/// What a function, a filter or a test was called with.
struct TemplateCall {
  var name: String
  var positional: [TemplateValue] = []
  var named: [(name: String, value: TemplateValue)] = []

  /// The argument at a place or of a name; nil where there is none.
  func value(_ index: Int, _ name: String = "") -> TemplateValue? {
    positional.indices.contains(index) ? positional[index] : named.last { $0.name == name }?.value
  }

  func text(_ index: Int, _ name: String = "") throws(TemplateProblem) -> String {
    guard let text = try optionalText(index, name) else { throw .wrongArguments(of: self.name) }
    return text
  }

  /// A text; nil where none is given, or `none`.
  func optionalText(_ index: Int, _ name: String = "") throws(TemplateProblem) -> String? {
    switch value(index, name) {
    case nil, .some(.none): return nil
    case .text(let text): return text
    case .some(let other): throw .wrongType(operation: "'\(self.name)'", found: other.kind)
    }
  }

  func integer(_ index: Int, _ name: String = "", default fallback: Int? = nil) throws(TemplateProblem) -> Int {
    guard let value = value(index, name) else {
      guard let fallback else { throw .wrongArguments(of: self.name) }
      return fallback
    }
    guard let number = value.integer else { throw .wrongType(operation: "'\(self.name)'", found: value.kind) }
    return number
  }

  /// A number of characters, within what a text may have.
  func length(_ index: Int, _ name: String = "", default fallback: Int? = nil) throws(TemplateProblem) -> Int {
    let number = try integer(index, name, default: fallback)
    let longest = TemplateInterpreter.longest
    guard (-longest...longest).contains(number) else { throw .tooLarge }
    return number
  }

  func isTrue(_ index: Int, _ name: String = "", default fallback: Bool = false) -> Bool {
    value(index, name)?.isTrue ?? fallback
  }
}

/// The functions that every template finds.
enum TemplateFunctions {
  private typealias Body = @Sendable (inout TemplateInterpreter, TemplateCall) throws(TemplateProblem) -> TemplateValue

  static var table: [String: TemplateFunction] {
    Dictionary(uniqueKeysWithValues: bodies.map { ($0, TemplateFunction(name: $0, call: $1)) })
  }

  private static let bodies: [String: Body] = [
    "range": range, "dict": object, "namespace": namespace, "raise_exception": raise, "strftime_now": time,
    "joiner": joiner, "cycler": cycler,
  ]

  private static let range: Body = { interpreter, call throws(TemplateProblem) in
    let isOne = call.positional.count == 1
    let start = isOne ? 0 : try call.integer(0)
    let end = isOne ? try call.integer(0) : try call.integer(1)
    let step = try call.integer(2, default: 1)
    guard step != 0 else { throw .wrongType(operation: "'range'", found: "a step of 0") }
    let distance = end.subtractingReportingOverflow(start)
    guard !distance.overflow, distance.partialValue != .min, step != .min,
      distance.partialValue / step <= TemplateInterpreter.longestRange
    else {
      throw .tooLarge
    }
    let numbers = stride(from: start, to: end, by: step).map { TemplateValue.integer($0) }
    try interpreter.spend(8 * numbers.count)
    return .list(numbers)
  }

  private static let object: Body = { interpreter, call throws(TemplateProblem) in
    .object(try members(call, interpreter))
  }

  private static let namespace: Body = { interpreter, call throws(TemplateProblem) in
    .namespace(TemplateNamespace(try members(call, interpreter)))
  }

  private static func members(
    _ call: TemplateCall, _ interpreter: TemplateInterpreter
  ) throws(TemplateProblem) -> TemplateObject {
    var object = TemplateObject()
    if case .object(let first)? = call.positional.first { object = first }
    for (name, value) in call.named { object[name] = try interpreter.member(value) }
    return object
  }

  private static let raise: Body = { interpreter, call throws(TemplateProblem) in
    throw .raised(try interpreter.printed(call.value(0, "message") ?? .text("")))
  }

  private static let time: Body = { interpreter, call throws(TemplateProblem) in
    let format = try call.text(0, "format")
    guard format.utf8.count < 1000 else { throw .tooLarge }
    return .text(TemplateTime.text(of: interpreter.now, format))
  }

  private static let joiner: Body = { _, call throws(TemplateProblem) in
    let separator = try call.optionalText(0, "sep") ?? ", "
    let state = TemplateNamespace(TemplateObject())
    return .function(
      TemplateFunction(name: "joiner") { _, _ throws(TemplateProblem) in
        let isFirst = state.values["used"] == nil
        state.values["used"] = .boolean(true)
        return .text(isFirst ? "" : separator)
      })
  }

  private static let cycler: Body = { _, call throws(TemplateProblem) in
    let values = call.positional.filter(\.canBeMember)
    guard !values.isEmpty else { throw .wrongArguments(of: "cycler") }
    let state = TemplateNamespace(TemplateObject(["index": .integer(0)]))
    let next = TemplateFunction(name: "next") { _, _ throws(TemplateProblem) in
      let index = state.values["index"]?.integer ?? 0
      state.values["index"] = .integer((index + 1) % values.count)
      return values[index]
    }
    return .object(TemplateObject(["next": .function(next)]))
  }
}
