/// A range with its round tick values: steps of 1, 2 or 5 times a power of ten.
struct Axis: Sendable {
  let low: Double
  let high: Double
  let ticks: [Double]
  let digits: Int

  /// An axis for a range, widened to whole steps when it is `rounded`.
  init(low: Double, high: Double, ticks wanted: Int, rounded: Bool, whole: Bool = false) {
    var (low, high) = (low, high)
    if !(low.isFinite && high.isFinite && (high - low).isFinite) || low > high { (low, high) = (0, 1) }
    if high - low <= max(high.magnitude, low.magnitude) * 1e-9 {
      let half = low == 0 ? 0.5 : low.magnitude / 2
      (low, high) = whole ? (low, low + 1) : (low - half, high + half)
    }
    var step = Self.step((high - low) / Double(max(wanted, 1)))
    if whole { step = max(step.rounded(.up), 1) }
    if rounded {
      low = (low / step + 1e-9).rounded(.down) * step
      high = (high / step - 1e-9).rounded(.up) * step
    }
    if !(high - low).isFinite || low >= high { (low, high, step) = (0, 1, 1) }
    let first = (low / step - 1e-9).rounded(.up)
    let last = (high / step + 1e-9).rounded(.down)
    let count = last - first
    self.low = low
    self.high = high
    ticks = count >= 0 && count < 100 ? (0...Int(count)).map { (first + Double($0)) * step } : [low, high]
    digits = Self.decimals(step)
  }

  func part(_ value: Double) -> Double {
    let part = (value - low) / (high - low)
    return part.isFinite ? part : 0
  }

  func label(_ value: Double) -> String {
    if value.magnitude >= 1e6 || (digits > 6 && value != 0) { return number(value) }
    return number(value, digits: digits)
  }

  private static func step(_ rough: Double) -> Double {
    guard rough > 0, rough.isFinite else { return 1 }
    var power = 1.0
    while power * 10 <= rough { power *= 10 }
    while power > rough { power /= 10 }
    guard power > 0 else { return rough }
    return [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999 } ?? 10 * power
  }

  private static func decimals(_ step: Double) -> Int {
    var digits = 0
    var scaled = step
    while digits < 12, (scaled - scaled.rounded()).magnitude > 1e-6 * scaled {
      scaled *= 10
      digits += 1
    }
    return digits
  }
}
