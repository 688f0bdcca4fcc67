/// The methods of texts, lists and objects, as Python has them. A new one is a new row.
enum TemplateMethods {
  private typealias TextBody =
    @Sendable (String, inout TemplateInterpreter, TemplateCall) throws(TemplateProblem) -> TemplateValue

  /// From a method's name and the value that it belongs to, the method.
  static let text: [String: @Sendable (String) -> TemplateFunction] = {
    var table: [String: @Sendable (String) -> TemplateFunction] = [:]
    for (name, body) in textBodies {
      table[name] = { text in
        TemplateFunction(name: name) { interpreter, call throws(TemplateProblem) in
          try interpreter.spend(text.utf8.count)
          return try body(text, &interpreter, call)
        }
      }
    }
    return table
  }()

  private static let textBodies: [String: TextBody] = [
    "strip": { text, _, call throws(TemplateProblem) in .text(PythonText.stripped(text, of: try call.optionalText(0)))
    },
    "lstrip": { text, _, call throws(TemplateProblem) in
      .text(PythonText.stripped(text, of: try call.optionalText(0), right: false))
    },
    "rstrip": { text, _, call throws(TemplateProblem) in
      .text(PythonText.stripped(text, of: try call.optionalText(0), left: false))
    },
    "split": { text, _, call throws(TemplateProblem) in try split(text, call, fromRight: false) },
    "rsplit": { text, _, call throws(TemplateProblem) in try split(text, call, fromRight: true) },
    "splitlines": { text, _, call in
      .list(PythonText.lines(text, keepsEnds: call.isTrue(0, "keepends")).map { .text($0) })
    },
    "startswith": { text, _, call throws(TemplateProblem) in
      .boolean(try options(call).contains { text.utf8.starts(with: $0.utf8) })
    },
    "endswith": { text, _, call throws(TemplateProblem) in
      .boolean(try options(call).contains { text.utf8.reversed().starts(with: $0.utf8.reversed()) })
    },
    "removeprefix": { text, _, call throws(TemplateProblem) in
      let prefix = try call.text(0).utf8
      return .text(
        text.utf8.starts(with: prefix) ? String(decoding: text.utf8.dropFirst(prefix.count), as: UTF8.self) : text)
    },
    "removesuffix": { text, _, call throws(TemplateProblem) in
      let suffix = try call.text(0).utf8
      let has = text.utf8.reversed().starts(with: suffix.reversed())
      return .text(has ? String(decoding: text.utf8.dropLast(suffix.count), as: UTF8.self) : text)
    },
    "upper": { text, _, _ in .text(text.uppercased()) },
    "lower": { text, _, _ in .text(text.lowercased()) },
    "title": { text, _, _ in .text(PythonText.titled(text)) },
    "capitalize": { text, _, _ in .text(PythonText.capitalized(text)) },
    "replace": { text, interpreter, call throws(TemplateProblem) in
      let count = try call.integer(2, "count", default: -1)
      return .text(try replaced(text, try call.text(0, "old"), by: try call.text(1, "new"), count, &interpreter))
    },
    "find": { text, _, call throws(TemplateProblem) in .integer(try place(of: call, in: text, isLast: false)) },
    "rfind": { text, _, call throws(TemplateProblem) in .integer(try place(of: call, in: text, isLast: true)) },
    "index": { text, _, call throws(TemplateProblem) in
      let place = try place(of: call, in: text, isLast: false)
      guard place >= 0 else { throw .wrongType(operation: "'index'", found: "a text without it") }
      return .integer(place)
    },
    "count": { text, _, call throws(TemplateProblem) in
      let part = try call.text(0)
      return .integer(
        part.isEmpty
          ? text.unicodeScalars.count + 1 : PythonText.count(part, in: text))
    },
    "join": { text, interpreter, call throws(TemplateProblem) in
      var parts: [String] = []
      for value in try interpreter.elements(of: call.value(0) ?? .undefined(""), "'join'") {
        guard case .text(let part) = value else { throw .wrongType(operation: "'join'", found: value.kind) }
        parts.append(part)
      }
      return .text(try interpreter.joined(parts, text))
    },
    "format": { text, interpreter, call throws(TemplateProblem) in .text(try filled(text, call, &interpreter)) },
    "isdigit": { text, _, _ in
      .boolean(all(text) { $0.properties.numericType == .decimal || $0.properties.numericType == .digit })
    },
    "isnumeric": { text, _, _ in .boolean(all(text) { $0.properties.numericType != nil }) },
    "isalpha": { text, _, _ in .boolean(all(text, isLetter)) },
    "isalnum": { text, _, _ in .boolean(all(text) { isLetter($0) || $0.properties.numericType != nil }) },
    "isspace": { text, _, _ in .boolean(all(text, PythonText.isSpace)) },
    "isupper": { text, _, _ in
      .boolean(
        text.unicodeScalars.contains { $0.properties.isCased } && text.utf8.elementsEqual(text.uppercased().utf8))
    },
    "islower": { text, _, _ in
      .boolean(
        text.unicodeScalars.contains { $0.properties.isCased } && text.utf8.elementsEqual(text.lowercased().utf8))
    },
    "ljust": { text, interpreter, call throws(TemplateProblem) in .text(try padded(text, call, 0, &interpreter)) },
    "rjust": { text, interpreter, call throws(TemplateProblem) in .text(try padded(text, call, 1, &interpreter)) },
    "center": { text, interpreter, call throws(TemplateProblem) in .text(try padded(text, call, 0.5, &interpreter)) },
    "zfill": { text, interpreter, call throws(TemplateProblem) in
      let missing = max(0, try call.length(0) - text.unicodeScalars.count)
      try interpreter.grow(missing)
      let sign = text.first == "-" || text.first == "+" ? String(text.prefix(1)) : ""
      return .text(sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count))
    },
    "partition": { text, _, call throws(TemplateProblem) in
      let part = try separator(call.text(0), "partition")
      let parts = PythonText.split(text, at: part, limit: 1)
      return .list((parts.count == 2 ? [parts[0], part, parts[1]] : [text, "", ""]).map { .text($0) }, isTuple: true)
    },
    "rpartition": { text, _, call throws(TemplateProblem) in
      let part = try separator(call.text(0), "rpartition")
      let parts = PythonText.split(text, at: part, limit: 1, fromRight: true)
      return .list((parts.count == 2 ? [parts[0], part, parts[1]] : ["", "", text]).map { .text($0) }, isTuple: true)
    },
  ]

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }

  private static func all(_ text: String, _ holds: (Unicode.Scalar) -> Bool) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy(holds)
  }

  /// The texts that a call gives, one or a tuple.
  private static func options(_ call: TemplateCall) throws(TemplateProblem) -> [String] {
    guard case .sequence(let list)? = call.value(0) else { return [try call.text(0)] }
    return list.elements.compactMap { if case .text(let text) = $0 { text } else { nil } }
  }

  /// What a text is cut at, which cannot be empty: Python refuses that too.
  private static func separator(_ text: String, _ method: String) throws(TemplateProblem) -> String {
    guard !text.isEmpty else { throw .wrongType(operation: "'\(method)'", found: "an empty text") }
    return text
  }

  private static func split(
    _ text: String, _ call: TemplateCall, fromRight: Bool
  ) throws(TemplateProblem) -> TemplateValue {
    let limit = try call.integer(1, "maxsplit", default: -1)
    guard let separator = try call.optionalText(0, "sep") else {
      guard fromRight, limit >= 0 else {
        return .list(PythonText.words(text, limit: limit).map { .text($0) })
      }
      let reversed = String(String.UnicodeScalarView(text.unicodeScalars.reversed()))
      let words = PythonText.words(reversed, limit: limit).reversed()
      return .list(words.map { .text(String(String.UnicodeScalarView($0.unicodeScalars.reversed()))) })
    }
    let part = try self.separator(separator, "split")
    return .list(PythonText.split(text, at: part, limit: limit, fromRight: fromRight).map { .text($0) })
  }

  static func replaced(
    _ text: String, _ old: String, by new: String, _ count: Int, _ interpreter: inout TemplateInterpreter
  ) throws(TemplateProblem) -> String {
    let most = old.isEmpty ? text.utf8.count + 1 : text.utf8.count / old.utf8.count
    let found = old.isEmpty ? most : PythonText.count(old, in: text)
    try interpreter.grow(text.utf8.count + found * new.utf8.count)
    return PythonText.replaced(text, old, by: new, limit: count < 0 ? nil : count)
  }

  private static func place(of call: TemplateCall, in text: String, isLast: Bool) throws(TemplateProblem) -> Int {
    let part = Array(try call.text(0).utf8)
    let bytes = Array(text.utf8)
    var found = PythonText.find(part, in: bytes, from: 0)
    while isLast, let place = found, let next = PythonText.find(part, in: bytes, from: place + 1) { found = next }
    return found.map { bytes[..<$0].count { !$0.isContinuation } } ?? -1
  }

  private static func padded(
    _ text: String, _ call: TemplateCall, _ share: Double, _ interpreter: inout TemplateInterpreter
  ) throws(TemplateProblem) -> String {
    let missing = max(0, try call.length(0, "width") - text.unicodeScalars.count)
    let fill = try call.optionalText(1, "fillchar") ?? " "
    guard fill.unicodeScalars.count == 1 else { throw .wrongArguments(of: call.name) }
    try interpreter.grow(text.utf8.count + missing * fill.utf8.count)
    let left = Int(Double(missing) * share)
    return String(repeating: fill, count: left) + text + String(repeating: fill, count: missing - left)
  }

  /// Fills values into a text at `{}`, `{0}` and `{name}`.
  private static func filled(
    _ text: String, _ call: TemplateCall, _ interpreter: inout TemplateInterpreter
  ) throws(TemplateProblem) -> String {
    var result = ""
    var next = 0
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "{" || scalar == "}" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      if scalars.first == scalar {
        scalars.removeFirst()
        result.unicodeScalars.append(scalar)
        continue
      }
      guard scalar == "{", let end = scalars.firstIndex(of: "}") else { throw .wrongArguments(of: "format") }
      let field = String(scalars[..<end])
      scalars = scalars[scalars.index(after: end)...]
      guard !field.contains(where: { ":!.[".contains($0) }) else { throw .unsupported("'{\(field)}' in 'format'") }
      if field.isEmpty { next += 1 }
      guard let value = Int(field.isEmpty ? String(next - 1) : field).map({ call.value($0) }) ?? call.value(-1, field)
      else { throw .wrongArguments(of: "format") }
      let part = try interpreter.printed(value)
      try interpreter.grow(result.utf8.count + part.utf8.count)
      result += part
    }
    return result
  }

  static let object: [String: @Sendable (TemplateObject) -> TemplateFunction] = [
    "items": { object in
      TemplateFunction(name: "items") { interpreter, _ throws(TemplateProblem) in
        try interpreter.spend(32 * object.members.count)
        return .list(object.members.map { .list([$0.key, $0.value], isTuple: true) })
      }
    },
    "keys": { object in TemplateFunction(name: "keys") { _, _ in .list(object.members.map(\.key)) } },
    "values": { object in TemplateFunction(name: "values") { _, _ in .list(object.members.map(\.value)) } },
    "get": { object in
      TemplateFunction(name: "get") { _, call throws(TemplateProblem) in
        guard let key = call.value(0, "key") else { throw .wrongArguments(of: "get") }
        return object[key] ?? call.value(1, "default") ?? .none
      }
    },
    "copy": { object in TemplateFunction(name: "copy") { _, _ in .object(object) } },
  ]

  static let list: [String: @Sendable ([TemplateValue]) -> TemplateFunction] = [
    "index": { elements in
      TemplateFunction(name: "index") { interpreter, call throws(TemplateProblem) in
        for (index, element) in elements.enumerated() where try interpreter.areEqual(element, call.value(0) ?? .none) {
          return .integer(index)
        }
        throw .wrongType(operation: "'index'", found: "a list without it")
      }
    },
    "count": { elements in
      TemplateFunction(name: "count") { interpreter, call throws(TemplateProblem) in
        var count = 0
        for element in elements where try interpreter.areEqual(element, call.value(0) ?? .none) { count += 1 }
        return .integer(count)
      }
    },
    "copy": { elements in TemplateFunction(name: "copy") { _, _ in .list(elements) } },
  ]
}
