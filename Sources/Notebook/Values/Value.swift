/// A command's result as data: what `--json` prints, what a lesson's `check:` looks at, what `_` holds.
package indirect enum Value: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([Value])
  /// Keys in the order the result declares them.
  case object([(key: String, value: Value)])

  package static func == (a: Value, b: Value) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let x), .bool(let y)): x == y
    case (.integer(let x), .integer(let y)): x == y
    case (.number(let x), .number(let y)): x == y
    case (.integer(let x), .number(let y)), (.number(let y), .integer(let x)): Double(x) == y
    case (.string(let x), .string(let y)): x == y
    case (.array(let x), .array(let y)): x == y
    case (.object(let x), .object(let y)):
      x.count == y.count && zip(x, y).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }

  /// An integer where the number is one.
  package init(wholeIfPossible number: Double) {
    self = Int(exactly: number).map(Value.integer) ?? .number(number)
  }

  /// The member of an object by its key.
  package subscript(_ key: String) -> Value? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// The element of an array by its place; nil outside it.
  package subscript(_ index: Int) -> Value? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}

extension Value {
  /// The value with a text put in place of another one wherever it stands, keys apart.
  package func replacing(_ old: String, with new: String) -> Value {
    switch self {
    case .string(let text): .string(text.replacing(old, with: new))
    case .array(let elements): .array(elements.map { $0.replacing(old, with: new) })
    case .object(let members): .object(members.map { ($0.key, $0.value.replacing(old, with: new)) })
    case .null, .bool, .integer, .number: self
    }
  }
}
