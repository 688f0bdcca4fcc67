import Foundation
import Layers

/// Rotary positions, as transformers has spelt them so far: `rope_theta` and `rope_scaling`, or both in
/// `rope_parameters`.
extension ConfigurationReader {
  func rotary(headWidth: Int, positions: Int) throws(ConfigurationError) -> RotaryScaling {
    let old = try inner("rope_scaling")
    let inner = try inner("rope_parameters") ?? old
    let base = Double(try number("rope_theta", default: 10_000, in: 1...1e12))
    let share = try number("partial_rotary_factor", default: 1, in: 0...1)
    guard let inner else {
      return RotaryScaling(base: base, width: try turning(headWidth, share))
    }
    return try inner.scaling(
      base: Double(try inner.number("rope_theta", default: Float(base), in: 1...1e12)),
      width: try turning(headWidth, try inner.number("partial_rotary_factor", default: share, in: 0...1)),
      positions: positions)
  }

  private func turning(_ headWidth: Int, _ share: Float) throws(ConfigurationError) -> Int {
    let width = Int(Float(headWidth) * share)
    guard width >= 2, width % 2 == 0 else {
      throw .outOfRange(
        file: file, key: "head_dim", value: "\(headWidth)", allowed: "such that an even part of it turns")
    }
    return width
  }

  /// Of the object that holds the factors.
  private func scaling(base: Double, width: Int, positions: Int) throws(ConfigurationError) -> RotaryScaling {
    let key = holds("rope_type") ? "rope_type" : "type"
    let kind = try choice(
      key, default: "default", Dictionary(uniqueKeysWithValues: RotaryKind.allCases.map { ($0.rawValue, $0) }))
    func positive(_ key: String, default fallback: Double? = nil) throws(ConfigurationError) -> Double {
      guard holds(key) || fallback != nil else { throw .missing(file: file, key: "rope_scaling.\(key)") }
      return Double(try number(key, default: Float(fallback ?? 1), in: 1e-6...1e9))
    }
    let original = try integer("original_max_position_embeddings", default: positions)
    switch kind {
    case .plain: return RotaryScaling(base: base, width: width)
    case .linear: return RotaryScaling(base: base, width: width, variant: .linear(factor: try positive("factor")))
    case .dynamic:
      guard width > 2 else { return RotaryScaling(base: base, width: width) }
      return RotaryScaling(
        base: base, width: width, variant: .dynamic(factor: try positive("factor"), limit: positions))
    case .bands:
      return RotaryScaling(
        base: base, width: width,
        variant: .bands(
          factor: try positive("factor"), low: try positive("low_freq_factor"), high: try positive("high_freq_factor"),
          original: original))
    case .yarn:
      let factor = try positive("factor", default: Double(positions) / Double(original))
      return RotaryScaling(
        base: base, width: width,
        variant: .yarn(
          factor: factor, fast: try positive("beta_fast", default: 32), slow: try positive("beta_slow", default: 1),
          original: original, truncates: try bool("truncate", default: true)),
        magnitude: try magnitude {
          guard holds("mscale"), holds("mscale_all_dim") else { return yarnScale(factor, 1) }
          return yarnScale(factor, $0("mscale")) / yarnScale(factor, $0("mscale_all_dim"))
        })
    case .long:
      let factor = try positive("factor", default: Double(positions) / Double(original))
      return RotaryScaling(
        base: base, width: width,
        variant: .long(
          short: try numbers("short_factor", count: width / 2), long: try numbers("long_factor", count: width / 2),
          original: original),
        magnitude: try magnitude { _ in
          factor <= 1 ? 1 : (1 + log(factor) / log(Double(original))).squareRoot()
        })
    }
  }

  /// `attention_factor`, or what the variant makes of its other numbers.
  private func magnitude(_ usual: ((String) -> Double) -> Double) throws(ConfigurationError) -> Float {
    for key in ["mscale", "mscale_all_dim"] { _ = try number(key, default: 1, in: 0...1e6) }
    let number = { (key: String) in (object[key] as? NSNumber)?.doubleValue ?? 1 }
    return try self.number("attention_factor", default: Float(usual(number)), in: 0...1e6)
  }

  private func yarnScale(_ factor: Double, _ weight: Double) -> Double {
    factor <= 1 ? 1 : 0.1 * weight * log(factor) + 1
  }
}

/// transformers' names of the variants.
private enum RotaryKind: String, CaseIterable {
  case plain = "default"
  case linear, dynamic
  case bands = "llama3"
  case yarn
  case long = "longrope"
}
