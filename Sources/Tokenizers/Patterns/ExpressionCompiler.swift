/// Writes an expression out as instructions.
struct ExpressionCompiler {
  private var program: [Instruction] = []
  /// Nodes that were written out; those that match nothing leave no instruction.
  private var written = 0

  /// The longest program, so that counted repetitions of repetitions stay small.
  private static let largest = 20_000
  private static let longestBehind = 255

  /// Throws `tooLarge`, and `unsupported` for a look-behind of unlimited length.
  mutating func program(for node: ExpressionNode) throws(PatternProblem) -> [Instruction] {
    try add(node)
    program.append(.match)
    return program
  }

  private mutating func add(_ node: ExpressionNode) throws(PatternProblem) {
    written += 1
    guard program.count < Self.largest, written < 10 * Self.largest else { throw .tooLarge }
    switch node {
    case .empty: break
    case .scalar(let scalar): program.append(.scalar(scalar))
    case .set(let set): program.append(.set(set))
    case .sequence(let parts): for part in parts { try add(part) }
    case .alternatives(let branches): try add(branches)
    case .repetition(let body, let least, let most, let mode):
      if mode == .possessive {
        try add(.atomic(.repetition(body, least, most, .greedy)))
      } else {
        try add(body, least, most, isLazy: mode == .lazy)
      }
    case .look(let body, let isBehind, let isNegative):
      let place = program.count
      program.append(.match)
      try add(body)
      program.append(.match)
      let next = program.count
      if isBehind {
        guard let lengths = Self.lengths(of: body), lengths.upperBound <= Self.longestBehind else {
          throw .unsupported(construct: "look-behind of unlimited length")
        }
        program[place] = .lookBehind(isNegative: isNegative, lengths: lengths, next: next)
      } else {
        program[place] = .look(isNegative: isNegative, next: next)
      }
    case .atomic(let body):
      let place = program.count
      program.append(.match)
      try add(body)
      program.append(.match)
      program[place] = .atomic(next: program.count)
    case .assertion(let assertion): program.append(.assert(assertion))
    }
  }

  private mutating func add(_ branches: [ExpressionNode]) throws(PatternProblem) {
    var ends: [Int] = []
    for (index, branch) in branches.enumerated() {
      guard index < branches.count - 1 else {
        try add(branch)
        break
      }
      let place = program.count
      program.append(.match)
      try add(branch)
      ends.append(program.count)
      program.append(.match)
      program[place] = .split(place + 1, program.count)
    }
    for end in ends { program[end] = .jump(program.count) }
  }

  private mutating func add(
    _ body: ExpressionNode, _ least: Int, _ most: Int?, isLazy: Bool
  ) throws(PatternProblem) {
    for _ in 0..<least { try add(body) }
    var optional: [Int] = []
    if let most {
      for _ in least..<max(least, most) {
        optional.append(program.count)
        program.append(.match)
        try add(body)
      }
    } else {
      optional.append(program.count)
      program.append(.match)
      try add(body)
      program.append(.jump(optional[0]))
    }
    for place in optional {
      program[place] = isLazy ? .split(program.count, place + 1) : .split(place + 1, program.count)
    }
  }

  /// The fewest and the most scalars that a node matches; nil where there is no most.
  private static func lengths(of node: ExpressionNode) -> ClosedRange<Int>? {
    switch node {
    case .empty, .look, .assertion: return 0...0
    case .scalar, .set: return 1...1
    case .sequence(let parts):
      return parts.reduce(0...0) { sum, part in
        guard let sum, let lengths = lengths(of: part) else { return nil }
        return (sum.lowerBound + lengths.lowerBound)...(sum.upperBound + lengths.upperBound)
      }
    case .alternatives(let branches):
      var result: ClosedRange<Int>?
      for branch in branches {
        guard let lengths = lengths(of: branch) else { return nil }
        result =
          result.map {
            min($0.lowerBound, lengths.lowerBound)...max($0.upperBound, lengths.upperBound)
          } ?? lengths
      }
      return result
    case .repetition(let body, let least, let most, _):
      guard let lengths = lengths(of: body), let most else { return nil }
      return (lengths.lowerBound * least)...(lengths.upperBound * most)
    case .atomic(let body): return lengths(of: body)
    }
  }
}
