import Foundation

/// One line of an `expect` fence.
enum LinePattern: Equatable {
  /// `...`: any lines, none included.
  case anyLines
  /// ` (re)`: the whole line is a regular expression.
  case expression(String)
  /// Literal text with `[..]` for any text; with ` (~1e-2)` numbers may differ by that much.
  case text([Piece], tolerance: Double?)

  enum Piece: Equatable {
    case character(Character)
    case number(Double)
    /// `[..]`.
    case any
    /// A run of blanks where a tolerance is given: numbers of other lengths shift what follows.
    case blanks
  }

  init(_ line: String) {
    let line = LinePattern.trimmedEnd(line)
    if line.drop(while: \.isWhitespace) == "..." {
      self = .anyLines
    } else if line.hasSuffix(" (re)") {
      self = .expression(String(line.dropLast(5)))
    } else if let (text, tolerance) = LinePattern.toleranceSuffix(line) {
      self = .text(LinePattern.pieces(Array(text), tolerant: true), tolerance: tolerance)
    } else {
      self = .text(LinePattern.pieces(Array(line), tolerant: false), tolerance: nil)
    }
  }

  /// The regular expression of a line, if it is not one.
  static func badPattern(in line: String) -> String? {
    guard case .expression(let text) = LinePattern(line) else { return nil }
    let isWhole = text.utf8.count <= 1000 && (try? NSRegularExpression(pattern: text)) != nil
    return isWhole ? nil : text
  }

  /// The text before ` (~1e-2)` and the tolerance; nil without that suffix.
  static func toleranceSuffix(_ line: String) -> (text: String, tolerance: Double)? {
    guard line.hasSuffix(")"), let start = line.range(of: " (~", options: .backwards) else { return nil }
    guard let tolerance = Double(line[start.upperBound...].dropLast()), tolerance.isFinite, tolerance >= 0
    else { return nil }
    return (trimmedEnd(String(line[..<start.lowerBound])), tolerance)
  }

  static func trimmedEnd(_ line: String) -> String {
    var line = line[...]
    while let last = line.last, last.isWhitespace { line.removeLast() }
    return String(line)
  }

  /// Whether a line of output is what the pattern says. Blanks at its end do not count.
  func matches(_ line: String) -> Bool {
    let line = LinePattern.trimmedEnd(line)
    switch self {
    case .anyLines: return true
    case .expression(let text):
      guard text.utf8.count <= 1000, let expression = try? NSRegularExpression(pattern: "^(?:\(text))$") else {
        return false
      }
      return expression.firstMatch(in: line, range: NSRange(line.startIndex..., in: line)) != nil
    case .text(let pieces, let tolerance):
      return LineMatch(pieces: pieces, characters: Array(line), tolerance: tolerance).holds
    }
  }

  private static func pieces(_ characters: [Character], tolerant: Bool) -> [Piece] {
    var pieces: [Piece] = []
    var index = 0
    while index < characters.count {
      if characters[index...].starts(with: ["[", ".", ".", "]"]) {
        pieces.append(.any)
        index += 4
      } else if tolerant, let (value, end) = number(in: characters, at: index) {
        pieces.append(.number(value))
        index = end
      } else if tolerant, characters[index].isWhitespace {
        if pieces.last != .blanks { pieces.append(.blanks) }
        index += 1
      } else {
        pieces.append(.character(characters[index]))
        index += 1
      }
    }
    return pieces
  }

  /// A decimal number that starts here, as long as it goes; heat maps write `.37`. A sign or a leading point belongs to
  /// it unless a letter or digit stands before.
  static func number(in characters: [Character], at start: Int) -> (value: Double, end: Int)? {
    func isDigit(_ place: Int) -> Bool {
      characters.indices.contains(place) && "0123456789".contains(characters[place])
    }
    func isOne(_ place: Int, of marks: String) -> Bool {
      characters.indices.contains(place) && marks.contains(characters[place])
    }
    var end = start
    if isOne(end, of: "-+.") {
      if start > 0, characters[start - 1].isLetter || characters[start - 1].isNumber { return nil }
      if !isOne(end, of: ".") { end += 1 }
    }
    guard isDigit(end) || (isOne(end, of: ".") && isDigit(end + 1)) else { return nil }
    while isDigit(end) { end += 1 }
    if isOne(end, of: "."), isDigit(end + 1) {
      end += 1
      while isDigit(end) { end += 1 }
    }
    if isOne(end, of: "eE") {
      let digits = isOne(end + 1, of: "-+") ? end + 2 : end + 1
      if isDigit(digits) {
        end = digits
        while isDigit(end) { end += 1 }
      }
    }
    return Double(String(characters[start..<end])).map { ($0, end) }
  }
}

/// Matches pieces against a line; remembers what failed, so that wildcards cost no more than a rectangle of steps.
private struct LineMatch {
  let pieces: [LinePattern.Piece]
  let characters: [Character]
  let tolerance: Double?

  var holds: Bool {
    let width = characters.count + 1
    var reached = Set([0])
    for piece in pieces {
      var next: Set<Int> = []
      for start in reached { advance(piece, from: start, width, into: &next) }
      if next.isEmpty { return false }
      reached = next
    }
    return reached.contains(characters.count)
  }

  private func advance(_ piece: LinePattern.Piece, from start: Int, _ width: Int, into next: inout Set<Int>) {
    switch piece {
    case .any: next.formUnion(start..<width)
    case .character(let wanted):
      if start < characters.count, characters[start] == wanted { next.insert(start + 1) }
    case .blanks:
      let end = start + characters[start...].prefix(while: \.isWhitespace).count
      if end > start { next.insert(end) }
    case .number(let wanted):
      guard let (found, end) = LinePattern.number(in: characters, at: start) else { return }
      if abs(found - wanted) <= (tolerance ?? 0) * (1 + 1e-9) + 1e-12 { next.insert(end) }
    }
  }
}
