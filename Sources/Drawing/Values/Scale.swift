extension Drawing {
  /// How values become shades. A missing bound is taken from the values that are drawn.
  package enum Scale: Sendable, Equatable {
    /// From weak to strong. Without a range: from 0, or the lowest value when that is negative, to the
    /// highest.
    case sequential(ClosedRange<Float>?)
    /// Signed, zero in the centre. Without a limit: the largest magnitude.
    case diverging(limit: Float?)
  }
}

/// A scale with its bounds settled.
struct FixedScale: Sendable {
  let low: Double
  let high: Double
  let isDiverging: Bool

  init(_ scale: Drawing.Scale, values: some Sequence<Float>) {
    let finite = values.lazy.filter(\.isFinite)
    switch scale {
    case .sequential(let range):
      isDiverging = false
      let low = Double(range?.lowerBound ?? min(finite.min() ?? 0, 0))
      let high = Double(range?.upperBound ?? finite.max() ?? 1)
      self.low = low.isFinite ? low : 0
      self.high = high.isFinite && high > self.low ? high : self.low + 1
    case .diverging(let limit):
      isDiverging = true
      let largest = Double(abs(limit ?? finite.map(\.magnitude).max() ?? 1))
      high = largest.isFinite && largest > 0 ? largest : 1
      low = -high
    }
  }

  var colors: ColorScale { isDiverging ? .diverging : .sequential }

  /// Where a value stands between low and high, 0 to 1; nil for what is not a number.
  func part(_ value: Float) -> Double? {
    guard !value.isNaN else { return nil }
    return min(max((Double(value) - low) / (high - low), 0), 1)
  }

  /// How far a value stands out, 0 to 1: from the bottom, or from the centre of a signed scale.
  func strength(_ value: Float) -> Double? {
    part(value).map { isDiverging ? abs($0 - 0.5) * 2 : $0 }
  }

  /// Below this strength a cell is left empty.
  static let threshold = 0.05

  /// One character that is denser the stronger the value is.
  func shade(_ value: Float, unicode: Bool) -> String {
    guard let strength = strength(value) else { return "?" }
    let steps = unicode ? ["·", "░", "▒", "▓", "█"] : [".", ":", "+", "%", "#"]
    guard strength >= Self.threshold else { return steps[0] }
    return steps[min(Int(strength * 4), 3) + 1]
  }

  /// Tenths of the strength, 0 to 9, or a point when there is hardly any.
  func digit(_ value: Float) -> String {
    guard let strength = strength(value) else { return "?" }
    return strength < Self.threshold ? "." : String(min(Int(strength * 10), 9))
  }

  /// A value short enough for a cell: `.41`, `1.0`, `+.41`, `12.5`.
  func short(_ value: Float) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    let largest = max(abs(low), abs(high))
    var text = number(Double(value.magnitude), digits: digits)
    if largest <= 1 {
      text = text == "1.00" ? "1.0" : text.hasPrefix("0.") ? String(text.dropFirst()) : text
    }
    let isZero = !text.contains { $0 != "0" && $0 != "." }
    let sign = value < 0 && !isZero ? "-" : isDiverging && !isZero ? "+" : ""
    return sign + text
  }

  /// A value with the decimals that suit the scale.
  func long(_ value: Double) -> String {
    number(value, digits: digits)
  }

  private var digits: Int {
    var largest = max(abs(low), abs(high))
    guard largest < 10 else { return largest < 100 ? 1 : 0 }
    var digits = 2
    while largest < 0.095 && digits < 8 {
      largest *= 10
      digits += 1
    }
    return digits
  }
}
