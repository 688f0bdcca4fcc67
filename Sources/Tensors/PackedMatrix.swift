import CKernels

/// A dense weight [rows, width] of a model that is used and not trained, with its values a second time, as products read
/// them best. For many rows that is their own order: turning them costs a seventh of a trip of a hundred tokens. For few,
/// 8 bits a value where nothing is lost by it.
package final class PackedMatrix {
  package let tensor: Tensor
  private var trips = 0
  private var panels: Buffer?
  private var whole: WholeNumbers?
  private var isExamined = false
  /// Set where products round to 8 bits.
  let bytes: ByteMatrix?

  package init(_ tensor: Tensor, _ rounding: ByteRounding? = nil) {
    self.tensor = tensor
    bytes = rounding.map { ByteMatrix(tensor, $0) }
  }

  /// Told before each trip how many rows will be multiplied. The second trip of many packs: one alone would gain nothing.
  func expect(rows: Int) {
    guard bytes == nil else { return }
    guard PackedMatrix.gains(rows) else {
      if !isExamined { (isExamined, whole) = (true, WholeNumbers(tensor)) }
      return
    }
    guard panels == nil else { return }
    trips += 1
    let (height, width) = (tensor.rows, tensor.width)
    let count = attune_packed_count(height, width)
    guard trips > 1, count > 0 else { return }
    let panels = Buffer(count: count)
    parallel(height, chunk: 64) {
      attune_pack_rows(tensor.pointer, height, width, $0.lowerBound, $0.upperBound, panels.base)
    }
    self.panels = panels
  }

  /// The packed values, where that many rows gain by them.
  func panels(for rows: Int) -> Buffer? { PackedMatrix.gains(rows) ? panels : nil }

  /// The values as whole numbers, where they are that and so few rows gain by reading a quarter of the bytes.
  func wholeNumbers(for rows: Int) -> WholeNumbers? { PackedMatrix.gains(rows) ? nil : whole }

  /// Fewer rows are multiplied by the weights as they lie.
  private static func gains(_ rows: Int) -> Bool { rows > ATTUNE_UNPACKED_ROWS }
}
