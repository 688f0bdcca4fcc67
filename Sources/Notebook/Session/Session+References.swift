import Drawing

/// What `$x`, `_` and `Out[3]` stand for in a later line.
extension Session {
  /// The text in place of a reference.
  /// - Throws: `Failure` that says what there is instead
  func text(of reference: Reference, written: String) throws -> String {
    let value = try value(of: reference, written: written)
    if let text = Cell.text(of: value) { return text }
    switch value {
    case .object(let members) where reference.steps.isEmpty:
      let known = members.map { sanitized($0.key) }.joined(separator: ", ")
      let part = members.first?.key ?? "NAME"
      throw Failure(
        "There is no text in \(written) that could stand here; take a part of it, as in \(written).\(part) (it has \(known)).",
        .usage)
    default: return value.json
    }
  }

  /// The value that a reference stands for.
  func value(of reference: Reference, written: String) throws -> Value {
    var value = try root(reference.root, written)
    var place = Session.spelling(reference.root)
    for step in reference.steps {
      switch step {
      case .member(let name):
        guard let next = value[name] ?? Session.measure(name, of: value) else {
          throw Failure(Session.missing(name, in: value, at: place), .usage)
        }
        value = next
        place += "." + name
      case .element(let number):
        guard case .array(let elements) = value, let next = value[number < 0 ? elements.count + number : number] else {
          throw Failure(Session.missing(number, in: value, at: place), .usage)
        }
        value = next
        place += "[\(number)]"
      }
    }
    return value
  }

  /// Whether a line of one bare word asks to see something that is kept.
  package func isKept(_ reference: Reference) -> Bool {
    switch reference.root {
    case .last, .output: true
    case .variable(let name): kept[name] != nil || variables[name] != nil
    }
  }

  private func root(_ root: Reference.Root, _ written: String) throws -> Value {
    switch root {
    case .last(let back):
      if let value = result(back)?.value { return value }
    case .output(let number):
      if let value = cells.first(where: { $0.number == number })?.value { return value }
    case .variable(let name):
      if let value = kept[name]?.value { return value }
      if let text = variables[name] { return .string(text) }
    }
    throw Failure("There is no text in \(written) yet; `history` lists what ran.", .usage)
  }

  /// What `_` stands for, 1 for the newest. What only steers the session, such as `help`, is no result.
  func result(_ back: Int) -> Cell? {
    let results = cells.reversed().filter { $0.value.map { Cell.text(of: $0) != nil } ?? false }
    return results.indices.contains(back - 1) ? results[back - 1] : nil
  }

  private static func spelling(_ root: Reference.Root) -> String {
    switch root {
    case .last(let back): String(repeating: "_", count: back)
    case .output(let number): "Out[\(number)]"
    case .variable(let name): name
    }
  }

  private static func measure(_ name: String, of value: Value) -> Value? {
    guard name == "count" else { return nil }
    switch value {
    case .array(let elements): return .integer(elements.count)
    case .string(let text): return .integer(text.count)
    default: return nil
    }
  }

  private static func missing(_ name: String, in value: Value, at place: String) -> String {
    switch value {
    case .object(let members):
      let known = members.map(\.key)
      let near = Nearest.match(name, among: known).map { "did you mean \(place).\($0)?" }
      return "\(place) has no '\(name)'; \(near ?? "it has \(known.map { sanitized($0) }.joined(separator: ", ")).")"
    case .array(let elements): return "\(place) is a list of \(elements.count); take one of it, as in \(place)[0]."
    default: return "\(place) is \(sanitized(String(value.json.prefix(60)))) and has no parts."
    }
  }

  private static func missing(_ number: Int, in value: Value, at place: String) -> String {
    guard case .array(let elements) = value else {
      return "\(place) is no list, so \(place)[\(number)] means nothing."
    }
    return elements.isEmpty
      ? "\(place) is empty." : "\(place) has the places 0 to \(elements.count - 1), not \(number)."
  }
}
