import Tensors

/// Which rows train and which are held out; each list ascending, together every row once.
package struct Split: Equatable, Sendable {
  package let training: [Int]
  package let heldOut: [Int]

  package init(training: [Int], heldOut: [Int]) {
    self.training = training
    self.heldOut = heldOut
  }

  /// Holds out `fraction` of `count` rows, drawn by the seed: at least one, at most all but one.
  ///
  /// With `labels` (one a row) each label gives its share, by largest remainders, and keeps a row.
  /// A fraction of 0, below, or not a number holds out nothing.
  package static func heldOut(
    count: Int, fraction: Double = 0.1, seed: UInt64, labels: [Int]? = nil
  ) -> Split {
    precondition(labels.map { $0.count == count } ?? true)
    var generator = Generator(seed: seed)
    guard fraction > 0, count > 1 else { return Split(training: Array(0..<count), heldOut: []) }
    let wanted = Int(min(max((Double(count) * min(fraction, 1)).rounded(), 1), Double(count - 1)))
    let groups = labels.map { labels in
      Dictionary(grouping: 0..<count) { labels[$0] }.sorted { $0.key < $1.key }.map(\.value)
    }
    let strata = groups ?? [Array(0..<count)]
    let shares = Self.shares(of: wanted, among: strata.map(\.count))
    var isHeldOut = [Bool](repeating: false, count: count)
    for (rows, share) in zip(strata, shares) {
      for row in rows.shuffled(using: &generator).prefix(share) { isHeldOut[row] = true }
    }
    return Split(
      training: (0..<count).filter { !isHeldOut[$0] }, heldOut: (0..<count).filter { isHeldOut[$0] })
  }

  /// `wanted` dealt in proportion to `sizes`, largest remainders first, each at most its size less one.
  private static func shares(of wanted: Int, among sizes: [Int]) -> [Int] {
    let total = Double(sizes.reduce(0, +))
    let exact = sizes.map { Double(wanted) * Double($0) / total }
    var shares = zip(exact, sizes).map { min(Int($0), $1 - 1) }
    let byRemainder = sizes.indices.sorted {
      (exact[$0].rounded(.down) - exact[$0], $0) < (exact[$1].rounded(.down) - exact[$1], $1)
    }
    var left = wanted - shares.reduce(0, +)
    while left > 0 {
      let open = byRemainder.filter { shares[$0] < sizes[$0] - 1 }.prefix(left)
      if open.isEmpty { break }
      for place in open { shares[place] += 1 }
      left -= open.count
    }
    return shares
  }
}
