/// The size of a shape that a file claims.
enum ShapeSize {
  /// How many elements it has; nil where a size is negative or no memory holds them. Sizes of 0 count as 1 in that
  /// check, so that the product of some of the sizes, or in another order, never overflows either.
  static func elements(_ shape: [Int]) -> Int? {
    var most = 1
    for size in shape {
      guard size >= 0 else { return nil }
      let (product, overflow) = most.multipliedReportingOverflow(by: max(size, 1))
      if overflow { return nil }
      most = product
    }
    return shape.contains(0) ? 0 : most
  }
}
