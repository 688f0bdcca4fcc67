import Notebook

/// What a check speaks about.
package struct CheckScope: Sendable {
  /// Results by the id of their cell.
  package var cells: [String: Value]
  /// The result of the last cell, if one ran.
  package var last: Value?
  package var variables: [String: String]

  package init(cells: [String: Value] = [:], last: Value? = nil, variables: [String: String] = [:]) {
    self.cells = cells
    self.last = last
    self.variables = variables
  }
}

/// How a check came out.
package struct CheckResult: Sendable, Equatable {
  package var passed: Bool
  /// Paths that do not exist, except where they are compared with `null`: the way to ask whether they do.
  package var missing: [Missing] = []
  /// The sides of the comparisons that failed: `tok.tokens.count is 11`.
  package var sides: [Side] = []

  package struct Missing: Sendable, Equatable {
    package var path: String
    /// What does exist where the path breaks off.
    package var members: [String]

    package init(path: String, members: [String]) {
      self.path = path
      self.members = members
    }
  }

  package struct Side: Sendable, Equatable {
    package var path: String
    package var value: Value

    package init(path: String, value: Value) {
      self.path = path
      self.value = value
    }
  }
}

extension Check {
  /// What it stands for; nil when a path in it does not exist.
  func value(in scope: CheckScope) -> Value? {
    var evaluation = CheckEvaluation(scope: scope)
    let value = evaluation.value(self)
    return evaluation.missing.isEmpty ? value : nil
  }

  package func result(in scope: CheckScope) -> CheckResult {
    var evaluation = CheckEvaluation(scope: scope)
    let passed = CheckEvaluation.isTrue(evaluation.value(self))
    var result = CheckResult(passed: passed, missing: evaluation.missing)
    if !passed { result.sides = evaluation.sides }
    return result
  }
}

private struct CheckEvaluation {
  let scope: CheckScope
  var missing: [CheckResult.Missing] = []
  var sides: [CheckResult.Side] = []

  static func isTrue(_ value: Value) -> Bool { value != .null && value != .bool(false) }

  mutating func value(_ check: Check, mayBeMissing: Bool = false) -> Value {
    switch check {
    case .literal(.null): return .null
    case .literal(.bool(let value)): return .bool(value)
    case .literal(.number(let value)): return .number(value)
    case .literal(.text(let text)): return .string(text)
    case .variable(let name): return CheckEvaluation.variable(scope.variables[name])
    case .list(let elements): return .array(elements.map { value($0) })
    case .count(let inner): return CheckEvaluation.count(value(inner)).map(Value.integer) ?? .null
    case .not(let inner): return .bool(!CheckEvaluation.isTrue(value(inner, mayBeMissing: true)))
    case .and(let a, let b):
      guard CheckEvaluation.isTrue(value(a)) else { return .bool(false) }
      return .bool(CheckEvaluation.isTrue(value(b)))
    case .or(let a, let b):
      if CheckEvaluation.isTrue(value(a, mayBeMissing: true)) { return .bool(true) }
      return .bool(CheckEvaluation.isTrue(value(b)))
    case .path(let root, let steps): return path(check, root, steps, mayBeMissing)
    case .compare(let comparison, let a, let b):
      let (left, right) = (
        value(a, mayBeMissing: b == .literal(.null)), value(b, mayBeMissing: a == .literal(.null))
      )
      let holds = CheckEvaluation.holds(comparison, left, right)
      if !holds {
        for (side, found) in [(a, left), (b, right)] {
          switch side {
          case .path, .count, .variable: sides.append(.init(path: side.spelling, value: found))
          default: break
          }
        }
      }
      return .bool(holds)
    }
  }

  private mutating func path(_ check: Check, _ root: String, _ steps: [Check.Step], _ mayBeMissing: Bool) -> Value {
    func miss(_ members: [String]) -> Value {
      if !mayBeMissing { missing.append(.init(path: check.spelling, members: members)) }
      return .null
    }
    guard var value = root == "last" ? scope.last : scope.cells[root] else { return miss([]) }
    for step in steps {
      guard let next = CheckEvaluation.step(step, in: value) else {
        guard case .object(let members) = value else { return miss([]) }
        return miss(members.map(\.key))
      }
      value = next
    }
    return value
  }

  private static func step(_ step: Check.Step, in value: Value) -> Value? {
    switch step {
    case .element(let place):
      guard case .array(let elements) = value else { return nil }
      return value[place < 0 ? elements.count + place : place]
    case .member(let name):
      if let member = value[name] { return member }
      return name == "count" ? count(value).map(Value.integer) : nil
    }
  }

  private static func count(_ value: Value) -> Int? {
    switch value {
    case .array(let elements): elements.count
    case .object(let members): members.count
    case .string(let text): text.count
    default: nil
    }
  }

  private static func variable(_ text: String?) -> Value {
    switch text {
    case nil: .null
    case "true": .bool(true)
    case "false": .bool(false)
    case let text?: Double(text).map(Value.number) ?? .string(text)
    }
  }

  private static func holds(_ comparison: Check.Comparison, _ a: Value, _ b: Value) -> Bool {
    switch comparison {
    case .equal: a == b
    case .unequal: a != b
    case .contains: contains(a, b)
    case .below: ordered(a, b).map { $0 < 0 } ?? false
    case .above: ordered(a, b).map { $0 > 0 } ?? false
    case .atMost: ordered(a, b).map { $0 <= 0 } ?? false
    case .atLeast: ordered(a, b).map { $0 >= 0 } ?? false
    }
  }

  private static func contains(_ whole: Value, _ part: Value) -> Bool {
    switch (whole, part) {
    case (.array(let elements), _): elements.contains(part)
    case (.string(let text), .string(let inner)): inner.isEmpty || text.contains(inner)
    case (.object(let members), .string(let key)): members.contains { $0.key == key }
    default: false
    }
  }

  /// -1, 0 or 1 for two numbers or two texts; nil for anything else, not-a-number included.
  private static func ordered(_ a: Value, _ b: Value) -> Int? {
    if let x = number(a), let y = number(b) { return x < y ? -1 : x > y ? 1 : x == y ? 0 : nil }
    if case .string(let x) = a, case .string(let y) = b { return x < y ? -1 : x > y ? 1 : 0 }
    return nil
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let whole): Double(whole)
    case .number(let number): number
    default: nil
    }
  }
}

extension Check {
  /// A path as it could be written.
  var spelling: String {
    switch self {
    case .path(let root, let steps):
      steps.reduce(root) { text, step in
        switch step {
        case .member(let name): text + (isIdentifier(name) ? "." + name : "[\"\(name)\"]")
        case .element(let place): text + "[\(place)]"
        }
      }
    case .variable(let name): "$" + name
    case .count(let inner): "count(\(inner.spelling))"
    default: "…"
    }
  }
}
