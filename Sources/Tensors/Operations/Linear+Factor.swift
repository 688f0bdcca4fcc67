import CKernels

/// The input of a linear map, in the form that each weight is multiplied with: floats, or rows rounded to 8 bits.
struct Factor {
  private let x: Tensor
  /// In training nothing is rounded, so that the way back fits the way there: quantised weights are spread as floats,
  /// some rows at a time.
  private let isExact: Bool
  /// By the size of the groups that share a scale.
  private var rounded: [Int: RoundedRows] = [:]
  /// By the weight, which has steps of its own for its inputs.
  private var bytes: [ObjectIdentifier: Buffer] = [:]

  /// - Parameter weights: all that it will be multiplied with
  init(_ x: Tensor, _ weights: [MatrixOperand], isExact: Bool) {
    self.x = x
    self.isExact = isExact
    for case .packed(let matrix) in weights {
      matrix.expect(rows: x.rows)
      if let own = matrix.bytes { bytes[ObjectIdentifier(matrix)] = own.round(x) }
    }
    for case .quantized(let matrix) in weights where !spreads(matrix) && rounded[matrix.format.group] == nil {
      rounded[matrix.format.group] = RoundedRows(x, group: matrix.format.group)
    }
  }

  /// Whether weights become floats on the way: also for many rows of x where whole numbers gain nothing.
  private func spreads(_ weight: QuantizedMatrix) -> Bool {
    isExact || (QuantizedProducts.best != .tiled && x.rows >= 16)
  }

  /// How the product is shared out. Quantised weights are cut into bands, so that each is unpacked once for many tokens.
  func cut(_ weight: MatrixOperand) -> Cut {
    switch weight {
    case .dense where x.rows <= Products.fewRows, .packed where x.rows <= Products.fewRows:
      Cut(bandsOf: max(16, (1 << 16) / max(1, x.width)))
    case .transposed where x.rows <= Products.streamedRows: Cut(bandsOf: weight.rows >= 1536 ? 384 : 192)
    case .dense, .transposed, .packed: Cut(x.rows, weight.rows, x.width)
    case .quantized: Cut(unpacking: x.rows, weight.rows, x.width)
    }
  }

  /// The product of some rows of x and some outputs, and the bias, into rows that are `stride` floats apart.
  func multiply(
    _ weight: MatrixOperand, _ bias: Tensor?, _ part: UnsafeMutablePointer<Float>, _ stride: Int, _ rows: Range<Int>,
    _ columns: Range<Int>
  ) {
    let inner = x.width
    let from = x.pointer + rows.lowerBound * inner
    let bias = bias.map { UnsafePointer($0.pointer + columns.lowerBound) }
    func multiply(_ weight: UnsafePointer<Float>, _ form: Products.Form, _ apart: Int) {
      Products.multiply(
        from, .plain, inner, weight, form, apart, part, stride, rows.count, columns.count, inner, bias: bias)
    }
    switch weight {
    case .dense(let tensor): return multiply(tensor.pointer + columns.lowerBound * inner, .transposed, inner)
    case .packed(let matrix):
      if let own = matrix.bytes, let rounded = bytes[ObjectIdentifier(matrix)] {
        return own.multiply(rounded, rows, columns, bias, into: part, stride)
      }
      if let whole = matrix.wholeNumbers(for: rows.count) {
        return whole.multiply(from, rows.count, columns, bias, into: part, stride)
      }
      guard let panels = matrix.panels(for: rows.count) else {
        return multiply(matrix.tensor.pointer + columns.lowerBound * inner, .transposed, inner)
      }
      return attune_multiply_packed(
        from, inner, panels.base, matrix.tensor.rows, columns.lowerBound, part, stride, rows.count, columns.count,
        inner,
        bias)
    case .transposed(let tensor): return multiply(tensor.pointer + columns.lowerBound, .plain, tensor.width)
    case .quantized(let matrix):
      guard let rounded = rounded[matrix.format.group] else {
        let weights = Buffer(count: columns.count * inner)
        matrix.dequantize(columns, into: weights.base)
        return multiply(weights.base, .transposed, inner)
      }
      matrix.multiply(rounded, rows, columns, part, stride)
    }
    if let bias { attune_add_bias(part, stride, bias, rows.count, columns.count) }
  }
}

extension QuantizedMatrix {
  /// Adds flow W to `sum` [tokens, width]: the gradient of x, from `flow` [tokens, rows] with `stride` floats a row.
  /// Blocks are spread as floats by bands of columns, and by some rows at a time.
  func flowBack(
    _ flow: UnsafePointer<Float>, _ stride: Int, _ tokens: Int, into sum: UnsafeMutablePointer<Float>, beta: Float
  ) {
    let band = max(format.blockCount, 64)
    parallel(width, chunk: band) { columns in
      let depth = 256
      let weights = Buffer(count: depth * columns.count)
      for start in Swift.stride(from: 0, to: self.rows, by: depth) {
        let rows = start..<min(start + depth, self.rows)
        self.dequantize(rows, columns: columns, into: weights.base)
        Products.multiply(
          flow + start, .plain, stride, weights.base, .plain, columns.count, sum + columns.lowerBound, self.width,
          tokens,
          columns.count, rows.count, beta: start == 0 ? beta : 1)
      }
    }
  }
}
