import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How a model's rotary angles follow from positions, with the variants that stretch its context.
package struct RotaryScaling: Sendable, Equatable {
  package enum Variant: Sendable, Equatable {
    case plain
    /// All frequencies divided.
    case linear(factor: Double)
    /// A larger base for sequences beyond `limit`.
    case dynamic(factor: Double, limit: Int)
    /// Low frequencies divided, high ones kept, those between mixed (Llama 3.1).
    case bands(factor: Double, low: Double, high: Double, original: Int)
    /// The same with a ramp over the pairs (Peng et al. 2023).
    case yarn(factor: Double, fast: Double, slow: Double, original: Int, truncates: Bool)
    /// Each frequency divided by its own factor, another one beyond `original` (Ding et al. 2024).
    case long(short: [Double], long: [Double], original: Int)
  }

  package let base: Double
  /// Columns of a head that turn.
  package let width: Int
  package let variant: Variant
  /// That turned columns are scaled by.
  package let magnitude: Float

  package init(base: Double, width: Int, variant: Variant = .plain, magnitude: Float = 1) {
    self.base = base
    self.width = width
    self.variant = variant
    self.magnitude = magnitude
  }

  /// The longest sequence, for a model that was trained on some length; variants but one have it stretched already.
  package func limit(_ trained: Int) -> Int {
    if case .dynamic(let factor, _) = variant { Int(Double(trained) * max(1, factor)) } else { trained }
  }

  /// Radians that each pair of columns turns from one position to the next, in a sequence of that length. Single
  /// precision, as the reference rounds.
  package func frequencies(length: Int) -> [Float] {
    switch variant {
    case .plain: return powers().map { 1 / $0 }
    case .linear(let factor): return powers().map { 1 / $0 / Float(factor) }
    case .dynamic(let factor, let limit):
      let stretch = factor * Double(max(length, limit)) / Double(limit) - (factor - 1)
      return powers(base * pow(stretch, Double(width) / Double(width - 2))).map { 1 / $0 }
    case .bands(let factor, let low, let high, let original):
      return powers().map { RotaryScaling.mixed(1 / $0, Float(factor), Float(low), Float(high), Float(original)) }
    case .yarn(let factor, let fast, let slow, let original, let truncates):
      let (from, to) = ramp(fast, slow, original, truncates)
      return powers().enumerated().map { pair, power in
        let divided = min(1, max(0, (Float(pair) - Float(from)) / Float(to - from)))
        return 1 / (Float(factor) * power) * divided + 1 / power * (1 - divided)
      }
    case .long(let short, let long, let original):
      let factors = length > original ? long : short
      return zip(powers(), factors).map { 1 / (Float($1) * $0) }
    }
  }

  private func powers(_ base: Double? = nil) -> [Float] {
    let base = Float(base ?? self.base)
    return stride(from: 0, to: width, by: 2).map { powf(base, Float($0) / Float(width)) }
  }

  private static func mixed(
    _ frequency: Float, _ factor: Float, _ low: Float, _ high: Float, _ original: Float
  ) -> Float {
    let wavelength = 2 * Float.pi / frequency
    if wavelength > original / low { return frequency / factor }
    if wavelength < original / high { return frequency }
    let share = (original / wavelength - low) / (high - low)
    return (1 - share) * frequency / factor + share * frequency
  }

  /// The pairs between which frequencies pass over from kept to divided.
  private func ramp(_ fast: Double, _ slow: Double, _ original: Int, _ truncates: Bool) -> (Double, Double) {
    func pair(_ rotations: Double) -> Double {
      Double(width) * log(Double(original) / (rotations * 2 * .pi)) / (2 * log(base))
    }
    var (from, to) = (pair(fast), pair(slow))
    if truncates { (from, to) = (from.rounded(.down), to.rounded(.up)) }
    (from, to) = (max(from, 0), min(to, Double(width - 1)))
    return (from, from == to ? to + 0.001 : to)
  }

  /// The angles of a pass's tokens.
  package func angles(_ pass: Pass) -> RotaryAngles {
    RotaryAngles(
      positions: pass.positions, frequencies: frequencies(length: pass.longest), magnitude: magnitude)
  }
}
