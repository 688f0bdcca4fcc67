import Drawing

/// A place in what ran earlier: `_`, `Out[3].label`, `x.tokens[0]`.
package struct Reference: Equatable, Sendable {
  package enum Root: Equatable, Sendable {
    /// 1 for the newest result, 2 for the one before.
    case last(Int)
    case output(Int)
    /// What a line such as `x = classify "…"` kept, or a parameter of the lesson.
    case variable(String)
  }

  package enum Step: Equatable, Sendable {
    case member(String)
    /// Negative: from the end.
    case element(Int)
  }

  package let root: Root
  package let steps: [Step]

  /// The reference that a text begins with, and how many characters it takes; nil if it begins with none.
  package static func leading(_ text: Substring) -> (reference: Reference, count: Int)? {
    var rest = text
    guard let root = root(&rest) else { return nil }
    var steps: [Step] = []
    while let step = step(&rest) { steps.append(step) }
    return (Reference(root: root, steps: steps), text.count - rest.count)
  }

  /// A text that is a reference and nothing else.
  package init?(_ text: String) {
    guard let (reference, count) = Reference.leading(text[...]), count == text.count else { return nil }
    self = reference
  }

  private init(root: Root, steps: [Step]) {
    self.root = root
    self.steps = steps
  }

  private static func root(_ rest: inout Substring) -> Root? {
    let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    guard let first = name.first, !first.isNumber else { return nil }
    rest = rest.dropFirst(name.count)
    if name == "Out" {
      guard case .element(let number)? = step(&rest) else { return nil }
      return .output(number)
    }
    return name.allSatisfy { $0 == "_" } ? .last(name.count) : .variable(String(name))
  }

  private static func step(_ rest: inout Substring) -> Step? {
    if rest.first == "." {
      let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "_" }
      guard name.first?.isLetter == true || name.first == "_" else { return nil }
      rest = rest.dropFirst(name.count + 1)
      return .member(String(name))
    }
    guard rest.first == "[", let end = rest.firstIndex(of: "]"), let place = Int(rest[..<end].dropFirst()) else {
      return nil
    }
    rest = rest[rest.index(after: end)...]
    return .element(place)
  }
}

/// What a session keeps under a name.
package struct Kept: Sendable {
  package let value: Value
  package let drawing: Drawing?
  /// The line that gave it.
  package let line: String
}
