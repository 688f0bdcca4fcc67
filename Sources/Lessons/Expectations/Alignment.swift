/// An expectation laid beside what came out, line by line.
struct Alignment {
  enum Step: Equatable {
    /// The expected line, by its place, and the found lines that it stands for: one, or any count for `...`.
    case kept(expected: Int, found: Range<Int>)
    /// This line was expected and that one was found in its place.
    case changed(expected: Int, found: Int)
    case absent(expected: Int)
    case extra(found: Int)
  }

  let steps: [Step]

  var holds: Bool { steps.allSatisfy { if case .kept = $0 { true } else { false } } }

  /// The cheapest way to turn the expectation into the output. Blank lines at the end of either do not count.
  init(expected: [String], found: [String]) {
    let (expected, found) = (Alignment.trimmed(expected), Alignment.trimmed(found))
    let patterns = expected.map(LinePattern.init)
    guard patterns.count * found.count <= Alignment.largestTable else {
      steps = Alignment.simple(patterns, found)
      return
    }
    steps = AlignmentTable(expected, patterns, found).steps
  }

  private static let largestTable = 4_000_000

  static func trimmed(_ lines: [String]) -> [String] {
    let last = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) } ?? -1
    return Array(lines[..<(last + 1)])
  }

  /// Place by place, for outputs too large for a table.
  private static func simple(_ patterns: [LinePattern], _ found: [String]) -> [Step] {
    let shared = min(patterns.count, found.count)
    let pairs = (0..<shared).map { place in
      patterns[place].matches(found[place])
        ? Step.kept(expected: place, found: place..<place + 1) : Step.changed(expected: place, found: place)
    }
    return pairs + (shared..<patterns.count).map { .absent(expected: $0) }
      + (shared..<found.count).map { .extra(found: $0) }
  }
}

/// Edit distance where a change costs 2 if the lines are alike and 4 if not, a line more 3, a line less 5, and a line
/// inside `...` nothing: what an author wrote is given up last.
private struct AlignmentTable {
  let expected: [String]
  let patterns: [LinePattern]
  let found: [String]
  /// Cheapest cost from (expected, found) to the end, `found.count + 1` a row.
  private var costs: [Int]
  /// Cost of taking a found line for an expected one; 0: it matches.
  private var changes: [Int]
  private let width: Int

  init(_ expected: [String], _ patterns: [LinePattern], _ found: [String]) {
    self.expected = expected
    self.patterns = patterns
    self.found = found
    width = found.count + 1
    costs = Array(repeating: 0, count: (patterns.count + 1) * width)
    changes = Array(repeating: 0, count: patterns.count * width)
    for row in stride(from: patterns.count, through: 0, by: -1) {
      for column in stride(from: found.count, through: 0, by: -1) { fill(row, column) }
    }
  }

  private func cost(_ row: Int, _ column: Int) -> Int { costs[row * width + column] }

  private mutating func fill(_ row: Int, _ column: Int) {
    var best = Int.max
    let hasRow = row < patterns.count
    let hasColumn = column < found.count
    if !hasRow && !hasColumn { best = 0 }
    if hasRow, patterns[row] == .anyLines {
      best = cost(row + 1, column)
      if hasColumn { best = min(best, cost(row, column + 1)) }
    } else if hasRow, hasColumn {
      let change = change(row, column)
      changes[row * width + column] = change
      best = cost(row + 1, column + 1) + change
    }
    if hasRow, patterns[row] != .anyLines { best = min(best, cost(row + 1, column) + 5) }
    if hasColumn { best = min(best, cost(row, column + 1) + 3) }
    costs[row * width + column] = best
  }

  private func change(_ row: Int, _ column: Int) -> Int {
    if patterns[row].matches(found[column]) { return 0 }
    if case .text(let pieces, _?) = patterns[row],
      LinePattern.text(pieces, tolerance: .greatestFiniteMagnitude).matches(found[column])
    {
      return 2
    }
    let (a, b) = (Array(expected[row].utf8), Array(found[column].utf8))
    let start = zip(a, b).prefix { $0 == $1 }.count
    let end = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
    return 2 * min(start + end, a.count, b.count) >= max(a.count, b.count) ? 2 : 4
  }

  var steps: [Alignment.Step] {
    var steps: [Alignment.Step] = []
    var (row, column) = (0, 0)
    while row < patterns.count || column < found.count {
      let now = cost(row, column)
      if row < patterns.count, patterns[row] == .anyLines {
        let start = column
        while column < found.count, cost(row + 1, column) != now, cost(row, column + 1) == now { column += 1 }
        steps.append(.kept(expected: row, found: start..<column))
        row += 1
      } else if row < patterns.count, column < found.count, changes[row * width + column] == 0,
        cost(row + 1, column + 1) == now
      {
        steps.append(.kept(expected: row, found: column..<column + 1))
        (row, column) = (row + 1, column + 1)
      } else if row < patterns.count, column < found.count,
        cost(row + 1, column + 1) + changes[row * width + column] == now
      {
        steps.append(.changed(expected: row, found: column))
        (row, column) = (row + 1, column + 1)
      } else if row < patterns.count, cost(row + 1, column) + 5 == now {
        steps.append(.absent(expected: row))
        row += 1
      } else {
        steps.append(.extra(found: column))
        column += 1
      }
    }
    return steps
  }
}
