import Notebook

extension LessonCell {
  /// Reads `{#id key=value flag}` after a fence's language; an empty text is no attributes.
  /// - Returns: what is wrong with them; what is right is taken all the same
  mutating func read(
    attributes text: String, of known: Set<String> = Set(LessonCell.attributes.keys)
  ) -> [LessonError.Problem] {
    guard !text.isEmpty else { return [] }
    guard text.hasPrefix("{") else { return [.textAfterAttributes(text)] }
    var problems: [LessonError.Problem] = []
    let end = text.firstIndex(of: "}")
    if let end {
      let after = text[text.index(after: end)...].drop(while: \.isWhitespace)
      if !after.isEmpty { problems.append(.textAfterAttributes(String(after))) }
    } else {
      problems.append(.openAttributes)
    }
    var seen: Set<String> = []
    for word in text[..<(end ?? text.endIndex)].dropFirst().split(whereSeparator: \.isWhitespace) {
      let (name, value) = LessonCell.parts(word)
      if !seen.insert(name).inserted {
        problems.append(.duplicateAttribute(name))
      } else if known.contains(name), let attribute = LessonCell.attributes[name] {
        guard !attribute.set(&self, value) else { continue }
        problems.append(.attributeValue(name: name, expected: attribute.expected))
      } else {
        problems.append(.unknownAttribute(name, known: known.sorted()))
      }
    }
    if seen.contains("auto"), seen.contains("manual") { problems.append(.autoAndManual) }
    return problems
  }

  /// `#id` becomes the attribute `#` with a value.
  private static func parts(_ word: Substring) -> (name: String, value: String?) {
    if word.hasPrefix("#") { return ("#", String(word.dropFirst())) }
    guard let equals = word.firstIndex(of: "=") else { return (String(word), nil) }
    var value = word[word.index(after: equals)...]
    if value.count >= 2, let quote = value.first, quote == value.last, quote == "\"" || quote == "'" {
      value = value.dropFirst().dropLast()
    }
    return (String(word[..<equals]), String(value))
  }

  private struct Attribute: Sendable {
    var expected: String
    /// Whether the value is one.
    var set: @Sendable (inout LessonCell, String?) -> Bool
  }

  private static func flag(_ set: @escaping @Sendable (inout LessonCell) -> Void) -> Attribute {
    Attribute(expected: "no value") { cell, value in
      set(&cell)
      return value == nil
    }
  }

  private static let attributes: [String: Attribute] = [
    "#": Attribute(expected: "an id of letters, digits, - and _, a letter first") { cell, value in
      guard let value, isIdentifier(value) else { return false }
      cell.id = value
      return true
    },
    "timeout": Attribute(expected: "seconds above 0") { cell, value in
      cell.timeout = value.flatMap { Double($0) }
      return cell.timeout.map { $0.isFinite && $0 > 0 } ?? false
    },
    "expect": Attribute(expected: "fail") { cell, value in
      cell.expectsFailure = true
      return value == "fail"
    },
    "nondet": Attribute(expected: "output or command") { cell, value in
      cell.uncertainty = value.flatMap(Uncertainty.init)
      return cell.uncertainty != nil
    },
    "hide": flag { $0.isHidden = true },
    "auto": flag { $0.start = .automatic },
    "manual": flag { $0.start = .manual },
    "tags": Attribute(expected: "words, as in tags=slow,training") { cell, value in
      cell.tags = (value ?? "").split(separator: ",").map(String.init)
      return !cell.tags.isEmpty
    },
    "models": Attribute(expected: "names out of the front matter, as in models=minilm") { cell, value in
      cell.models = (value ?? "").split(separator: ",").map(String.init)
      return !cell.models.isEmpty
    },
  ]
}

extension LessonCell {
  /// Bytes; past them an open quote is taken for a forgotten one.
  private static let longestStatement = 20_000

  /// Joins the source lines that belong together: an open quote or a trailing backslash wants the next line too.
  mutating func readStatements() throws(LessonError) {
    var open: Lesson.SourceLine?
    var last: Words.Incomplete?
    for line in source {
      let start = open?.place ?? line.place
      let text = open.map { $0.text + "\n" + line.text } ?? line.text
      do throws(Words.Incomplete) {
        if !(try Words(text).words.isEmpty) { statements.append(.init(text: text, place: start)) }
        open = nil
      } catch {
        open = .init(text: text, place: start)
        last = error
        if text.utf8.count > LessonCell.longestStatement { throw .malformed(start, .openQuote) }
      }
    }
    if let open {
      if case .trailingBackslash? = last { throw .malformed(open.place, .trailingBackslash) }
      throw .malformed(open.place, .openQuote)
    }
    if statements.isEmpty { throw .malformed(place, .emptyCell) }
  }
}
