import CKernels

/// The rows of a product's other side, rounded to 8 bits group by group.
///
/// What that costs: each value is off by at most half a step, its group's largest value / 254, and by the rounding of the
/// scale, a 2048th of itself.
final class RoundedRows {
  private let memory: Buffer
  let kernel: attune_rounded_rows

  /// - Parameter group: that of the weights
  init(_ x: Tensor, group: Int) {
    let (rows, width) = (x.rows, x.width)
    let groups = rows * width / group
    memory = Buffer(count: 3 * groups + (rows * width + 3) / 4)
    let kernel = attune_rounded_rows(
      quanta: UnsafeMutableRawPointer(memory.base + 3 * groups).assumingMemoryBound(to: Int8.self),
      scales: memory.base, sums: memory.base + groups,
      quanta_sums: UnsafeMutableRawPointer(memory.base + 2 * groups).assumingMemoryBound(to: Int32.self), width: width)
    self.kernel = kernel
    parallel(rows, chunk: 16) { rows in
      attune_round_rows(x.pointer, kernel, Int32(group), rows.lowerBound, rows.count)
    }
  }
}

/// Which instructions quantised products use.
package enum QuantizedProducts {
  package enum Level: Int32, CaseIterable, Sendable {
    /// Plain C.
    case portable
    /// AVX2, or NEON with dot products.
    case wide
    /// AVX-512 with products of bytes (VNNI).
    case tiled
  }

  /// The best that this processor has.
  package static let best = Level(rawValue: attune_quantized_level()) ?? .portable

  /// x W^T for every row of x.
  /// - Returns: [tokens, rows of the weights]
  package static func multiply(_ x: Tensor, _ weights: QuantizedMatrix, level: Level = best) -> Tensor {
    precondition(x.width == weights.width, "a weight's width must be the input's")
    let out = Tensor([x.rows, weights.rows], Buffer(count: x.rows * weights.rows))
    let rounded = RoundedRows(x, group: weights.format.group)
    weights.multiply(rounded, 0..<x.rows, 0..<weights.rows, out.pointer, weights.rows, level)
    return out
  }
}

extension QuantizedMatrix {
  /// The product of some rounded rows and some rows of weights, into rows that are `stride` floats apart.
  func multiply(
    _ rounded: RoundedRows, _ tokens: Range<Int>, _ rows: Range<Int>, _ out: UnsafeMutablePointer<Float>, _ stride: Int,
    _ level: QuantizedProducts.Level = QuantizedProducts.best
  ) {
    attune_quantized_product(
      level.rawValue, format.kernel, row(rows.lowerBound), rows.count, rounded.kernel, tokens.lowerBound, tokens.count,
      out, stride)
  }
}
