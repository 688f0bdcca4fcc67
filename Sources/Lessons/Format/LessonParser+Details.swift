import Foundation

extension LessonParser {
  /// Reads `<details><summary>Hint 1</summary>…</details>` at `index`, on one line or on many.
  mutating func readDetails() throws(LessonError) {
    let place = lines[index].place
    let line = lines[index].text.trimmingCharacters(in: .whitespaces)
    var rest = line[line.index(after: line.firstIndex(of: ">") ?? line.startIndex)...]
    var summary = rest.trimmingCharacters(in: .whitespaces)
    if !line.contains(">") { throw .malformed(place, .unknownSummary(line)) }
    if summary.isEmpty, index + 1 < lines.count {
      index += 1
      rest = Substring(lines[index].text.trimmingCharacters(in: .whitespaces))
      summary = String(rest)
    }
    guard summary.hasPrefix("<summary>"), let end = rest.range(of: "</summary>"),
      let start = rest.range(of: "<summary>")
    else { throw .malformed(place, .unknownSummary(summary)) }
    let title = rest[start.upperBound..<end.lowerBound].trimmingCharacters(in: .whitespaces)
    guard quiz != nil || exercise != nil else { throw .malformed(place, .helpOutside) }
    let body = Lesson.SourceLine(text: String(rest[end.upperBound...]), place: lines[index].place)
    index += 1
    if title == "Solution" || (title == "Reveal" && isPredicting) {
      try readSolution(first: body, place)
    } else if title.hasPrefix("Hint") {
      try readHint(title, first: body, place)
    } else {
      throw .malformed(place, .unknownSummary(title))
    }
  }

  private mutating func update(_ change: (inout Help) -> Void) {
    if quiz != nil { quiz.mutate { change(&$0.help) } } else { exercise.mutate { change(&$0.help) } }
  }

  private var help: Help { quiz?.help ?? exercise?.help ?? Help() }

  private mutating func readHint(
    _ title: String, first: Lesson.SourceLine, _ place: Lesson.Place
  ) throws(LessonError) {
    let expected = help.hints.count + 1
    let number = title.dropFirst(4).trimmingCharacters(in: .whitespaces)
    guard let found = number.isEmpty ? 1 : Int(number) else { throw .malformed(place, .unknownSummary(title)) }
    if found != expected { note(.hintOrder(found: found, expected: expected), place) }
    var hint: [Lesson.SourceLine] = []
    try readBody(first: first, place) { (line, fence, parser) throws(LessonError) in
      if let fence {
        let range = try parser.fenceRange(fence)
        hint += parser.lines[range]
        parser.index = range.upperBound
      } else {
        hint.append(line)
      }
    }
    let trimmed = LessonParser.trimmed(hint)
    update { $0.hints.append(trimmed) }
  }

  private mutating func readSolution(first: Lesson.SourceLine, _ place: Lesson.Place) throws(LessonError) {
    guard help.solution == nil else { throw .malformed(place, .secondSolution) }
    var parts: [Help.Part] = []
    var text: [Lesson.SourceLine] = []
    func flush() {
      let trimmed = LessonParser.trimmed(text)
      if !trimmed.isEmpty { parts.append(.prose(trimmed)) }
      text = []
    }
    try readBody(first: first, place) { (line, fence, parser) throws(LessonError) in
      switch fence?.language {
      case "attune":
        flush()
        guard let fence else { return }
        parts.append(.cell(parser.readCell(fence)))
      case "expect":
        guard let fence else { return }
        let expectation = parser.readExpectation(fence)
        guard LessonParser.trimmed(text).isEmpty, case .cell(var cell)? = parts.last else {
          return parser.note(.expectWithoutCell, expectation.place)
        }
        guard cell.add(expectation) else { return parser.note(.secondExpect, expectation.place) }
        parts[parts.count - 1] = .cell(cell)
      case .some:
        guard let fence else { return }
        let range = try parser.fenceRange(fence)
        text += parser.lines[range]
        parser.index = range.upperBound
      case nil: text.append(line)
      }
    }
    flush()
    let hasCell = parts.contains { if case .cell = $0 { true } else { false } }
    if let exercise, !hasCell { note(.solutionWithoutCell(exercise.id), place) }
    update { $0.solution = parts }
  }

  /// Hands each line, or the fence at `index`, to `take` until `</details>`. A taken fence moves `index` itself.
  private mutating func readBody(
    first: Lesson.SourceLine, _ place: Lesson.Place,
    take: (Lesson.SourceLine, Fence?, inout LessonParser) throws(LessonError) -> Void
  ) throws(LessonError) {
    if try close(first, take) { return }
    while index < lines.count, lines[index].place.file == place.file {
      let line = lines[index]
      if let fence = Fence(line.text) {
        try take(line, fence, &self)
        continue
      }
      if LessonParser.starts(line.text, with: "<!--") {
        note(.directiveInDetails(line.text.trimmingCharacters(in: .whitespaces)), line.place)
        index += 1
        continue
      }
      if LessonParser.starts(line.text, with: "<details") { throw .malformed(place, .openDetails) }
      index += 1
      if try close(line, take) { return }
    }
    throw .malformed(place, .openDetails)
  }

  /// Whether the line ends the details; what stands before the end is taken.
  private mutating func close(
    _ line: Lesson.SourceLine,
    _ take: (Lesson.SourceLine, Fence?, inout LessonParser) throws(LessonError) -> Void
  ) throws(LessonError) -> Bool {
    guard let end = line.text.range(of: "</details>") else {
      try take(line, nil, &self)
      return false
    }
    guard line.text[end.upperBound...].allSatisfy(\.isWhitespace) else {
      throw .malformed(line.place, .strayClosing)
    }
    let before = String(line.text[..<end.lowerBound])
    if !before.allSatisfy(\.isWhitespace) { try take(.init(text: before, place: line.place), nil, &self) }
    return true
  }

  static func trimmed(_ lines: [Lesson.SourceLine]) -> [Lesson.SourceLine] {
    func isBlank(_ line: Lesson.SourceLine) -> Bool { line.text.allSatisfy(\.isWhitespace) }
    guard let first = lines.firstIndex(where: { !isBlank($0) }), let last = lines.lastIndex(where: { !isBlank($0) })
    else { return [] }
    return Array(lines[first...last])
  }
}

extension Optional {
  fileprivate mutating func mutate(_ change: (inout Wrapped) -> Void) {
    if var value = self {
      change(&value)
      self = value
    }
  }
}
