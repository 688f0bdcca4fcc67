import CKernels

/// How products with a weight round in 8-bit arithmetic: inputs to steps of their own, weights to theirs.
package struct ByteRounding: Sendable, Equatable {
  /// Steps of the inputs in 1; what is beyond 127 of them is cut off.
  package let inputFactor: Float
  /// The step of the weights, which are whole multiples of it, up to 127.
  package let unit: Float

  package init(inputFactor: Float, unit: Float) {
    self.inputFactor = inputFactor
    self.unit = unit
  }
}

/// Weights of 8 bits for products in whole numbers, whose sums have 32: no rounding but that of the inputs.
///
/// What it costs: each input is off by half a step at most, and more where it is cut off.
final class ByteMatrix {
  private let rounding: ByteRounding
  private let width: Int
  private let values: Buffer
  private let sums: [Int32]

  /// - Parameter tensor: [rows, width], whole multiples of the rounding's unit
  init(_ tensor: Tensor, _ rounding: ByteRounding) {
    self.rounding = rounding
    width = tensor.width
    values = Buffer(count: max(1, (tensor.count + 3) / 4))
    let bytes = UnsafeMutableRawPointer(values.base).assumingMemoryBound(to: Int8.self)
    let (width, from) = (width, tensor.pointer)
    sums = (0..<tensor.rows).map { row in
      var sum: Int32 = 0
      for place in row * width..<(row + 1) * width {
        let steps = (from[place] / rounding.unit).rounded()
        bytes[place] = Int8(max(-127, min(127, steps.isNaN ? 0 : steps)))
        sum += Int32(bytes[place])
      }
      return sum
    }
  }

  /// The rows of x [rows, width] in steps.
  func round(_ x: Tensor) -> Buffer {
    let out = Buffer(count: max(1, (x.count + 3) / 4))
    let bytes = UnsafeMutableRawPointer(out.base).assumingMemoryBound(to: UInt8.self)
    parallel(x.count, chunk: 1 << 15) { part in
      attune_round_bytes(
        x.pointer + part.lowerBound, rounding.inputFactor, bytes + part.lowerBound, part.count)
    }
    return out
  }

  /// x W^T + bias for some rounded rows and some rows of W, into rows that are `stride` floats apart.
  func multiply(
    _ rounded: Buffer, _ rows: Range<Int>, _ columns: Range<Int>, _ bias: UnsafePointer<Float>?,
    into out: UnsafeMutablePointer<Float>, _ stride: Int, level: QuantizedProducts.Level = QuantizedProducts.best
  ) {
    let x = UnsafeRawPointer(rounded.base).assumingMemoryBound(to: UInt8.self) + rows.lowerBound * width
    let weights = UnsafeRawPointer(values.base).assumingMemoryBound(to: Int8.self) + columns.lowerBound * width
    sums.withUnsafeBufferPointer { sums in
      guard let base = sums.baseAddress else { return }
      attune_multiply_bytes(
        level.rawValue, x, rows.count, weights, base + columns.lowerBound, rounding.unit / rounding.inputFactor, bias,
        width, out, stride, columns.count)
    }
  }
}

extension ByteRounding {
  /// x W^T in whole numbers, for every row of x.
  /// - Returns: [tokens, rows of the weights]
  package func multiply(
    _ x: Tensor, _ weights: Tensor, level: QuantizedProducts.Level = QuantizedProducts.best
  ) -> Tensor {
    let out = Tensor([x.rows, weights.rows], Buffer(count: x.rows * weights.rows))
    let matrix = ByteMatrix(weights, self)
    matrix.multiply(matrix.round(x), 0..<x.rows, 0..<weights.rows, nil, into: out.pointer, weights.rows, level: level)
    return out
  }
}
