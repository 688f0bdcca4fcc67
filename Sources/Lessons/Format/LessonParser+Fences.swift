extension LessonParser {
  /// Reads the fence at `index`: a cell, an expectation, or a piece of prose.
  mutating func readFence(_ fence: Fence) throws(LessonError) {
    switch fence.language {
    case "attune":
      let cell = readCell(fence)
      close()
      items.append(.cell(cell))
    case "expect":
      let expectation = readExpectation(fence)
      try attach(expectation)
    default:
      let range = try fenceRange(fence)
      let block = Array(lines[range])
      if exercise?.checks.isEmpty == true, exercise?.help.isEmpty == true, exercise?.prediction == nil {
        exercise?.prose += block
      } else if quiz?.choices.isEmpty == true, quiz?.key.isEmpty == true {
        quiz?.prose += block
      } else {
        closeOpen()
        prose += block
      }
      index = range.upperBound
    }
  }

  /// Ends a quiz or exercise, but lets prose go on.
  private mutating func closeOpen() {
    if quiz != nil || exercise != nil { close() }
  }

  /// The lines from the fence at `index` to its end.
  func fenceRange(_ fence: Fence) throws(LessonError) -> Range<Int> {
    let file = lines[index].place.file
    for end in lines.indices[(index + 1)...] {
      guard lines[end].place.file == file else { break }
      if fence.isClosed(by: lines[end].text) { return index..<end + 1 }
    }
    throw .malformed(lines[index].place, .openFence)
  }

  /// Moves past the fence of a cell or an expectation at `index`. One that is not closed ends where another begins,
  /// else at a blank line.
  private mutating func takeFence(_ fence: Fence) -> (range: Range<Int>, body: [Lesson.SourceLine]) {
    let start = index
    let file = lines[start].place.file
    var blank: Int?
    for place in (start + 1)..<lines.count {
      let text = lines[place].text
      guard lines[place].place.file == file else { break }
      if fence.isClosed(by: text) {
        index = place + 1
        return (start..<index, Array(lines[(start + 1)..<place]))
      }
      if let other = Fence(text), other.length >= fence.length, ["attune", "expect"].contains(other.language) {
        blank = blank ?? place
        break
      }
      if blank == nil, text.allSatisfy(\.isWhitespace) { blank = place }
    }
    note(.openFence, lines[start].place)
    index = blank ?? start + 1
    return (start..<index, Array(lines[(start + 1)..<index]))
  }

  /// Reads a cell and moves past it.
  mutating func readCell(_ fence: Fence) -> LessonCell {
    var cell = LessonCell(place: lines[index].place)
    let before = flaws.count
    (cell.range, cell.source) = takeFence(fence)
    for problem in cell.read(attributes: fence.rest) { note(problem, cell.place) }
    noteStrange(cell.models, cell.place)
    if let id = cell.id {
      claim(id, cell.place)
      cellIDs.append(id)
    }
    let isOpen = flaws.dropFirst(before).contains { $0.problem == .openFence }
    noting { (_) throws(LessonError) in
      do throws(LessonError) { try cell.readStatements() } catch { if !isOpen { throw error } }
    }
    return cell
  }

  /// Reads an expectation and moves past it.
  mutating func readExpectation(_ fence: Fence) -> Expectation {
    let place = lines[index].place
    let (range, body) = takeFence(fence)
    var marks = LessonCell(place: place)
    for problem in marks.read(attributes: fence.rest, of: ["models"]) { note(problem, place) }
    noteStrange(marks.models, place)
    for line in body {
      if let pattern = LinePattern.badPattern(in: line.text) { note(.badRegularExpression(pattern), line.place) }
    }
    return Expectation(lines: body, range: range, place: place, models: marks.models)
  }

  /// The first of these models that the front matter does not name.
  func strange(_ models: [String]) -> String? { models.first { !header.models.contains($0) } }

  private mutating func noteStrange(_ models: [String], _ place: Lesson.Place) {
    if let name = strange(models) { note(.unknownModel(name, known: header.models), place) }
  }

  /// Gives the expectation to the cell right before it.
  private mutating func attach(_ expectation: Expectation) throws(LessonError) {
    guard quiz == nil, exercise == nil, prose.allSatisfy({ $0.text.allSatisfy(\.isWhitespace) }),
      case .cell(var cell)? = items.last
    else { throw .malformed(expectation.place, .expectWithoutCell) }
    guard cell.add(expectation) else { throw .malformed(expectation.place, .secondExpect) }
    prose = []
    items[items.count - 1] = .cell(cell)
  }
}
