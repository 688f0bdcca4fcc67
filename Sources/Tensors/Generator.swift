import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Seeded random numbers (SplitMix64, Steele et al. 2014): the same seed gives the same run everywhere.
package struct Generator: RandomNumberGenerator, Sendable {
  package private(set) var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Uniform in [0, 1).
  package mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// From a normal distribution around 0 (Box and Muller 1958).
  package mutating func normal(deviation: Float) -> Float {
    let radius = (-2 * logf(1 - uniform())).squareRoot()
    return deviation * radius * cosf(2 * .pi * uniform())
  }
}

/// Where a forward trip gets its dropout from. Masks are not kept: walking back makes them again from the key.
package final class DropoutGenerator {
  private var generator: Generator

  package init(seed: UInt64) { generator = Generator(seed: seed) }

  /// Where it stands: a generator that starts from it gives the same masks.
  package var state: UInt64 {
    get { generator.state }
    set { generator = Generator(seed: newValue) }
  }

  /// A fresh mask of that rate; nil for rate 0.
  package func mask(rate: Float) -> DropoutMask? {
    guard rate > 0 else { return nil }
    return DropoutMask(key: UInt32(truncatingIfNeeded: generator.next() >> 32), rate: rate)
  }
}

/// Which values of one tensor are dropped: a hash of the place decides.
package struct DropoutMask: Sendable {
  let key: UInt32
  let rate: Float

  package init(key: UInt32, rate: Float) {
    self.key = key
    self.rate = rate
  }

  var kernel: attune_dropout {
    attune_dropout(key: key, threshold: UInt32(min(Double(rate), 0.999) * 4_294_967_296), scale: 1 / (1 - rate))
  }

  static let noneKernel = attune_dropout(key: 0, threshold: 0, scale: 1)
}
