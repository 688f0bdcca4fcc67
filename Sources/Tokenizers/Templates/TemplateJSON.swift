/// Values of a template from JSON, and as JSON in Python's spelling.
enum TemplateJSON {
  /// Reads a value of a file. Throws `malformed` and, for a number beyond all bounds, `wrongField`.
  static func value(_ json: JSONSlice) throws(TokenizerError) -> TemplateValue {
    switch json.kind {
    case .object:
      var object = TemplateObject()
      for (key, member) in try json.members() { object[key] = try value(member) }
      return .object(object)
    case .array:
      var elements: [TemplateValue] = []
      for element in try json.elements() { elements.append(try value(element)) }
      return .list(elements)
    case .string: return .text(try json.string())
    case .boolean: return .boolean(try json.boolean())
    case .null: return .none
    default:
      var scanner = json.scanner
      return if let number = scanner.readInteger() { .integer(number) } else { .number(try json.number()) }
    }
  }

  /// Writes a value as `json.dumps` does, with what the call says of indentation, separators and order.
  static func text(
    _ value: TemplateValue, _ call: TemplateCall, _ interpreter: inout TemplateInterpreter
  ) throws(TemplateProblem) -> String {
    var style = Style()
    switch call.value(1, "indent") {
    case .text(let text)?: style.indentation = text
    case let given? where given.integer != nil:
      style.indentation = String(repeating: " ", count: max(0, min(given.integer ?? 0, 100)))
    default: break
    }
    if style.indentation != nil { style.comma = "," }
    if case .sequence(let pair)? = call.value(2, "separators"), pair.elements.count == 2 {
      style.comma = try interpreter.printed(pair.elements[0])
      style.colon = try interpreter.printed(pair.elements[1])
    }
    style.sortsKeys = call.isTrue(3, "sort_keys")
    style.escapesAll = call.isTrue(0, "ensure_ascii")
    return try style.text(value, depth: 0, &interpreter)
  }

  private struct Style {
    var indentation: String?
    var comma = ", "
    var colon = ": "
    var sortsKeys = false
    var escapesAll = false

    func text(
      _ value: TemplateValue, depth: Int, _ interpreter: inout TemplateInterpreter
    ) throws(TemplateProblem) -> String {
      try interpreter.spend(value.size)
      switch value {
      case .none: return "null"
      case .boolean(let value): return value ? "true" : "false"
      case .integer(let value): return String(value)
      case .number(let value):
        return value.isNaN ? "NaN" : value.isInfinite ? value < 0 ? "-Infinity" : "Infinity" : PythonText.number(value)
      case .text(let text): return quoted(text)
      case .sequence(let list):
        var parts: [String] = []
        for element in list.elements { parts.append(try self.text(element, depth: depth + 1, &interpreter)) }
        return try wrapped(parts, "[", "]", depth, &interpreter)
      case .object(let object):
        var members: [(key: String, value: TemplateValue)] = []
        for (key, value) in object.members {
          if case .text(let name) = key {
            members.append((name, value))
          } else {
            members.append((try text(key, depth: depth, &interpreter), value))
          }
        }
        if sortsKeys { members.sort { $0.key.unicodeScalars.lexicographicallyPrecedes($1.key.unicodeScalars) } }
        var parts: [String] = []
        for (key, value) in members {
          parts.append(quoted(key) + colon + (try text(value, depth: depth + 1, &interpreter)))
        }
        return try wrapped(parts, "{", "}", depth, &interpreter)
      case .undefined, .function, .namespace, .loop: throw .wrongType(operation: "'tojson'", found: value.kind)
      }
    }

    private func wrapped(
      _ parts: [String], _ open: String, _ close: String, _ depth: Int, _ interpreter: inout TemplateInterpreter
    ) throws(TemplateProblem) -> String {
      guard let indentation, !parts.isEmpty else { return open + (try interpreter.joined(parts, comma)) + close }
      let outer = "\n" + String(repeating: indentation, count: depth)
      return open + outer + indentation + (try interpreter.joined(parts, comma + outer + indentation)) + outer + close
    }

    private static let escapes: [Unicode.Scalar: String] = [
      "\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\u{8}": "\\b", "\u{C}": "\\f",
    ]

    private func quoted(_ text: String) -> String {
      var result = "\""
      for scalar in text.unicodeScalars {
        if let escape = Self.escapes[scalar] {
          result += escape
        } else if scalar.value < 0x20 || escapesAll && scalar.value > 0x7E {
          for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
            let digits = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
          }
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
      return result + "\""
    }
  }
}
