import Tensors

/// The product of matrices that the machine's rate is measured with: of the shapes that a batch's blocks have.
struct SampleProduct {
  private static let (rows, out, inner) = (2048, 1536, 384)
  private let x = Tensor([rows, inner], [Float](repeating: 0.5, count: rows * inner))
  private let weight = Tensor([out, inner], [Float](repeating: 0.25, count: out * inner))

  var name: String { "\(Self.rows)x\(Self.out)x\(Self.inner)" }
  /// Multiplications and additions.
  var operations: Double { 2 * Double(Self.rows * Self.out * Self.inner) }

  func compute() { _ = linear(x, weight, nil) }

  /// Operations a second on all threads: the median of a few runs, a tenth of a second in all.
  static func rate() -> Double {
    let product = SampleProduct()
    product.compute()
    var times: [Double] = []
    while times.count < 5 || times.reduce(0, +) < 0.1 {
      let start = ContinuousClock.now
      product.compute()
      times.append((ContinuousClock.now - start).seconds)
    }
    return product.operations / times.sorted()[times.count / 2]
  }
}
