import Testing
import Training

@Suite struct DatasetsSplitTests {
  @Test func everyRowOnceAndTheSeedDecides() {
    let split = Split.heldOut(count: 300, seed: 7)
    #expect(split.heldOut.count == 30)
    #expect((Array(split.training) + split.heldOut).sorted() == Array(0..<300))
    #expect(split.training.elementsEqual(split.training.sorted()))
    #expect(split.heldOut.elementsEqual(split.heldOut.sorted()))
    #expect(split == Split.heldOut(count: 300, seed: 7))
    #expect(split != Split.heldOut(count: 300, seed: 8))
  }

  /// The draw itself is pinned: a run of today must be repeatable tomorrow.
  @Test func theDrawIsPinned() {
    #expect(Split.heldOut(count: 20, fraction: 0.25, seed: 1).heldOut.elementsEqual([0, 10, 11, 15, 19]))
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

  /// Rows that are read one by one are drawn as those whose labels are in memory.
  @Test func groupsAreDrawnAsLabelsAre() {
    let labels = (0..<500).map { $0 % 7 == 0 ? 1 : 0 }
    let sizes = [0, 1].map { label in labels.count { $0 == label } }
    let streamed = Split.heldOut(sizes: sizes, fraction: 0.1, seed: 3) { group in labels.forEach(group) }
    #expect(streamed == Split.heldOut(count: 500, fraction: 0.1, seed: 3, labels: labels))
  }

  @Test(arguments: [1, 64, 65, 511, 512, 513, 5000])
  func aSetFindsItsMembersByPlace(total: Int) {
    let members = (0..<total).filter { $0 % 3 == 1 || $0 % 200 > 180 }
    let rows = RowSet(of: total) { members.contains($0) }
    #expect(rows.elementsEqual(members))
    #expect((-1...total).allSatisfy { rows.contains($0) == members.contains($0) })
    #expect(RowSet(all: total).elementsEqual(0..<total))
  }
}
