import Tensors
import Testing

@Suite struct ProductTests {
  static let shapes: [(m: Int, n: Int, k: Int)] = [
    (1, 1, 1), (3, 5, 7), (16, 16, 16), (17, 33, 9), (1, 64, 48), (64, 1, 48), (5, 6, 1), (40, 31, 100),
    (130, 70, 33), (2, 37, 50), (4, 21, 19), (6, 9, 16), (7, 10, 40), (8, 40, 21), (13, 37, 800), (49, 64, 400),
    (300, 33, 20),
  ]

  @Test("Every form of a product, inside larger matrices, against the sums written out")
  func multiply() {
    for (m, n, k) in Self.shapes {
      for (aForm, bForm) in [
        (Products.Form.plain, Products.Form.plain), (.plain, .transposed), (.transposed, .plain),
        (.transposed, .transposed),
      ] {
        for (alpha, beta, hasBias) in [(Float(1), Float(0), false), (0.5, 1, true), (-2, 0.25, true)] {
          let (aRows, aColumns) = aForm == .plain ? (m, k) : (k, m)
          let (bRows, bColumns) = bForm == .plain ? (k, n) : (n, k)
          // Wider than they need to be: the rest must not be read or written.
          let (aStride, bStride, cStride) = (aColumns + 3, bColumns + 1, n + 2)
          let a = randomTensor([aRows, aStride], seed: 1)
          let b = randomTensor([bRows, bStride], seed: 2)
          let c = randomTensor([m, cStride], seed: 3)
          let bias = randomTensor([n], seed: 4)
          let before = c.values
          Products.multiply(
            a.pointer, aForm, aStride, b.pointer, bForm, bStride, c.pointer, cStride, m, n, k, alpha: alpha,
            beta: beta, bias: hasBias ? UnsafePointer(bias.pointer) : nil)
          let (av, bv, cv) = (a.values, b.values, c.values)
          var worst = 0.0
          for row in 0..<m {
            for column in 0..<n {
              let sum = (0..<k).reduce(0.0) { sum, inner in
                let x = aForm == .plain ? av[row * aStride + inner] : av[inner * aStride + row]
                let y = bForm == .plain ? bv[inner * bStride + column] : bv[column * bStride + inner]
                return sum + Double(x) * Double(y)
              }
              let wanted =
                Double(alpha) * sum + Double(beta) * Double(before[row * cStride + column])
                + (hasBias ? Double(bias.values[column]) : 0)
              worst = max(worst, abs(Double(cv[row * cStride + column]) - wanted))
            }
            for column in n..<cStride {
              #expect(cv[row * cStride + column] == before[row * cStride + column])
            }
          }
          #expect(
            worst < 1e-5 * Double(k).squareRoot() * 4, "\(m) \(n) \(k) \(aForm) \(bForm) \(alpha) \(beta)")
        }
      }
    }
  }

  @Test("Without an inner dimension the product is zero, and beta still counts")
  func noInner() {
    let c = Tensor([2, 2], [1, 2, 3, 4])
    Products.multiply(c.pointer, .plain, 1, c.pointer, .plain, 2, c.pointer, 2, 2, 2, 0, beta: 0.5)
    #expect(c.values == [0.5, 1, 1.5, 2])
  }

  @Test("A beta of zero does not read what is there")
  func betaOfZero() {
    let (a, b) = (randomTensor([20, 10], seed: 1), randomTensor([10, 20], seed: 2))
    let c = Tensor([20, 20], Array(repeating: .nan, count: 400))
    Products.multiply(a.pointer, .plain, 10, b.pointer, .plain, 20, c.pointer, 20, 20, 20, 10)
    #expect(c.values.allSatisfy { !$0.isNaN })
  }

  @Test("A cut covers every place of the result exactly once")
  func cuts() {
    let sizes = [0, 1, 2, 3, 31, 63, 64, 65, 100, 127, 128, 129, 191, 192, 193, 256, 300, 385, 1000]
    for m in sizes {
      for n in sizes {
        for k in [1, 7, 100, 3000] {
          let counts = Counts(m * n)
          Cut(m, n, k).forEach(m, n) { rows, columns in
            #expect(!rows.isEmpty && !columns.isEmpty && rows.upperBound <= m && columns.upperBound <= n)
            for row in rows { counts.bump(row * n..<row * n + columns.count, offset: columns.lowerBound) }
          }
          #expect(counts.allAreOne, "\(m) \(n) \(k)")
        }
      }
    }
  }

  @Test("The library and its processor kernel have names")
  func library() {
    #expect(Products.library.contains("OpenBLAS"))
  }
}

/// How often each place was visited. Places are visited by one thread each, if the code under test is right.
final class Counts: @unchecked Sendable {
  private let counts: UnsafeMutablePointer<UInt8>
  private let count: Int

  init(_ count: Int) {
    self.count = count
    counts = .allocate(capacity: max(1, count))
    counts.initialize(repeating: 0, count: max(1, count))
  }

  deinit { counts.deallocate() }

  func bump(_ places: Range<Int>, offset: Int = 0) {
    for place in places { counts[place + offset] &+= 1 }
  }

  var allAreOne: Bool { (0..<count).allSatisfy { counts[$0] == 1 } }
}
