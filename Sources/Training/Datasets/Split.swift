import Tensors

/// Which rows train and which are held out: together every row once.
package struct Split: Equatable, Sendable {
  package let training: RowSet
  package let heldOut: RowSet

  /// - Parameter isHeldOut: asked once for each row, in order
  package init(count: Int, isHeldOut: (Int) throws -> Bool) rethrows {
    let heldOut = try RowSet(of: count, where: isHeldOut)
    training = RowSet(of: count) { !heldOut.contains($0) }
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
    guard let labels else {
      return heldOut(sizes: [count], fraction: fraction, seed: seed) { row in for _ in 0..<count { row(0) } }
    }
    let groups = Dictionary(grouping: labels) { $0 }.sorted { $0.key < $1.key }
    let places = Dictionary(uniqueKeysWithValues: zip(groups.map(\.key), groups.indices))
    return heldOut(sizes: groups.map(\.value.count), fraction: fraction, seed: seed) { row in
      for label in labels { row(places[label] ?? 0) }
    }
  }

  /// The same for rows that are read one after the other, in a few bits each.
  /// - Parameters:
  ///   - sizes: how many rows each group has; each gives its share
  ///   - groups: hands over the group of every row, in order
  package static func heldOut(
    sizes: [Int], fraction: Double, seed: UInt64, groups: ((Int) -> Void) throws -> Void
  ) rethrows -> Split {
    let count = sizes.reduce(0, +)
    guard fraction > 0, count > 1 else { return Split(count: count) { _ in false } }
    let wanted = Int(min(max((Double(count) * min(fraction, 1)).rounded(), 1), Double(count - 1)))
    var generator = Generator(seed: seed)
    // Of each group, by their numbers inside of it.
    let drawn = zip(sizes, shares(of: wanted, among: sizes)).map { size, share in
      var isDrawn = [Bool](repeating: false, count: size)
      for number in (0..<Int32(size)).shuffled(using: &generator).prefix(share) { isDrawn[Int(number)] = true }
      return isDrawn
    }
    var seen = sizes.map { _ in 0 }
    var isHeldOut: [Bool] = []
    isHeldOut.reserveCapacity(count)
    try groups { group in
      isHeldOut.append(drawn[group][seen[group]])
      seen[group] += 1
    }
    return Split(count: count) { isHeldOut[$0] }
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
