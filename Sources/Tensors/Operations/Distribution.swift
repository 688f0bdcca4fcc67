import CKernels

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a row of logits says about the next token, in two passes over it.
package struct Distribution: Sendable {
  /// The place of the largest logit; of equal ones the first.
  package let likeliest: Int
  /// The logarithm of the sum of the logits' exponentials: a logit less this is its log probability.
  package let logSum: Float
  /// In nats.
  package let entropy: Double

  package init(_ logits: UnsafeBufferPointer<Float>) {
    guard let base = logits.baseAddress else {
      (likeliest, logSum, entropy) = (0, -.infinity, 0)
      return
    }
    likeliest = attune_largest(base, logits.count)
    let largest = logits[likeliest]
    let spread = attune_spread_of(base, largest, logits.count)
    let logarithm = log(spread.sum)
    logSum = largest + Float(logarithm)
    entropy = logarithm - spread.weighted / spread.sum
  }

  /// The place of a row's largest value; of equal ones the first.
  package static func likeliest(_ row: UnsafeBufferPointer<Float>) -> Int {
    row.baseAddress.map { attune_largest($0, row.count) } ?? 0
  }
}
