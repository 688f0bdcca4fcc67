extension Drawing {
  /// Series of points over one pair of axes.
  package struct Curves: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
      package var x: Double
      package var y: Double

      package init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
      }
    }

    /// Which values of a series are the good ones.
    package enum Goal: Sendable, Equatable {
      case low, high
    }

    package struct Series: Sendable, Equatable {
      package var name: String
      /// By rising x; points that are not finite interrupt the line.
      package var points: [Point]
      package var goal: Goal

      package init(_ name: String, _ points: [Point], goal: Goal = .low) {
        self.name = name
        self.points = points
        self.goal = goal
      }
    }

    package var title: String
    package var xTitle: String
    package var yTitle: String
    package var series: [Series]
    /// Bounds that are settled beforehand, so that a live plot does not jump; points outside widen them.
    package var xRange: ClosedRange<Double>?
    package var yRange: ClosedRange<Double>?
    /// Lines of the plot itself, in a terminal.
    package var height: Int

    package init(
      title: String = "", xTitle: String = "step", yTitle: String = "", series: [Series],
      xRange: ClosedRange<Double>? = nil, yRange: ClosedRange<Double>? = nil, height: Int = 12
    ) {
      self.title = title
      self.xTitle = xTitle
      self.yTitle = yTitle
      self.series = series
      self.xRange = xRange
      self.yRange = yRange
      self.height = max(3, height)
    }
  }
}

extension Drawing.Curves.Series {
  var finite: [Drawing.Curves.Point] { points.filter { $0.x.isFinite && $0.y.isFinite } }

  var best: Drawing.Curves.Point? {
    goal == .low ? finite.min { $0.y < $1.y } : finite.max { $0.y < $1.y }
  }

  /// The runs of points between interruptions.
  var pieces: [[Drawing.Curves.Point]] {
    points.split { !$0.x.isFinite || !$0.y.isFinite }.map(Array.init)
  }
}

extension Drawing.Curves {
  func axes(xTicks: Int, yTicks: Int) -> (x: Axis, y: Axis) {
    let points = series.flatMap(\.finite)
    let xs = points.map(\.x) + (xRange.map { [$0.lowerBound, $0.upperBound] } ?? []).filter(\.isFinite)
    let ys = points.map(\.y) + (yRange.map { [$0.lowerBound, $0.upperBound] } ?? []).filter(\.isFinite)
    let whole = xs.allSatisfy { $0 == $0.rounded() }
    return (
      Axis(low: xs.min() ?? 0, high: xs.max() ?? 1, ticks: xTicks, rounded: false, whole: whole),
      Axis(low: ys.min() ?? 0, high: ys.max() ?? 1, ticks: yTicks, rounded: true)
    )
  }

  /// `last 0.21, best 0.20 at step 40`.
  func summary(_ series: Series) -> String {
    guard let last = series.finite.last, let best = series.best else { return "no points yet" }
    let word = series.goal == .low ? "lowest" : "highest"
    return "last \(number(last.y)), \(word) \(number(best.y)) at \(place(best.x))"
  }

  func place(_ x: Double) -> String {
    let value = x == x.rounded() && x.magnitude < 1e15 ? number(x, digits: 0) : number(x)
    return xTitle.isEmpty ? value : sanitized(xTitle) + " " + value
  }

  func sentences() -> [String] {
    let heading = [title, yTitle].first { !$0.isEmpty }.map { [headline($0)] } ?? []
    return heading
      + series.map { series in
        let name = sanitized(series.name)
        guard let first = series.finite.first, let last = series.finite.last, let best = series.best else {
          return "\(name) has no points yet"
        }
        let word = series.goal == .low ? "lowest" : "highest"
        return "\(name) starts \(number(first.y)) at \(place(first.x)), ends \(number(last.y)) "
          + "at \(place(last.x)), \(word) \(number(best.y)) at \(place(best.x))"
      }
  }
}
