extension TemplateInterpreter {
  /// A value as a template prints it.
  mutating func printed(_ value: TemplateValue) throws(TemplateProblem) -> String {
    switch value {
    case .undefined: return ""
    case .text(let text): return text
    default: return try represented(value)
    }
  }

  /// A value as Python writes it inside a list.
  mutating func represented(_ value: TemplateValue) throws(TemplateProblem) -> String {
    try spend(value.size)
    switch value {
    case .undefined: return "Undefined"
    case .none: return "None"
    case .boolean(let value): return value ? "True" : "False"
    case .integer(let value): return String(value)
    case .number(let value): return PythonText.number(value)
    case .text(let text): return PythonText.quoted(text)
    case .function(let function): return "<function \(function.name)>"
    case .namespace: return "<Namespace>"
    case .loop: return "<LoopContext>"
    case .sequence(let list):
      var parts: [String] = []
      for element in list.elements { parts.append(try represented(element)) }
      let inside = try joined(parts, ", ")
      return list.isTuple ? "(" + inside + (parts.count == 1 ? ",)" : ")") : "[" + inside + "]"
    case .object(let object):
      var parts: [String] = []
      for (key, value) in object.members { parts.append(try represented(key) + ": " + represented(value)) }
      return "{" + (try joined(parts, ", ")) + "}"
    }
  }

  mutating func joined(_ parts: [String], _ separator: String) throws(TemplateProblem) -> String {
    try grow(parts.reduce(0) { $0 + $1.utf8.count + separator.utf8.count })
    return parts.joined(separator: separator)
  }

  /// Whether two values are equal. Numbers are by value, texts scalar by scalar.
  mutating func areEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateProblem) -> Bool {
    try spend(min(left.size, right.size))
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.text(let a), .text(let b)): return a.utf8.elementsEqual(b.utf8)
    case (.sequence(let a), .sequence(let b)):
      guard a.isTuple == b.isTuple, a.elements.count == b.elements.count else { return false }
      for (left, right) in zip(a.elements, b.elements) where !(try areEqual(left, right)) { return false }
      return true
    case (.object(let a), .object(let b)):
      guard a.members.count == b.members.count else { return false }
      for (key, value) in a.members {
        guard let other = b[key], try areEqual(value, other) else { return false }
      }
      return true
    case (.namespace(let a), .namespace(let b)): return a === b
    default:
      if let a = left.integer, let b = right.integer { return a == b }
      if let a = left.number, let b = right.number { return a == b }
      return false
    }
  }

  /// Whether a value comes before another; nil where they cannot be compared.
  mutating func isLess(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateProblem) -> Bool? {
    try spend(min(left.size, right.size))
    switch (left, right) {
    case (.text(let a), .text(let b)): return a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars)
    case (.sequence(let a), .sequence(let b)):
      for (left, right) in zip(a.elements, b.elements) where !(try areEqual(left, right)) {
        return try isLess(left, right)
      }
      return a.elements.count < b.elements.count
    default:
      if let a = left.integer, let b = right.integer { return a < b }
      guard let a = left.number, let b = right.number else { return nil }
      return a < b
    }
  }

  /// Sorts values that can be compared, by a key each.
  mutating func sorted(
    _ values: [(key: TemplateValue, value: TemplateValue)], descending: Bool = false
  ) throws(TemplateProblem) -> [TemplateValue] {
    // A merge sort, for a comparison that throws cannot go into the library's.
    var runs = values.map { [$0] }
    while runs.count > 1 {
      var merged: [[(key: TemplateValue, value: TemplateValue)]] = []
      for index in stride(from: 0, to: runs.count, by: 2) {
        guard index + 1 < runs.count else {
          merged.append(runs[index])
          continue
        }
        var (left, right) = (runs[index][...], runs[index + 1][...])
        var run: [(key: TemplateValue, value: TemplateValue)] = []
        while let a = left.first, let b = right.first {
          let (first, second) = descending ? (a.key, b.key) : (b.key, a.key)
          guard let isBefore = try isLess(first, second) else {
            throw .wrongType(operation: "sorting \(a.key.kind)", found: b.key.kind)
          }
          run.append(isBefore ? right.removeFirst() : left.removeFirst())
        }
        merged.append(run + left + right)
      }
      runs = merged
    }
    return runs.first?.map(\.value) ?? []
  }
}
