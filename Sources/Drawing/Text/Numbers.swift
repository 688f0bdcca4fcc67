/// A number with a fixed count of decimals, a point and no grouping, in every locale.
///
/// Half is rounded away from zero, zero has no sign, and values of 1e15 and more are written with an
/// exponent. Not-a-number is `nan`, infinities are `inf` and `-inf`.
package func number(_ value: Double, digits: Int) -> String {
  guard !value.isNaN else { return "nan" }
  guard value.isFinite else { return value < 0 ? "-inf" : "inf" }
  let digits = min(max(digits, 0), 12)
  let factor = powerOfTen(digits)
  let scaled = (value.magnitude * factor).rounded()
  guard value.magnitude < 1e15, scaled < 9e18 else { return "\(value)" }
  let units = UInt64(scaled)
  let whole = String(units / UInt64(factor))
  let sign = value < 0 && units > 0 ? "-" : ""
  guard digits > 0 else { return sign + whole }
  let fraction = String(units % UInt64(factor))
  return sign + whole + "." + String(repeating: "0", count: digits - fraction.count) + fraction
}

/// A number with about three significant digits: `0.0012`, `0.69`, `12.5`, `12400`, `3.1e-7`.
package func number(_ value: Double) -> String {
  guard value.isFinite, value != 0 else { return number(value, digits: 0) }
  switch value.magnitude {
  case ..<0.001: return scientific(value)
  case ..<0.01: return number(value, digits: 4)
  case ..<0.1: return number(value, digits: 3)
  case ..<10: return number(value, digits: 2)
  case ..<100: return number(value, digits: 1)
  case ..<1e9: return number(value, digits: 0)
  default: return scientific(value)
  }
}

/// A size in decimal units: `512 B`, `9.1 MB`, `91 MB`, `1.3 GB`.
package func bytes(_ count: Int) -> String {
  let units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"]
  let sign = count < 0 ? "-" : ""
  var size = Double(count.magnitude)
  var unit = 0
  while unit + 1 < units.count, size >= (unit == 0 ? 1000 : 999.5) {
    size /= 1000
    unit += 1
  }
  return sign + number(size, digits: unit > 0 && size < 9.95 ? 1 : 0) + " " + units[unit]
}

/// A span of time with its two largest units: `12 ms`, `1.2 s`, `48 s`, `1 min 12 s`, `2 h 5 min`, `3 d 4 h`.
///
/// A negative, infinite or missing value is `unknown`. Hidden like everything `measured(_:)`.
package func duration(seconds: Double) -> String {
  guard !Measured.isHidden else { return Measured.placeholder }
  guard seconds.isFinite, seconds >= 0 else { return "unknown" }
  if seconds == 0 { return "0 s" }
  if seconds < 0.0995 { return number(seconds * 1000, digits: seconds < 0.00995 ? 1 : 0) + " ms" }
  if seconds < 9.95 { return number(seconds, digits: 1) + " s" }
  guard seconds < 1e12 else { return "unknown" }
  let total = Int(seconds.rounded())
  let steps = [(86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")]
  for (large, largeName, small, smallName) in steps where total >= large {
    let rest = total % large / small
    return "\(total / large) \(largeName)" + (rest > 0 ? " \(rest) \(smallName)" : "")
  }
  return "\(total) s"
}

func powerOfTen(_ exponent: Int) -> Double {
  (0..<max(exponent, 0)).reduce(1.0) { power, _ in power * 10 }
}

private func scientific(_ value: Double) -> String {
  var mantissa = value.magnitude
  var exponent = 0
  while mantissa >= 9.95 {
    mantissa /= 10
    exponent += 1
  }
  while mantissa < 0.995 {
    mantissa *= 10
    exponent -= 1
  }
  return (value < 0 ? "-" : "") + number(mantissa, digits: 1) + "e\(exponent)"
}
