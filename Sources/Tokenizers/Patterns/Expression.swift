/// A regular expression in Oniguruma's Ruby syntax, without what needs memory of earlier matches.
///
/// Matching backtracks but enters no state twice at one place, so that it stays linear but for look-around, and
/// stops at a bound of steps that no sensible pattern reaches.
struct Expression: Sendable {
  let source: String
  let program: [Instruction]
  /// Whether published models split with it, and a word always ends before a lone space.
  let isPublished: Bool

  /// Patterns of published models that have no scanner.
  private static let publishedSources: Set<String> = [
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
    #"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
    #"\p{N}{1,3}"#, #"\d{1,3}"#, #"\d"#, #"\p{N}"#, "[0-9][0-9][0-9]",
  ]

  /// Throws `unsupportedPattern`, naming the construct, where the source cannot be matched.
  init(_ source: String, file: String) throws(TokenizerError) {
    self.source = source
    isPublished = Self.publishedSources.contains(source)
    do throws(PatternProblem) {
      var parser = ExpressionParser(source)
      var compiler = ExpressionCompiler()
      program = try compiler.program(for: try parser.parse())
    } catch {
      throw .unsupportedPattern(file: file, pattern: source, problem: error)
    }
  }

  /// Calls the body with every match; false where matching took too many steps and was given up.
  func forEachMatch(in text: UnsafeBufferPointer<UInt32>, _ body: (Range<Int>) -> Void) -> Bool {
    var matcher = ExpressionMatcher(program: program, text: text)
    var start = 0
    var lastEnd = -1
    while start <= text.count, !matcher.isExhausted {
      guard let end = matcher.match(at: start) else {
        start += 1
        continue
      }
      if end == start {
        if end != lastEnd { body(start..<end) }
        start += 1
      } else {
        body(start..<end)
        start = end
        lastEnd = end
      }
    }
    return !matcher.isExhausted
  }
}

/// Why a pattern cannot be used.
package enum PatternProblem: Error, Equatable, Sendable {
  /// It is not well formed from this scalar on.
  case malformed(position: Int)
  /// It uses something that is not supported, named as documentation names it.
  case unsupported(construct: String)
  /// It becomes too long when its repetitions are written out.
  case tooLarge
}

/// A step of a compiled expression.
enum Instruction: Sendable {
  case scalar(UInt32)
  case set(ScalarSet)
  /// Goes on at the first place and, where that fails, at the second.
  case split(Int, Int)
  case jump(Int)
  case assert(Assertion)
  /// Runs the steps after it up to their `match`, then goes on at the place given.
  case look(isNegative: Bool, next: Int)
  /// The same backwards: the steps must end here having begun between the lengths before.
  case lookBehind(isNegative: Bool, lengths: ClosedRange<Int>, next: Int)
  /// Runs the steps after it once and keeps to what they first found.
  case atomic(next: Int)
  case match
}

/// A condition on a place in the text.
enum Assertion: Sendable {
  case textStart, textEnd, textEndOrBreak, lineStart, lineEnd, wordBoundary, notWordBoundary
}
