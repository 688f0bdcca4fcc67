/// Steps from line to line; a carriage return before the line's end is no part of it.
struct LineWalker: Sendable {
  let source: SourceText
  private(set) var offset: Int
  /// The number of the line that comes next, from 1.
  private(set) var line = 1
  /// Whether the line before was cut.
  private(set) var isCut = false
  private let longest: Int

  /// - Parameter longest: bytes after which a line is cut, at its last space if it has one
  init(_ source: SourceText, longest: Int = .max) {
    self.source = source
    self.longest = longest
    offset = source.start
  }

  /// The next line's bytes without its end, and its number; nil at the end of the file.
  mutating func next() -> (range: Range<Int>, line: Int)? {
    let count = source.bytes.count
    guard offset < count else { return nil }
    let begin = offset
    let furthest = longest < count - begin ? begin + longest : count
    guard var end = source.bytes.first(UInt8(ascii: "\n"), in: begin..<furthest) ?? (furthest == count ? count : nil)
    else {
      offset = cut(begin..<furthest)
      isCut = true
      return (begin..<offset, line)
    }
    offset = min(end + 1, count)
    isCut = false
    if end > begin, source.bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    defer { line += 1 }
    return (begin..<end, line)
  }

  /// Behind the last space of `range`, or at least between two characters.
  private func cut(_ range: Range<Int>) -> Int {
    let part = source.bytes[range]
    if let space = part.lastIndex(of: 0x20), space > range.lowerBound { return space + 1 }
    return part.lastIndex { $0 & 0xc0 != 0x80 }.flatMap { $0 > range.lowerBound ? $0 : nil } ?? range.upperBound
  }
}
