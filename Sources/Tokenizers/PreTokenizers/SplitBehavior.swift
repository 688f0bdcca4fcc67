/// What becomes of the matches that a text is split at.
package enum SplitBehavior: String, CaseIterable, Sendable {
  case removed = "Removed"
  case isolated = "Isolated"
  case mergedWithPrevious = "MergedWithPrevious"
  case mergedWithNext = "MergedWithNext"
  case contiguous = "Contiguous"

  /// Appends the parts of a text, given the spans that it consists of in order.
  ///
  /// The rules are those of the reference also where they surprise: of matches side by side only the first joins
  /// what is before it, and only the last what is after it.
  func apply(_ spans: [Span], to parts: inout [Range<Int>]) {
    switch self {
    case .removed: for span in spans where !span.isMatch { Self.add(span.range, &parts) }
    case .isolated: for span in spans { Self.add(span.range, &parts) }
    case .contiguous:
      merge(spans, into: &parts) { span, previous in span.isMatch == previous }
    case .mergedWithPrevious:
      merge(spans, into: &parts) { span, previous in span.isMatch && !previous }
    case .mergedWithNext:
      var joined: [Range<Int>] = []
      var previous = false
      for span in spans.reversed() {
        if span.isMatch, !previous, let last = joined.popLast() {
          joined.append(span.range.lowerBound..<last.upperBound)
        } else {
          joined.append(span.range)
        }
        previous = span.isMatch
      }
      for range in joined.reversed() { Self.add(range, &parts) }
    }
  }

  private func merge(_ spans: [Span], into parts: inout [Range<Int>], _ joins: (Span, Bool) -> Bool) {
    let first = parts.count
    var previous = false
    for span in spans {
      if joins(span, previous), parts.count > first, let last = parts.popLast() {
        parts.append(last.lowerBound..<span.range.upperBound)
      } else {
        Self.add(span.range, &parts)
      }
      previous = span.isMatch
    }
  }

  @inline(__always)
  private static func add(_ range: Range<Int>, _ parts: inout [Range<Int>]) {
    if !range.isEmpty { parts.append(range) }
  }
}

/// A part of a text that a pattern matches, or one between matches.
struct Span: Equatable {
  var range: Range<Int>
  var isMatch: Bool
}
