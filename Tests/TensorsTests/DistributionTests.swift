import Foundation
import Tensors
import Testing

@Suite struct DistributionTests {
  @Test("The likeliest place, the sum of exponentials and the entropy, against the sums written out")
  func sums() {
    for count in [1, 2, 15, 16, 17, 255, 256, 257, 1023, 1025, 5000] {
      var logits = randomTensor([count], seed: UInt64(count)).values.map { 4 * $0 }
      // Suppressed words, and the largest twice: the first of equal ones counts.
      for place in stride(from: 3, to: count, by: 7) { logits[place] = -.infinity }
      let largest = (logits.max() ?? 0) + 1
      logits[count / 2] = largest
      logits[count - 1] = largest
      let ours = logits.withUnsafeBufferPointer { Distribution($0) }
      #expect(ours.likeliest == count / 2)
      let sum = logits.reduce(0.0) { $0 + exp(Double($1)) }
      #expect(abs(Double(ours.logSum) - log(sum)) < 1e-5)
      let entropy = logits.reduce(0.0) { total, logit in
        let share = exp(Double(logit)) / sum
        return share > 0 ? total - share * log(share) : total
      }
      #expect(abs(ours.entropy - entropy) < 1e-5 * max(1, entropy))
    }
  }
}
