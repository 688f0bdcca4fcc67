extension LessonParser {
  /// Reads the fence at `index`: a cell, an expectation, or a piece of prose.
  mutating func readFence(_ fence: Fence) throws(LessonError) {
    switch fence.language {
    case "attune":
      let cell = try readCell(fence)
      try close()
      items.append(.cell(cell))
    case "expect":
      let expectation = try readExpectation(fence)
      try attach(expectation)
    default:
      let range = try fenceRange(fence)
      let block = Array(lines[range])
      if exercise?.checks.isEmpty == true, exercise?.help.isEmpty == true, exercise?.prediction == nil {
        exercise?.prose += block
      } else if quiz?.choices.isEmpty == true, quiz?.key.isEmpty == true {
        quiz?.prose += block
      } else {
        try closeOpen()
        prose += block
      }
      index = range.upperBound
    }
  }

  /// Ends a quiz or exercise, but lets prose go on.
  private mutating func closeOpen() throws(LessonError) {
    if quiz != nil || exercise != nil { try close() }
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

  /// Reads a cell and moves past it.
  mutating func readCell(_ fence: Fence) throws(LessonError) -> LessonCell {
    let range = try fenceRange(fence)
    var cell = LessonCell(place: lines[index].place)
    cell.range = range
    cell.source = Array(lines[range].dropFirst().dropLast())
    try cell.read(attributes: fence.rest)
    if let id = cell.id {
      try claim(id, cell.place)
      cellIDs.append(id)
    }
    try cell.readStatements()
    index = range.upperBound
    return cell
  }

  /// Reads an expectation and moves past it.
  mutating func readExpectation(_ fence: Fence) throws(LessonError) -> Expectation {
    let range = try fenceRange(fence)
    let place = lines[index].place
    guard fence.rest.isEmpty else { throw .malformed(place, .textAfterAttributes(fence.rest)) }
    let body = Array(lines[range].dropFirst().dropLast())
    for line in body {
      if let pattern = LinePattern.badPattern(in: line.text) {
        throw .malformed(line.place, .badRegularExpression(pattern))
      }
    }
    index = range.upperBound
    return Expectation(lines: body, range: range, place: place)
  }

  /// Gives the expectation to the cell right before it.
  private mutating func attach(_ expectation: Expectation) throws(LessonError) {
    guard quiz == nil, exercise == nil, prose.allSatisfy({ $0.text.allSatisfy(\.isWhitespace) }),
      case .cell(var cell)? = items.last
    else { throw .malformed(expectation.place, .expectWithoutCell) }
    guard cell.expectation == nil else { throw .malformed(expectation.place, .secondExpect) }
    prose = []
    cell.expectation = expectation
    items[items.count - 1] = .cell(cell)
  }
}
