import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What all blocks of a stack share about where the tokens of a pass stand.
package struct TokenPlaces {
  /// By which queries and keys turn.
  package let angles: RotaryAngles?
  /// Added to the scores.
  package let bias: RelativeBias?

  package init(angles: RotaryAngles? = nil, bias: RelativeBias? = nil) {
    self.angles = angles
    self.bias = bias
  }
}

extension Pass {
  /// The position of each token in its sequence; those that a cache holds stand before them.
  package var positions: [Int32] {
    (0..<boundaries.count - 1).flatMap { sequence in
      let count = boundaries[sequence + 1] - boundaries[sequence]
      let first = cache.map { $0.length(sequence) - count } ?? 0
      return (first..<first + count).map { Int32($0) }
    }
  }

  /// The longest sequence, with what a cache holds of it.
  package var longest: Int {
    (0..<boundaries.count - 1).reduce(0) { longest, sequence in
      max(longest, cache?.length(sequence) ?? boundaries[sequence + 1] - boundaries[sequence])
    }
  }
}

/// Where the falling frequencies of sines end.
package enum SineSpacing: Sendable {
  /// One step before a ten-thousandth of the first (Vaswani et al. 2017).
  case open
  /// At a ten-thousandth of the first, as Marian computes them.
  case closed
}

/// Sines of falling frequency in the left half of a row, cosines in the right, as Marian lays them out.
/// - Returns: [positions, width]
package func sinusoidal(_ positions: [Int32], width: Int, _ spacing: SineSpacing) -> Tensor {
  let half = (width + 1) / 2
  let steps = spacing == .open ? Double(width) / 2 : Double(max(1, half - 1))
  var values: [Float] = []
  values.reserveCapacity(positions.count * width)
  for position in positions {
    for column in 0..<width {
      let pair = column < half ? column : column - half
      let angle = Double(position) / pow(10_000, Double(pair) / steps)
      values.append(Float(column < half ? sin(angle) : cos(angle)))
    }
  }
  return Tensor([positions.count, width], values)
}

/// Buckets of distances that grow with the distance (Raffel et al. 2020).
package struct DistanceBuckets: Sendable, Equatable {
  package let count: Int
  /// All distances from here on share the last bucket.
  package let farthest: Int
  /// Places ahead have buckets of their own; else they share the first one.
  package let looksAhead: Bool

  package init(count: Int, farthest: Int, looksAhead: Bool) {
    self.count = count
    self.farthest = farthest
    self.looksAhead = looksAhead
  }

  /// - Parameter distance: memory minus query
  package func callAsFunction(_ distance: Int) -> Int {
    let side = looksAhead ? count / 2 : count
    let start = looksAhead && distance > 0 ? side : 0
    let away = looksAhead ? abs(distance) : max(0, -distance)
    let exact = side / 2
    guard away >= exact else { return start + away }
    // Single precision, as the reference rounds.
    let share = logf(Float(away) / Float(exact)) / Float(log(Double(farthest) / Double(exact)))
    return start + min(side - 1, exact + Int(share * Float(side - exact)))
  }

  /// The biases of all distances that a pass will meet.
  package func bias(_ table: Tensor, longest: Int) -> RelativeBias {
    let last = max(0, longest - 1)
    return RelativeBias(table, distances: -last...last) { self($0) }
  }
}
