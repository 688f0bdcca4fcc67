import CKernels

/// The gradient of the few rows of a table that a batch gathered.
package final class RowGradient {
  package let width: Int
  /// Rows in the order they were first met.
  package private(set) var rows: [Int32] = []
  private var places: [Int32: Int] = [:]
  private var values = Buffer(count: 1)
  private var capacity = 0

  package init(width: Int) { self.width = width }

  package var isEmpty: Bool { rows.isEmpty }

  /// Floats that hold the gradient: `rows.count * width`.
  package var count: Int { rows.count * width }
  package var pointer: UnsafeMutablePointer<Float> { values.base }

  /// The gradient of that row to add into; zero when it is new.
  func row(_ row: Int32) -> UnsafeMutablePointer<Float> {
    if let place = places[row] { return values.base + place * width }
    let place = rows.count
    if place == capacity { grow() }
    places[row] = place
    rows.append(row)
    attune_fill(values.base + place * width, 0, width)
    return values.base + place * width
  }

  func spread(into dense: Buffer) {
    attune_fill(dense.base, 0, dense.count)
    for (place, row) in rows.enumerated() {
      (dense.base + Int(row) * width).update(from: values.base + place * width, count: width)
    }
  }

  private func grow() {
    capacity = max(64, capacity * 2)
    let larger = Buffer(count: capacity * width)
    larger.base.update(from: values.base, count: count)
    values = larger
  }
}
