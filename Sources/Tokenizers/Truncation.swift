/// How a result that is too long is cut into parts.
package struct Truncation: Equatable, Sendable {
  /// Which sequence gives way.
  package enum Strategy: String, CaseIterable, Sendable {
    case longestFirst = "longest_first"
    case onlyFirst = "only_first"
    case onlySecond = "only_second"
  }

  /// The end that is cut off.
  package enum Direction: String, CaseIterable, Sendable {
    case right, left
  }

  /// The most tokens of a part, special tokens included.
  package var maximumLength: Int
  package var strategy: Strategy
  /// How many tokens a part repeats of the part before it.
  package var stride: Int
  package var direction: Direction
  /// Whether what is cut off is kept as `overflowing` parts.
  package var keepsOverflow: Bool

  package init(
    maximumLength: Int, strategy: Strategy = .longestFirst, stride: Int = 0,
    direction: Direction = .right, keepsOverflow: Bool = true
  ) {
    self.maximumLength = maximumLength
    self.strategy = strategy
    self.stride = stride
    self.direction = direction
    self.keepsOverflow = keepsOverflow
  }

  /// Reads the `truncation` of a tokenizer.json, which spells its words in camel case.
  init(_ json: JSONObject) throws(TokenizerError) {
    let strategy = try json.string("strategy", default: "LongestFirst")
    let direction = try json.string("direction", default: "Right")
    let spelled = { (word: String) in word.lowercased().filter { $0 != "_" } }
    guard let way = Strategy.allCases.first(where: { spelled($0.rawValue) == spelled(strategy) }) else {
      throw json.wrong(.strategy)
    }
    guard let side = Direction.allCases.first(where: { $0.rawValue == spelled(direction) }) else {
      throw json.wrong(.direction)
    }
    self.init(
      maximumLength: try json.required("max_length").integer(), strategy: way,
      stride: try json.integer("stride", default: 0), direction: side)
  }

  /// The ranges of tokens that each sequence is cut into, the kept part first.
  ///
  /// `added` special tokens take part of the length. Throws `truncationTooShort` where they, or a sequence
  /// that must stay whole, leave nothing, `noSecondSequence` and `strideTooLong`.
  func parts(of first: Int, _ second: Int?, added: Int) throws(TokenizerError) -> [[Range<Int>]] {
    let total = first + (second ?? 0)
    let room = maximumLength - added
    guard room >= 0, stride >= 0 else {
      throw .truncationTooShort(maximumLength: maximumLength, needed: added)
    }
    guard total > room else { return [[0..<first]] + (second.map { [[0..<$0]] } ?? []) }
    var lengths = [first] + (second.map { [$0] } ?? [])
    switch strategy {
    case .longestFirst: lengths = Self.share(room, among: lengths)
    case .onlyFirst, .onlySecond:
      let target = strategy == .onlyFirst ? 0 : 1
      guard target < lengths.count else { throw .noSecondSequence }
      let kept = lengths[target] - (total - room)
      guard kept > 0 || room == 0 else {
        throw .truncationTooShort(
          maximumLength: maximumLength, needed: added + total - lengths[target] + 1)
      }
      lengths = room == 0 ? lengths.map { _ in 0 } : lengths
      if room > 0 { lengths[target] = kept }
    }
    var parts = [try windows(of: first, holding: lengths[0])]
    if let second { parts.append(try windows(of: second, holding: lengths[1])) }
    return parts
  }

  /// Shortens the longer of two sequences, and both to halves where that is not enough.
  private static func share(_ room: Int, among lengths: [Int]) -> [Int] {
    guard lengths.count == 2 else { return [room] }
    let isSwapped = lengths[0] > lengths[1]
    var short = min(lengths[0], lengths[1])
    var long = short > room ? short : max(short, room - short)
    if short + long > room {
      short = room / 2
      long = short + room % 2
    }
    return isSwapped ? [long, short] : [short, long]
  }

  private func windows(of count: Int, holding size: Int) throws(TokenizerError) -> [Range<Int>] {
    if size >= count { return [0..<count] }
    if size == 0 { return [0..<0, 0..<count] }
    guard stride < size else { throw .strideTooLong(stride: stride, room: size) }
    var windows: [Range<Int>] = []
    var taken = 0
    repeat {
      let next = min(taken + size, count)
      windows.append(direction == .right ? taken..<next : (count - next)..<(count - taken))
      if next == count { break }
      taken += size - stride
    } while keepsOverflow
    return windows
  }
}
