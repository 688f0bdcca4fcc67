import Drawing

/// How long the slides of a deck should take, and how that stands at a moment.
package struct TimeBudget: Sendable, Equatable {
  /// When each slide should begin, and when the last one should end.
  private let starts: [Double]
  private let isBySlide: Bool

  package enum Standing: Sendable, Equatable {
    case onTime
    /// By so many seconds.
    case ahead(Double)
    case behind(Double)
  }

  /// - Parameters:
  ///   - seconds: by slide; a slide without a time of its own takes none
  ///   - minutes: of the whole deck, where no slide has a time
  init(_ seconds: [Double?], minutes: Int?) {
    isBySlide = seconds.contains { $0 != nil }
    var starts = [0.0]
    for part in seconds { starts.append((starts.last ?? 0) + (part ?? 0)) }
    if !isBySlide, let minutes { starts[starts.count - 1] = Double(minutes) * 60 }
    self.starts = starts
  }

  /// Of the whole deck; 0 when nothing is planned.
  package var total: Double { starts.last ?? 0 }

  /// When a slide should begin and when it should be over, in seconds from the start; nil when nothing is planned.
  package func span(of slide: Int) -> ClosedRange<Double>? {
    guard total > 0, starts.indices.contains(slide), slide + 1 < starts.count else { return nil }
    return isBySlide ? starts[slide]...starts[slide + 1] : 0...total
  }

  /// Ahead before the slide should begin, behind after it should be over; nil when nothing is planned.
  package func standing(on slide: Int, after elapsed: Double) -> Standing? {
    span(of: slide).map { TimeBudget.standing(in: $0, after: elapsed) }
  }

  package static func standing(in span: ClosedRange<Double>, after elapsed: Double) -> Standing {
    if elapsed < span.lowerBound { return .ahead(span.lowerBound - elapsed) }
    return elapsed > span.upperBound ? .behind(elapsed - span.upperBound) : .onTime
  }
}

extension TimeBudget.Standing {
  /// `2:10 ahead`.
  package var words: String {
    switch self {
    case .onTime: "on time"
    case .ahead(let seconds): "\(clock(seconds)) ahead"
    case .behind(let seconds): "\(clock(seconds)) behind"
    }
  }

  package var role: Drawing.Role {
    switch self {
    case .onTime, .ahead: .good
    case .behind: .bad
    }
  }
}

/// A time as a stop-watch shows it: `0:07`, `12:30`, `1:02:03`.
package func clock(_ seconds: Double) -> String {
  let whole = seconds.isFinite ? Int(min(max(0, seconds), 359_999)) : 0
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  let rest = "\(two(whole % 60))"
  return whole < 3600 ? "\(whole / 60):\(rest)" : "\(whole / 3600):\(two(whole / 60 % 60)):\(rest)"
}
