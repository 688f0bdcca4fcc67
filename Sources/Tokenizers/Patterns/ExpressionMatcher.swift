/// Runs a program over one text.
struct ExpressionMatcher {
  private let program: [Instruction]
  private let text: UnsafeBufferPointer<UInt32>
  /// Which splits have been entered at which places; entering one again cannot succeed.
  private var entered: [UInt64]
  /// The entered ones of this attempt, taken back when it succeeds.
  private var log: [Int] = []
  private let splitNumbers: [Int]
  private let splitCount: Int
  private var stack: [(place: Int, position: Int)] = []
  private var steps = 0
  private let mostSteps: Int

  /// Whether the steps are used up, so that nothing further is found.
  var isExhausted: Bool { steps >= mostSteps }

  private static let mostBits = 1 << 30

  init(program: [Instruction], text: UnsafeBufferPointer<UInt32>) {
    self.program = program
    self.text = text
    var numbers = [Int](repeating: 0, count: program.count)
    var count = 0
    for (place, instruction) in program.enumerated() {
      if case .split = instruction {
        numbers[place] = count
        count += 1
      }
    }
    splitNumbers = numbers
    splitCount = count
    let bits = count * (text.count + 1)
    entered = Array(repeating: 0, count: bits < Self.mostBits ? bits / 64 + 1 : 0)
    mostSteps = 300 * (text.count + 10_000)
  }

  /// The end of the match that starts at a position, if there is one.
  mutating func match(at start: Int) -> Int? {
    log.removeAll(keepingCapacity: true)
    guard let end = run(0, start, remembers: !entered.isEmpty) else { return nil }
    for bit in log { entered[bit >> 6] &= ~(1 << UInt64(bit & 63)) }
    return end
  }

  /// Runs from a place up to the next `match`.
  private mutating func run(_ place: Int, _ start: Int, remembers: Bool, mustEndAt target: Int? = nil) -> Int? {
    let floor = stack.count
    defer { stack.removeSubrange(floor...) }
    var (place, position) = (place, start)
    while steps < mostSteps {
      steps += 1
      var succeeds = true
      switch program[place] {
      case .scalar(let scalar):
        succeeds = position < text.count && text[position] == scalar
        position += 1
        place += 1
      case .set(let set):
        succeeds = position < text.count && set.contains(text[position])
        position += 1
        place += 1
      case .jump(let next): place = next
      case .split(let first, let second):
        if remembers {
          let bit = splitNumbers[place] * (text.count + 1) + position
          if entered[bit >> 6] >> UInt64(bit & 63) & 1 != 0 {
            succeeds = false
            break
          }
          entered[bit >> 6] |= 1 << UInt64(bit & 63)
          log.append(bit)
        }
        stack.append((second, position))
        place = first
      case .assert(let assertion):
        succeeds = holds(assertion, position)
        place += 1
      case .look(let isNegative, let next):
        let mark = log.count
        let found = run(place + 1, position, remembers: remembers) != nil
        if found { forget(from: mark) }
        succeeds = found != isNegative
        place = next
      case .lookBehind(let isNegative, let lengths, let next):
        let body = place + 1
        var found = false
        for length in lengths where !found && length <= position {
          found = run(body, position - length, remembers: false, mustEndAt: position) != nil
        }
        succeeds = found != isNegative
        place = next
      case .atomic(let next):
        let mark = log.count
        if let end = run(place + 1, position, remembers: remembers) {
          forget(from: mark)
          position = end
        } else {
          succeeds = false
        }
        place = next
      case .match:
        if target == nil || target == position { return position }
        succeeds = false
      }
      if succeeds { continue }
      guard stack.count > floor, let next = stack.popLast() else { return nil }
      (place, position) = next
    }
    return nil
  }

  private mutating func forget(from mark: Int) {
    for bit in log[mark...] { entered[bit >> 6] &= ~(1 << UInt64(bit & 63)) }
    log.removeSubrange(mark...)
  }

  private func holds(_ assertion: Assertion, _ position: Int) -> Bool {
    switch assertion {
    case .textStart: position == 0
    case .textEnd: position == text.count
    case .textEndOrBreak: position == text.count || position == text.count - 1 && text[position] == 10
    case .lineStart: position == 0 || text[position - 1] == 10 && position < text.count
    case .lineEnd: position == text.count || text[position] == 10
    case .wordBoundary: isBoundary(position)
    case .notWordBoundary: !isBoundary(position)
    }
  }

  private func isBoundary(_ position: Int) -> Bool {
    let table = CategoryTable.shared
    let before = position > 0 && table.isWord(text[position - 1])
    return before != (position < text.count && table.isWord(text[position]))
  }
}
