import Foundation

/// The BLEU of a corpus (Papineni et al. 2002), 0 to 100, as sacrebleu computes it by default: words by the rules of
/// mteval-v13a, runs of up to four, orders without a match smoothed exponentially, one reference a row.
package struct BLEU: Sendable {
  private var matches = [0, 0, 0, 0]
  private var totals = [0, 0, 0, 0]
  private var written = 0
  private var wanted = 0

  package init() {}

  package mutating func add(_ text: String, reference: String) {
    let (ours, theirs) = (BLEU.words(text), BLEU.words(reference))
    written += ours.count
    wanted += theirs.count
    for order in 1...4 {
      let known = runs(of: theirs, order)
      totals[order - 1] += max(0, ours.count - order + 1)
      matches[order - 1] += runs(of: ours, order).reduce(0) { $0 + min($1.value, known[$1.key] ?? 0) }
    }
  }

  package var score: Double {
    guard matches.contains(where: { $0 > 0 }), totals.allSatisfy({ $0 > 0 }) else { return 0 }
    var smoothing = 1.0
    var sum = 0.0
    for (matched, total) in zip(matches, totals) {
      if matched == 0 { smoothing *= 2 }
      sum += log(100 * (matched == 0 ? 1 / smoothing : Double(matched)) / Double(total))
    }
    let brevity = written < wanted ? exp(1 - Double(wanted) / Double(written)) : 1
    return brevity * exp(sum / 4)
  }

  // MARK: Words

  /// A text's words by the rules of mteval-v13a.
  static func words(_ text: String) -> [String] {
    var line = text
    while let last = line.unicodeScalars.last, isWhiteSpace(last) { line.unicodeScalars.removeLast() }
    for (old, new) in [("<skipped>", ""), ("-\n", ""), ("\n", " ")] { line = line.replacing(old, with: new) }
    if line.contains("&") {
      for (old, new) in [("&quot;", "\""), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")] {
        line = line.replacing(old, with: new)
      }
    }
    var scalars = Array(" \(line) ".unicodeScalars)
    scalars = scalars.flatMap { isMark($0) ? [" ", $0, " "] : [$0] }
    scalars = pairs(scalars) {
      !isDigit($0) && isStop($1)
    } spaced: {
      [$0, " ", $1, " "]
    }
    scalars = pairs(scalars) {
      isStop($0) && !isDigit($1)
    } spaced: {
      [" ", $0, " ", $1]
    }
    scalars = pairs(scalars) {
      isDigit($0) && $1 == "-"
    } spaced: {
      [$0, " ", $1, " "]
    }
    return scalars.split(whereSeparator: isWhiteSpace).map { scalars in
      var word = String.UnicodeScalarView()
      word.append(contentsOf: scalars)
      return String(word)
    }
  }

  private typealias Scalars = [Unicode.Scalar]

  /// Replaces neighbours that fit, from left to right, each scalar in one pair at most.
  private static func pairs(
    _ scalars: Scalars, _ fits: (Unicode.Scalar, Unicode.Scalar) -> Bool,
    spaced: (Unicode.Scalar, Unicode.Scalar) -> Scalars
  ) -> Scalars {
    var out: Scalars = []
    out.reserveCapacity(scalars.count + 8)
    var place = 0
    while place < scalars.count {
      if place + 1 < scalars.count, fits(scalars[place], scalars[place + 1]) {
        out += spaced(scalars[place], scalars[place + 1])
        place += 2
      } else {
        out.append(scalars[place])
        place += 1
      }
    }
    return out
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
  private static func isStop(_ scalar: Unicode.Scalar) -> Bool { scalar == "." || scalar == "," }

  /// Punctuation that always stands alone: ASCII's but for apostrophe, comma, hyphen and full stop.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "{"..."~", "["..."`", " "..."&", "("..."+", ":"..."@", "/": true
    default: false
    }
  }
}
