import Foundation

/// The filters that stand behind a bar. A new one is a new row.
enum TemplateFilters {
  typealias Filter =
    @Sendable (inout TemplateInterpreter, TemplateValue, TemplateCall) throws(TemplateProblem) -> TemplateValue

  static let table: [String: Filter] = texts.merging(lists) { first, _ in first }.merging(numbers) { first, _ in first }

  /// The filters of texts, and of whatever prints as one.
  private static let texts: [String: Filter] = [
    "trim": { interpreter, value, call throws(TemplateProblem) in
      .text(PythonText.stripped(try interpreter.printed(value), of: try call.optionalText(0, "chars")))
    },
    "upper": { interpreter, value, _ throws(TemplateProblem) in .text(try interpreter.printed(value).uppercased()) },
    "lower": { interpreter, value, _ throws(TemplateProblem) in .text(try interpreter.printed(value).lowercased()) },
    "title": { interpreter, value, _ throws(TemplateProblem) in .text(PythonText.titled(try interpreter.printed(value)))
    },
    "capitalize": { interpreter, value, _ throws(TemplateProblem) in
      .text(PythonText.capitalized(try interpreter.printed(value)))
    },
    "string": { interpreter, value, _ throws(TemplateProblem) in .text(try interpreter.printed(value)) },
    "safe": { _, value, _ in value },
    "escape": escape, "e": escape,
    "replace": { interpreter, value, call throws(TemplateProblem) in
      let count = try call.integer(2, "count", default: -1)
      let (old, new) = (
        try interpreter.printed(call.value(0, "old") ?? .none), try interpreter.printed(call.value(1, "new") ?? .none)
      )
      return .text(
        try TemplateMethods.replaced(try interpreter.printed(value), old, by: new, count, &interpreter))
    },
    "indent": { interpreter, value, call throws(TemplateProblem) in
      var indentation = ""
      if case .text(let given)? = call.value(0, "width") {
        indentation = given
      } else {
        let width = try call.integer(0, "width", default: 4)
        guard width <= 1000 else { throw .tooLarge }
        indentation = String(repeating: " ", count: max(width, 0))
      }
      let (first, blank) = (call.isTrue(1, "first"), call.isTrue(2, "blank"))
      let lines = PythonText.lines(try interpreter.printed(value) + "\n", keepsEnds: false)
      let added = lines.count.multipliedReportingOverflow(by: indentation.utf8.count)
      guard !added.overflow else { throw .tooLarge }
      try interpreter.grow(added.partialValue)
      let indented = lines.enumerated().map { index, line in
        (index == 0 ? first : blank || !line.isEmpty) ? indentation + line : line
      }
      return .text(try interpreter.joined(indented, "\n"))
    },
    "wordcount": { interpreter, value, _ throws(TemplateProblem) in
      .integer(
        try interpreter.printed(value).unicodeScalars.split {
          !$0.properties.isAlphabetic && $0.properties.numericType == nil && $0 != "_"
        }.count)
    },
    "center": { interpreter, value, call throws(TemplateProblem) in
      let width = try call.integer(0, "width", default: 80)
      let text = try interpreter.printed(value)
      return try interpreter.item(.text("center"), of: .text(text)).called(&interpreter, [.integer(width)])
    },
    "truncate": { interpreter, value, call throws(TemplateProblem) in
      let length = try call.length(0, "length", default: 255)
      let end = try call.optionalText(2, "end") ?? "..."
      let leeway = try call.length(3, "leeway", default: 5)
      let text = try interpreter.printed(value)
      let scalars = Array(text.unicodeScalars)
      guard length >= end.unicodeScalars.count else { throw .wrongArguments(of: "truncate") }
      guard scalars.count - leeway > length else { return .text(text) }
      var cut = scalars.prefix(length - end.unicodeScalars.count)
      if !call.isTrue(1, "killwords"), let space = cut.lastIndex(of: " ") { cut = cut[..<space] }
      return .text(String(String.UnicodeScalarView(cut)) + end)
    },
    "tojson": { interpreter, value, call throws(TemplateProblem) in
      .text(try TemplateJSON.text(value, call, &interpreter))
    },
    "format": { interpreter, value, call throws(TemplateProblem) in
      .text(try interpreter.formatted(try interpreter.printed(value), call.positional))
    },
    "join": { interpreter, value, call throws(TemplateProblem) in
      let separator = try interpreter.printed(call.value(0, "d") ?? .text(""))
      var parts: [String] = []
      for element in try interpreter.elements(of: value, "'join'") {
        let part = try call.value(1, "attribute").map { key throws(TemplateProblem) in
          try interpreter.item(key, of: element)
        }
        parts.append(try interpreter.printed(part ?? element))
      }
      return .text(try interpreter.joined(parts, separator))
    },
  ]

