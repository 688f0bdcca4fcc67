/// What the body of a `for` finds as `loop`.
final class TemplateLoop {
  let values: [TemplateValue]
  var index = 0
  /// What `changed` was last called with.
  private var last: TemplateValue?

  init(_ values: [TemplateValue]) { self.values = values }

  /// A member by its name; undefined for any other.
  func attribute(_ name: String) -> TemplateValue {
    let count = values.count
    switch name {
    case "index": return .integer(index + 1)
    case "index0": return .integer(index)
    case "revindex": return .integer(count - index)
    case "revindex0": return .integer(count - index - 1)
    case "first": return .boolean(index == 0)
    case "last": return .boolean(index == count - 1)
    case "length": return .integer(count)
    case "depth": return .integer(1)
    case "depth0": return .integer(0)
    case "previtem": return index > 0 ? values[index - 1] : .undefined("loop.previtem")
    case "nextitem": return index + 1 < count ? values[index + 1] : .undefined("loop.nextitem")
    case "cycle": return .function(cycle)
    case "changed": return .function(changed)
    default: return .undefined(name)
    }
  }

  private var cycle: TemplateFunction {
    TemplateFunction(name: "cycle") { [index] _, call throws(TemplateProblem) in
      guard !call.positional.isEmpty else { throw .wrongArguments(of: "loop.cycle") }
      return call.positional[index % call.positional.count]
    }
  }

  private var changed: TemplateFunction {
    TemplateFunction(name: "changed") { interpreter, call throws(TemplateProblem) in
      let value = TemplateValue.list(call.positional.filter(\.canBeMember))
      defer { self.last = value }
      guard let last = self.last else { return .boolean(true) }
      return .boolean(!(try interpreter.areEqual(last, value)))
    }
  }
}
