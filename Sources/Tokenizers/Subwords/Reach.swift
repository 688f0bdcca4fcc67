/// How far a choice between ways to cut a word is safe from the rounding of sums.
///
/// SentencePiece adds scores in single precision, word after word, so that the same word may be cut in another way where
/// the sum before it is larger and its steps are coarser. Only near ties are: two sums of n scores each, of a size below
/// 2^k, are off by n * 2^(k - 24) together at most. A choice that was won by more stays what it is up to some k, its
/// reach, and can be remembered.
package enum Reach {
  /// Of a choice that no rounding can change.
  package static let endless = 255
  /// Of one that is not to be remembered.
  package static let none = -1

  /// - Parameters:
  ///   - margin: by how much the closest choice was won, as it was computed
  ///   - additions: the most scores in one sum
  ///   - size: the k that the sums stayed below then
  package static func reach(margin: Double, additions: Int, size: Int) -> Int {
    guard margin.isFinite else { return margin == .infinity ? endless : none }
    func error(_ size: Int) -> Double { Double(additions) * Double(sign: .plus, exponent: size - 24, significand: 1) }
    let sure = margin - error(size)
    guard sure > error(size) else { return none }
    // The largest k whose error is below what is sure.
    return min(endless - 1, size + Int((sure / error(size)).exponent))
  }
}