  private static let escape: Filter = { interpreter, value, _ throws(TemplateProblem) in
    var text = try interpreter.printed(value)
    for (old, new) in [("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("'", "&#39;"), ("\"", "&#34;")] {
      text = try TemplateMethods.replaced(text, old, by: new, -1, &interpreter)
    }
    return .text(text)
  }

  /// The filters of lists and objects.
  private static let lists: [String: Filter] = [
    "length": length, "count": length,
    "list": { interpreter, value, _ throws(TemplateProblem) in .list(try interpreter.elements(of: value, "'list'")) },
    "first": { interpreter, value, _ throws(TemplateProblem) in
      try interpreter.elements(of: value, "'first'").first ?? .undefined("the first of nothing")
    },
    "last": { interpreter, value, _ throws(TemplateProblem) in
      try interpreter.elements(of: value, "'last'").last ?? .undefined("the last of nothing")
    },
    "reverse": { interpreter, value, _ throws(TemplateProblem) in
      if case .text(let text) = value { return .text(String(String.UnicodeScalarView(text.unicodeScalars.reversed()))) }
      return .list(try interpreter.elements(of: value, "'reverse'").reversed())
    },
    "items": { interpreter, value, _ throws(TemplateProblem) in
      guard case .object(let object) = value else {
        if case .undefined = value { return .list([]) }
        throw .wrongType(operation: "'items'", found: value.kind)
      }
      return .list(object.members.map { .list([$0.key, $0.value], isTuple: true) })
    },
    "dictsort": { interpreter, value, call throws(TemplateProblem) in
      guard case .object(let object) = value else { throw .wrongType(operation: "'dictsort'", found: value.kind) }
      let isByValue = try call.optionalText(1, "by") == "value"
      let keepsCase = call.isTrue(0, "case_sensitive")
      let members = object.members.map { member in
        (
          key: folded(isByValue ? member.value : member.key, keepsCase),
          value: TemplateValue.list([member.key, member.value], isTuple: true)
        )
      }
      return .list(try interpreter.sorted(members, descending: call.isTrue(2, "reverse")))
    },
    "sort": { interpreter, value, call throws(TemplateProblem) in
      let keepsCase = call.isTrue(1, "case_sensitive")
      var keyed: [(key: TemplateValue, value: TemplateValue)] = []
      for element in try interpreter.elements(of: value, "'sort'") {
        let part = try part(of: element, call.value(2, "attribute"), &interpreter)
        keyed.append((folded(part, keepsCase), element))
      }
      return .list(try interpreter.sorted(keyed, descending: call.isTrue(0, "reverse")))
    },
    "unique": { interpreter, value, call throws(TemplateProblem) in
      let keepsCase = call.isTrue(0, "case_sensitive")
      var (seen, kept): ([TemplateValue], [TemplateValue]) = ([], [])
      for element in try interpreter.elements(of: value, "'unique'") {
        let key = folded(try part(of: element, call.value(1, "attribute"), &interpreter), keepsCase)
        if try interpreter.contains(.list(seen), key) { continue }
        seen.append(key)
        kept.append(element)
      }
      return .list(kept)
    },
    "map": { interpreter, value, call throws(TemplateProblem) in
      var results: [TemplateValue] = []
      let attribute = call.named.last { $0.name == "attribute" }?.value
      for element in try lazyElements(of: value, call, &interpreter) {
        if let attribute {
          let found = try part(of: element, attribute, &interpreter)
          let fallback = call.named.last { $0.name == "default" }?.value
          if case .undefined = found, let fallback { results.append(fallback) } else { results.append(found) }
        } else {
          let rest = TemplateCall(
            name: try call.text(0), positional: Array(call.positional.dropFirst()), named: call.named)
          results.append(try interpreter.filter(element, rest.name, rest))
        }
      }
      return .list(results)
    },
    "select": { interpreter, value, call throws(TemplateProblem) in
      try chosen(value, call, hasAttribute: false, keeps: true, &interpreter)
    },
    "reject": { interpreter, value, call throws(TemplateProblem) in
      try chosen(value, call, hasAttribute: false, keeps: false, &interpreter)
    },
    "selectattr": { interpreter, value, call throws(TemplateProblem) in
      try chosen(value, call, hasAttribute: true, keeps: true, &interpreter)
    },
    "rejectattr": { interpreter, value, call throws(TemplateProblem) in
      try chosen(value, call, hasAttribute: true, keeps: false, &interpreter)
    },
    "groupby": { interpreter, value, call throws(TemplateProblem) in
      var keyed: [(key: TemplateValue, value: TemplateValue)] = []
      for element in try interpreter.elements(of: value, "'groupby'") {
        let key = try part(of: element, call.value(0, "attribute"), &interpreter)
        keyed.append((key, .list([key, element])))
      }
      var groups: [(key: TemplateValue, elements: [TemplateValue])] = []
      for pair in try interpreter.sorted(keyed) {
        guard case .sequence(let pair) = pair else { continue }
        if let last = groups.last, try interpreter.areEqual(last.key, pair.elements[0]) {
          groups[groups.count - 1].elements.append(pair.elements[1])
        } else {
          groups.append((pair.elements[0], [pair.elements[1]]))
        }
      }
      return .list(groups.map { .list([$0.key, .list($0.elements)], isTuple: true) })
    },
    "batch": { interpreter, value, call throws(TemplateProblem) in
      let size = try call.integer(0, "linecount")
      guard size > 0, size <= TemplateInterpreter.longestRange else { throw .wrongArguments(of: "batch") }
      let elements = try interpreter.elements(of: value, "'batch'")
      return .list(
        stride(from: 0, to: elements.count, by: size).map { start in
          var part = Array(elements[start..<min(start + size, elements.count)])
          if let fill = call.value(1, "fill_with") { part += repeatElement(fill, count: size - part.count) }
          return .list(part)
        })
    },
    "attr": { interpreter, value, call throws(TemplateProblem) in try interpreter.attribute(try call.text(0), of: value)
    },
    "default": fallback, "d": fallback,
  ]

  private static let length: Filter = { _, value, _ throws(TemplateProblem) in
    switch value {
    case .text(let text): return .integer(text.unicodeScalars.count)
    case .sequence, .object: return .integer(value.size)
    case .undefined: return .integer(0)
    default: throw .wrongType(operation: "'length'", found: value.kind)
    }
  }

  private static let fallback: Filter = { _, value, call in
    let other = call.value(0, "default_value") ?? .text("")
    if case .undefined = value { return other }
    return call.isTrue(1, "boolean") && !value.isTrue ? other : value
  }

  /// The part of an element that a dotted name or an index leads to; the element itself where there is none.
  private static func part(
    of element: TemplateValue, _ path: TemplateValue?, _ interpreter: inout TemplateInterpreter
  ) throws(TemplateProblem) -> TemplateValue {
    guard let path else { return element }
    guard case .text(let names) = path else { return try interpreter.item(path, of: element) }
    var value = element
    for name in PythonText.split(names, at: ".", limit: nil) {
      value = try interpreter.item(Int(name).map { .integer($0) } ?? .text(name), of: value)
    }
    return value
  }

  private static func folded(_ value: TemplateValue, _ keepsCase: Bool) -> TemplateValue {
    if !keepsCase, case .text(let text) = value { return .text(text.lowercased()) }
    return value
  }

  /// The elements that a filter goes through which Jinja puts off until they are asked for. Published templates filter
  /// `none` so, and then do not ask.
  private static func lazyElements(
    of value: TemplateValue, _ call: TemplateCall, _ interpreter: inout TemplateInterpreter
  ) throws(TemplateProblem) -> [TemplateValue] {
    if case .none = value { return [] }
    return try interpreter.elements(of: value, "'\(call.name)'")
  }

  /// The elements for which a test holds, or does not; without a test those that are true.
  private static func chosen(
    _ value: TemplateValue, _ call: TemplateCall, hasAttribute: Bool, keeps: Bool,
    _ interpreter: inout TemplateInterpreter
  ) throws(TemplateProblem) -> TemplateValue {
    var arguments = call.positional[...]
    let attribute = hasAttribute ? arguments.popFirst() : nil
    guard !hasAttribute || attribute != nil else { throw .wrongArguments(of: call.name) }
    var name: String?
    if let first = arguments.popFirst() {
      guard case .text(let given) = first else { throw .wrongArguments(of: call.name) }
      name = given
    }
    var kept: [TemplateValue] = []
    for element in try lazyElements(of: value, call, &interpreter) {
      let part = try part(of: element, attribute, &interpreter)
      let rest = TemplateCall(name: name ?? "", positional: Array(arguments), named: call.named)
      let holds = try name.map { name throws(TemplateProblem) in try interpreter.test(part, name, rest) } ?? part.isTrue
      if holds == keeps { kept.append(element) }
    }
    return .list(kept)
  }

  /// The filters that give numbers.
  private static let numbers: [String: Filter] = [
    "int": { interpreter, value, call throws(TemplateProblem) in
      let fallback = call.value(0, "default") ?? .integer(0)
      switch value {
      case .text(let text):
        let trimmed = PythonText.stripped(text, of: nil)
        let base = try call.integer(1, "base", default: 10)
        guard (2...36).contains(base) else { throw .wrongArguments(of: "int") }
        if let number = Int(trimmed, radix: base) { return .integer(number) }
        return Double(trimmed).flatMap { Int(exactly: $0.rounded(.towardZero)) }.map { .integer($0) } ?? fallback
      default:
        if let number = value.integer { return .integer(number) }
        return value.number.flatMap { Int(exactly: $0.rounded(.towardZero)) }.map { .integer($0) } ?? fallback
      }
    },
    "float": { _, value, call in
      let fallback = call.value(0, "default") ?? .number(0)
      if case .text(let text) = value {
        return Double(PythonText.stripped(text, of: nil)).map { .number($0) } ?? fallback
      }
      return value.number.map { .number($0) } ?? fallback
    },
    "abs": { _, value, call throws(TemplateProblem) in
      if let number = value.integer {
        guard number != .min else { throw .tooLarge }
        return .integer(abs(number))
      }
      guard let number = value.number else { throw .wrongType(operation: "'abs'", found: value.kind) }
      return .number(abs(number))
    },
    "round": { _, value, call throws(TemplateProblem) in
      guard let number = value.number else { throw .wrongType(operation: "'round'", found: value.kind) }
      let scale = pow(10, Double(max(-300, min(300, try call.integer(0, "precision", default: 0)))))
      let method = try call.optionalText(1, "method") ?? "common"
      let rules: [String: FloatingPointRoundingRule] = ["common": .toNearestOrEven, "ceil": .up, "floor": .down]
      guard let rule = rules[method] else { throw .wrongArguments(of: "round") }
      return .number((number * scale).rounded(rule) / scale)
    },
    "sum": { interpreter, value, call throws(TemplateProblem) in
      var sum = call.value(1, "start") ?? .integer(0)
      for element in try interpreter.elements(of: value, "'sum'") {
        sum = try interpreter.binary("+", sum, try part(of: element, call.value(0, "attribute"), &interpreter))
      }
      return sum
    },
    "min": { interpreter, value, call throws(TemplateProblem) in try extreme(value, call, isLeast: true, &interpreter)
    },
    "max": { interpreter, value, call throws(TemplateProblem) in try extreme(value, call, isLeast: false, &interpreter)
    },
  ]

  private static func extreme(
    _ value: TemplateValue, _ call: TemplateCall, isLeast: Bool, _ interpreter: inout TemplateInterpreter
  ) throws(TemplateProblem) -> TemplateValue {
    var best: (key: TemplateValue, value: TemplateValue)?
    for element in try interpreter.elements(of: value, "'\(call.name)'") {
      let key = folded(
        try part(of: element, call.value(1, "attribute"), &interpreter), call.isTrue(0, "case_sensitive"))
      guard let current = best else {
        best = (key, element)
        continue
      }
      let (first, second) = isLeast ? (key, current.key) : (current.key, key)
      guard let isBetter = try interpreter.isLess(first, second) else {
        throw .wrongType(operation: "'\(call.name)' of \(first.kind)", found: second.kind)
      }
      if isBetter { best = (key, element) }
    }
    return best?.value ?? .undefined("the \(isLeast ? "least" : "greatest") of nothing")
  }
}

extension TemplateValue {
  /// What a function gives for some arguments.
  fileprivate func called(
    _ interpreter: inout TemplateInterpreter, _ arguments: [TemplateValue]
  ) throws(TemplateProblem) -> TemplateValue {
    guard case .function(let function) = self else { throw .wrongType(operation: "a call", found: kind) }
    return try function.call(&interpreter, TemplateCall(name: function.name, positional: arguments))
  }
}
