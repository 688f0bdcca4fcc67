import Tensors
import Testing

@Suite struct RandomTests {
  @Test("The generator gives the published numbers of its seed")
  func published() {
    var generator = Generator(seed: 1_234_567)
    #expect(
      (0..<5).map { _ in generator.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test("Normal values have the mean and deviation that was asked for")
  func normal() {
    let values = normals(100_000, seed: 1, deviation: 0.02).map(Double.init)
    let mean = values.reduce(0, +) / 1e5
    let deviation = (values.reduce(0) { $0 + $1 * $1 } / 1e5).squareRoot()
    #expect(abs(mean) < 3e-4)
    #expect(abs(deviation - 0.02) < 3e-4)
    #expect(values.allSatisfy { abs($0) < 0.02 * 6 })
  }

  @Test("Dropout drops its share, and scales up the rest", arguments: [0.1, 0.5, 0.9] as [Float])
  func dropoutRate(_ rate: Float) {
    let kept = dropout(
      Tensor([500, 400], Array(repeating: 1, count: 200_000)), DropoutMask(key: 3, rate: rate)
    ).values
    let dropped = kept.count { $0 == 0 }
    #expect(abs(Float(dropped) / 200_000 - rate) < 0.005)
    #expect(kept.allSatisfy { $0 == 0 || abs($0 - 1 / (1 - rate)) < 1e-5 * $0 })
  }

  @Test("Dropout has no pattern: neighbours, rows and keys are independent")
  func dropoutIndependence() {
    let (rows, width) = (400, 400)
    func mask(_ key: UInt32) -> [Bool] {
      dropout(
        Tensor([rows, width], Array(repeating: 1, count: rows * width)), DropoutMask(key: key, rate: 0.5)
      ).values
        .map { $0 == 0 }
    }
    let (a, b) = (mask(1), mask(2))
    let count = rows * width
    func agreement(_ pairs: some Sequence<(Bool, Bool)>) -> Double {
      var (same, all) = (0, 0)
      for (x, y) in pairs {
        same += x == y ? 1 : 0
        all += 1
      }
      return Double(same) / Double(all)
    }
    #expect(abs(agreement(zip(a, b)) - 0.5) < 0.01)
    #expect(abs(agreement(zip(a, a[1...])) - 0.5) < 0.01)
    #expect(abs(agreement(zip(a, a[width..<count])) - 0.5) < 0.01)
  }

  @Test("Masks come in the order of the seed; none for a rate of nothing")
  func masks() {
    let (a, b) = (DropoutGenerator(seed: 4), DropoutGenerator(seed: 4))
    let ones = Tensor([1, 64], Array(repeating: 1, count: 64))
    let (first, second) = (dropout(ones, a.mask(rate: 0.5)).values, dropout(ones, a.mask(rate: 0.5)).values)
    #expect(first == dropout(ones, b.mask(rate: 0.5)).values)
    #expect(first != second)
    #expect(a.mask(rate: 0) == nil)
  }
}
