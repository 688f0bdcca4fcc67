/// Finds added tokens in UTF-8: at each place from the left the longest one.
///
/// Contents do not overlap, but the white space that one takes along may be part of the next, as in the reference.
struct AddedTokenMatcher: Sendable {
  struct Match: Equatable {
    /// The index of the token among those that the matcher was made of.
    var token: Int
    var range: Range<Int>
  }

  private var isFirst = [Bool](repeating: false, count: 256)
  private var children: [UInt64: Int] = [:]
  private var tokenAtNode: [Int] = [-1]
  private let tokens: [AddedToken]

  /// `contents` are what to look for, one for each token; an empty one is never found.
  init(_ tokens: [AddedToken], contents: [[UInt8]]) {
    self.tokens = tokens
    for (index, content) in contents.enumerated() {
      guard let first = content.first else { continue }
      isFirst[Int(first)] = true
      var node = 0
      for byte in content {
        let key = UInt64(node) << 8 | UInt64(byte)
        if let child = children[key] {
          node = child
        } else {
          tokenAtNode.append(-1)
          node = tokenAtNode.count - 1
          children[key] = node
        }
      }
      if tokenAtNode[node] < 0 { tokenAtNode[node] = index }
    }
  }

  var isEmpty: Bool { children.isEmpty }

  /// All matches in the order of the text, widened by the white space that they take along.
  func matches(in bytes: UnsafeBufferPointer<UInt8>) -> [Match] {
    var matches: [Match] = []
    guard !isEmpty else { return matches }
    var position = 0
    var free = 0
    while position < bytes.count {
      guard isFirst[Int(bytes[position])], let found = longest(in: bytes, at: position) else {
        position += 1
        continue
      }
      position = found.range.upperBound
      let token = tokens[found.token]
      if token.isSingleWord, touchesWord(found.range, in: bytes) { continue }
      var (start, end) = (found.range.lowerBound, found.range.upperBound)
      if token.stripsLeft { start = max(min(free, start), startOfSpace(before: start, in: bytes)) }
      if token.stripsRight { end = endOfSpace(after: end, in: bytes) }
      matches.append(Match(token: found.token, range: start..<end))
      free = end
    }
    return matches
  }

  private func longest(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Match? {
    var (node, position) = (0, start)
    var best: Match?
    while position < bytes.count, let child = children[UInt64(node) << 8 | UInt64(bytes[position])] {
      node = child
      position += 1
      if tokenAtNode[node] >= 0 { best = Match(token: tokenAtNode[node], range: start..<position) }
    }
    return best
  }

  private func touchesWord(_ range: Range<Int>, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let before = range.lowerBound > 0 && isWord(scalar(before: range.lowerBound, in: bytes).scalar)
    var next = range.upperBound
    return before || next < bytes.count && isWord(bytes.scalar(at: &next))
  }

  private func startOfSpace(before end: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var start = end
    while start > 0 {
      let previous = scalar(before: start, in: bytes)
      guard CharacterTable.shared.flags(of: previous.scalar).contains(.whitespace) else { break }
      start = previous.start
    }
    return start
  }

  private func endOfSpace(after start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var end = start
    while end < bytes.count {
      var next = end
      let scalar = bytes.scalar(at: &next)
      guard CharacterTable.shared.flags(of: scalar).contains(.whitespace) else { break }
      end = next
    }
    return end
  }

  private func scalar(
    before end: Int, in bytes: UnsafeBufferPointer<UInt8>
  ) -> (scalar: UInt32, start: Int) {
    var start = end - 1
    while start > 0, bytes[start].isContinuation { start -= 1 }
    var position = start
    return (bytes.scalar(at: &position), start)
  }

  /// Letters, marks, digits and connectors, `\w` of Unicode Technical Standard 18.
  private func isWord(_ scalar: UInt32) -> Bool {
    CharacterTable.shared.flags(of: scalar).contains(.word)
  }
}
