import CKernels

/// A matrix whose weights stay as they are packed: products and gathers take them so. Never trained.
package final class QuantizedMatrix {
  package let format: BlockFormat
  package let rows: Int
  /// Of a row, in weights; whole blocks.
  package let width: Int
  let base: UnsafeRawPointer
  private let owner: AnyObject

  /// Blocks that `owner` keeps alive, such as a mapped file, row after row.
  package init(_ format: BlockFormat, rows: Int, width: Int, borrowing base: UnsafeRawPointer, from owner: AnyObject) {
    precondition(width % format.blockCount == 0, "a row must be whole blocks")
    self.format = format
    self.rows = rows
    self.width = width
    self.base = base
    self.owner = owner
  }

  /// The nearest to dense weights that the format holds.
  package convenience init(_ dense: Buffer, rows: Int, width: Int, _ format: BlockFormat) {
    precondition(rows * width == dense.count, "the rows must fill the buffer")
    self.init(format, rows: rows, width: width) { blocks in
      parallel(rows, chunk: 64) { rows in
        let start = blocks + rows.lowerBound * format.bytes(width)
        attune_quantize(format.kernel, dense.base + rows.lowerBound * width, start, rows.count * width)
      }
    }
  }

  /// New memory for the blocks, which `fill` writes in full.
  package convenience init(_ format: BlockFormat, rows: Int, width: Int, fill: (UnsafeMutableRawPointer) -> Void) {
    let memory = Buffer(count: (rows * format.bytes(width) + 3) / 4)
    fill(UnsafeMutableRawPointer(memory.base))
    self.init(format, rows: rows, width: width, borrowing: UnsafeRawPointer(memory.base), from: memory)
  }

  package var count: Int { rows * width }
  package var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: rows * rowBytes) }
  package var rowBytes: Int { format.bytes(width) }

  /// The place of a row's blocks.
  package func row(_ row: Int) -> UnsafeRawPointer { base + row * rowBytes }

  /// Some rows, from one column on, as floats: `columns` whole blocks of each.
  func dequantize(
    _ rows: Range<Int>, columns: Range<Int>? = nil, into out: UnsafeMutablePointer<Float>
  ) {
    let columns = columns ?? 0..<width
    guard columns.count < width else {
      return attune_dequantize(format.kernel, row(rows.lowerBound), out, rows.count * width)
    }
    for (place, index) in rows.enumerated() {
      let start = row(index) + format.bytes(columns.lowerBound)
      attune_dequantize(format.kernel, start, out + place * columns.count, columns.count)
    }
  }

  /// All of it as floats, in new memory.
  package var dequantized: Buffer {
    let buffer = Buffer(count: count)
    parallel(rows, chunk: 64) { self.dequantize($0, into: buffer.base + $0.lowerBound * self.width) }
    return buffer
  }
}

extension BlockFormat {
  /// Bytes of that many weights.
  package func bytes(_ weights: Int) -> Int { weights / blockCount * blockBytes }

  /// The number that the kernels know it by.
  var kernel: Int32 {
    switch self {
    case .q40: 0
    case .q41: 1
    case .q50: 2
    case .q51: 3
    case .q80: 4
    case .q4K: 5
    case .q5K: 6
    case .q6K: 7
    }
  }

  /// Neighbours in a row that share a scale.
  var group: Int { Int(attune_quantized_group(kernel)) }
}
