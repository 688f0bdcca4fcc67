import Foundation

extension TemplateInterpreter {
  mutating func binary(
    _ operation: String, _ left: TemplateValue, _ right: TemplateValue
  ) throws(TemplateProblem) -> TemplateValue {
    if operation == "~" {
      let (first, second) = (try printed(left), try printed(right))
      try grow(first.utf8.count + second.utf8.count)
      return .text(first + second)
    }
    if case .undefined(let name) = left { throw .undefined(name) }
    if case .undefined(let name) = right { throw .undefined(name) }
    switch (operation, left, right) {
    case ("+", .text(let first), .text(let second)):
      try grow(first.utf8.count + second.utf8.count)
      return .text(first + second)
    case ("+", .sequence(let first), .sequence(let second)):
      try grow(first.elements.count + second.elements.count)
      return .list(first.elements + second.elements, isTuple: first.isTuple)
    case ("*", .text(let text), _):
      guard let count = right.integer else { break }
      return .text(String(repeating: text, count: try times(count, text.utf8.count)))
    case ("*", .sequence(let list), _):
      guard let count = right.integer else { break }
      let all = repeatElement(list.elements, count: try times(count, list.elements.count)).joined()
      return .list(Array(all), isTuple: list.isTuple)
    case ("*", .integer, .text), ("*", .integer, .sequence): return try binary("*", right, left)
    case ("%", .text(let format), .sequence(let list)) where list.isTuple:
      return .text(try formatted(format, list.elements))
    case ("%", .text(let format), _): return .text(try formatted(format, [right]))
    default:
      if let first = left.integer, let second = right.integer, operation != "/" {
        return try whole(operation, first, second)
      }
      if let first = left.number, let second = right.number { return try real(operation, first, second) }
    }
    throw .wrongType(operation: "'\(operation)' on \(left.kind)", found: right.kind)
  }

  /// How often something is repeated, which makes it so large.
  private mutating func times(_ count: Int, _ size: Int) throws(TemplateProblem) -> Int {
    let count = max(count, 0)
    let (total, overflows) = count.multipliedReportingOverflow(by: max(size, 1))
    guard !overflows else { throw .tooLarge }
    try grow(total)
    return size == 0 ? 0 : count
  }

  private func whole(_ operation: String, _ left: Int, _ right: Int) throws(TemplateProblem) -> TemplateValue {
    let result: (partialValue: Int, overflow: Bool)
    switch operation {
    case "+": result = left.addingReportingOverflow(right)
    case "-": result = left.subtractingReportingOverflow(right)
    case "*": result = left.multipliedReportingOverflow(by: right)
    case "//", "%":
      guard right != 0 else { throw .dividesByZero }
      let (quotient, overflows) = left.dividedReportingOverflow(by: right)
      guard !overflows else { throw .tooLarge }
      let rest = left - quotient * right
      let isBelow = rest != 0 && (rest < 0) != (right < 0)
      return .integer(operation == "%" ? isBelow ? rest + right : rest : isBelow ? quotient - 1 : quotient)
    default: return try power(left, right)
    }
    guard !result.overflow else { throw .tooLarge }
    return .integer(result.partialValue)
  }

  private func power(_ base: Int, _ exponent: Int) throws(TemplateProblem) -> TemplateValue {
    guard exponent >= 0 else {
      guard base != 0 else { throw .dividesByZero }
      return .number(pow(Double(base), Double(exponent)))
    }
    if base == 0 || base == 1 || base == -1 {
      return .integer(exponent == 0 ? 1 : base == -1 && exponent.isMultiple(of: 2) ? 1 : base)
    }
    guard exponent < 64 else { throw .tooLarge }
    var result = 1
    for _ in 0..<exponent {
      let (next, overflows) = result.multipliedReportingOverflow(by: base)
      guard !overflows else { throw .tooLarge }
      result = next
    }
    return .integer(result)
  }

  private func real(_ operation: String, _ left: Double, _ right: Double) throws(TemplateProblem) -> TemplateValue {
    if right == 0, ["/", "//", "%"].contains(operation) { throw .dividesByZero }
    switch operation {
    case "+": return .number(left + right)
    case "-": return .number(left - right)
    case "*": return .number(left * right)
    case "/": return .number(left / right)
    case "//": return .number((left / right).rounded(.down))
    case "%": return .number(left - (left / right).rounded(.down) * right)
    default: return .number(pow(left, right))
    }
  }

  /// Fills values into a text with `%s` and the like.
  mutating func formatted(_ format: String, _ values: [TemplateValue]) throws(TemplateProblem) -> String {
    var rest = values[...]
    var result = ""
    var scalars = format.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      guard scalar == "%" else {
        result.unicodeScalars.append(scalar)
        continue
      }
      var options = ""
      while let next = scalars.first, "0123456789.-+ ".unicodeScalars.contains(next) {
        options.unicodeScalars.append(next)
        scalars.removeFirst()
      }
      guard let kind = scalars.popFirst() else { throw .wrongArguments(of: "%") }
      if kind == "%" {
        result += "%"
        continue
      }
      guard let value = rest.popFirst() else { throw .wrongArguments(of: "%") }
      let precision = options.split(separator: ".", omittingEmptySubsequences: false).dropFirst().first.flatMap {
        Int($0)
      }
      var text: String
      switch kind {
      case "s": text = try printed(value)
      case "r": text = try represented(value)
      case "d", "i":
        guard let number = value.number, abs(number) < 9e18 else {
          throw .wrongType(operation: "'%d'", found: value.kind)
        }
        text = String(value.integer ?? Int(number))
      case "f":
        guard let number = value.number else { throw .wrongType(operation: "'%f'", found: value.kind) }
        text = String(format: "%.\(min(precision ?? 6, 30))f", number)
      default: throw .unsupported("'%\(String(kind))'")
      }
      let width = Int(options.drop { !$0.isNumber }.prefix { $0.isNumber }) ?? 0
      let missing = min(width, 1000) - text.unicodeScalars.count
      if missing > 0 {
        let fill = String(repeating: options.hasPrefix("0") && kind != "s" ? "0" : " ", count: missing)
        text = options.hasPrefix("-") ? text + fill : fill + text
      }
      try grow(result.utf8.count + text.utf8.count)
      result += text
    }
    guard rest.isEmpty else { throw .wrongArguments(of: "%") }
    return result
  }
}
