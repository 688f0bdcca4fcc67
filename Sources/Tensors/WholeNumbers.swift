import CKernels

/// Weights that are whole multiples of one number, up to 127 of it: what a checkpoint with 8 bits for each becomes as
/// floats. Products read the 8 bits and compute in floats, so they differ from those of the floats by rounding alone; few
/// rows are multiplied as fast as the weights are read.
struct WholeNumbers {
  private let unit: Float
  private let values: Buffer
  private let width: Int

  /// Nil for other weights, which the first of them tell.
  /// - Parameter tensor: [rows, width]
  init?(_ tensor: Tensor) {
    let all = UnsafeBufferPointer(start: tensor.pointer, count: tensor.count)
    let sample = all.prefix(1024)
    // A number that small is the unit, as many are drawn around zero.
    let least = sample.reduce(Float.infinity) { $1 == 0 ? $0 : min($0, abs($1)) }
    guard least.isNormal, sample.allSatisfy({ abs($0) <= 127.5 * least }) else { return nil }
    // The unit of the largest, whose rounding weighs least.
    let largest = sample.reduce(0) { max($0, abs($1)) }
    unit = largest / (largest / least).rounded()
    width = tensor.width
    values = Buffer(count: (tensor.count + 3) / 4)
    let bytes = UnsafeMutableRawPointer(values.base).assumingMemoryBound(to: Int8.self)
    guard attune_whole_multiples(all.baseAddress, unit, bytes, min(1024, all.count)) == 1,
      attune_whole_multiples(all.baseAddress, unit, bytes, all.count) == 1
    else { return nil }
  }

  /// x W^T + bias for some rows of x [rows, width] and some rows of W, into rows that are `stride` floats apart.
  func multiply(
    _ x: UnsafePointer<Float>, _ rows: Int, _ columns: Range<Int>, _ bias: UnsafePointer<Float>?,
    into out: UnsafeMutablePointer<Float>, _ stride: Int
  ) {
    let bytes = UnsafeRawPointer(values.base).assumingMemoryBound(to: Int8.self) + columns.lowerBound * width
    attune_multiply_whole(x, width, rows, bytes, unit, bias, width, out, stride, columns.count)
  }
}
