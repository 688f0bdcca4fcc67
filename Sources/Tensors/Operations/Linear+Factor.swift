import CKernels

/// The input of a linear map, in the form that each weight is multiplied with: floats, or rows rounded to 8 bits.
struct Factor {
  private let x: Tensor
  /// In training nothing is rounded, so that the way back fits the way there: quantised weights are spread as floats,
  /// some rows at a time.
  private let isExact: Bool
  /// By the size of the groups that share a scale.
  private var rounded: [Int: RoundedRows] = [:]

  /// - Parameter weights: all that it will be multiplied with
  init(_ x: Tensor, _ weights: [MatrixOperand], isExact: Bool) {
    self.x = x
    self.isExact = isExact
    for case .quantized(let matrix) in weights where !spreads(matrix) && rounded[matrix.format.group] == nil {
      rounded[matrix.format.group] = RoundedRows(x, group: matrix.format.group)
    }
  }

  /// Whether weights become floats on the way: also for many rows of x where whole numbers gain nothing.
  private func spreads(_ weight: QuantizedMatrix) -> Bool {
    isExact || (QuantizedProducts.best != .tiled && x.rows >= 16)
  }

  /// Rows of x that are read anew for every weight instead of being packed: then the weights are read once, at the rate of
  /// the memory.
  private static let few = 4

  /// How the product is shared out. Quantised weights are cut into bands, so that each is unpacked once for many tokens.
  func cut(_ weight: MatrixOperand) -> Cut {
    switch weight {
    case .dense where x.rows <= Factor.few: Cut(bandsOf: max(16, (1 << 16) / max(1, x.width)))
    case .transposed where x.rows == 1: Cut(bandsOf: 256)
    case .dense, .transposed: Cut(x.rows, weight.rows, x.width)
    case .quantized: Cut(unpacking: x.rows, weight.rows, x.width)
    }
  }

  /// The product of some rows of x and some outputs, into rows that are `stride` floats apart.
  func multiply(
    _ weight: MatrixOperand, _ part: UnsafeMutablePointer<Float>, _ stride: Int, _ rows: Range<Int>,
    _ columns: Range<Int>
  ) {
    let inner = x.width
    let from = x.pointer + rows.lowerBound * inner
    func dense(_ weight: UnsafePointer<Float>) {
      Products.multiply(
        from, .plain, inner, weight, .transposed, inner, part, stride, rows.count, columns.count, inner)
    }
    switch weight {
    case .dense(let tensor):
      let first = tensor.pointer + columns.lowerBound * inner
      if x.rows > Factor.few { return dense(first) }
      attune_few_rows(from, rows.count, first, inner, part, stride, columns.count)
    case .transposed(let tensor):
      let (first, out) = (tensor.pointer + columns.lowerBound, tensor.width)
      if x.rows == 1 { return attune_one_row_transposed(from, first, out, inner, part, columns.count) }
      Products.multiply(
        from, .plain, inner, first, .plain, out, part, stride, rows.count, columns.count, inner)
    case .quantized(let matrix):
      if let rounded = rounded[matrix.format.group] {
        matrix.multiply(rounded, rows, columns, part, stride)
      } else {
        let weights = Buffer(count: columns.count * inner)
        matrix.dequantize(columns, into: weights.base)
        dense(weights.base)
      }
    }
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
          flow + start, .plain, stride, weights.base, .plain, columns.count, sum + columns.lowerBound, self.width, tokens,
          columns.count, rows.count, beta: start == 0 ? beta : 1)
      }
    }
  }
}
