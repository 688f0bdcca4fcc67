import Testing
import Training

@Suite struct DatasetsSplitTests {
  @Test func everyRowOnceAndTheSeedDecides() {
    let split = Split.heldOut(count: 300, seed: 7)
    #expect(split.heldOut.count == 30)
    #expect((split.training + split.heldOut).sorted() == Array(0..<300))
    #expect(split.training == split.training.sorted() && split.heldOut == split.heldOut.sorted())
    #expect(split == Split.heldOut(count: 300, seed: 7))
    #expect(split != Split.heldOut(count: 300, seed: 8))
  }

  /// The draw itself is pinned: a run of today must be repeatable tomorrow.
  @Test func theDrawIsPinned() {
    #expect(Split.heldOut(count: 20, fraction: 0.25, seed: 1).heldOut == [0, 10, 11, 15, 19])
  }

  @Test(arguments: [
    ([50, 50], 0.1, [5, 5]),
    ([90, 10], 0.1, [9, 1]),
    ([95, 5], 0.1, [10, 0]),
    ([26, 37, 37], 0.1, [2, 4, 4]),
    ([1, 1, 8], 0.5, [0, 0, 5]),
    ([3, 1], 0.9, [2, 0]),
  ])
  func eachLabelGivesItsShare(sizes: [Int], fraction: Double, shares: [Int]) {
    let labels = sizes.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    for seed in 0..<5 as Range<UInt64> {
      let split = Split.heldOut(count: labels.count, fraction: fraction, seed: seed, labels: labels)
      #expect(sizes.indices.map { label in split.heldOut.count { labels[$0] == label } } == shares)
      #expect(split.training.count + split.heldOut.count == labels.count)
    }
  }

  @Test(arguments: [
    (0, 0.1, 0), (1, 0.1, 0), (2, 0.1, 1), (10, 0.0, 0), (10, -1.0, 0), (10, 1.0, 9), (10, 5.0, 9),
    (10, .nan, 0), (3, 0.01, 1), (1000, .infinity, 999),
  ])
  func edges(count: Int, fraction: Double, heldOut: Int) {
    let split = Split.heldOut(count: count, fraction: fraction, seed: 1)
    #expect(split.heldOut.count == heldOut)
    #expect(split.training.count == count - heldOut)
  }
}
