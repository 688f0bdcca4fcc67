import Foundation
import Layers
import Models
import Tensors
import Tokenizers

extension Repository {
  /// The most tokens that go through the model at once; a longer sequence goes alone.
  ///
  /// More would not be faster: the products are large by then, and memory grows with it.
  static let tokensAtOnce = 2048

  /// Hands out the encodings in batches of like length, so that the memory of thousands stays that of one batch.
  /// - Parameter body: is told the places of a batch's sequences among `encodings`
  func forEachBatch(
    _ encodings: [Encoding], _ body: (_ places: [Int], _ batch: TokenBatch, _ model: TransformerModel) throws -> Void
  ) throws {
    let model = try model()
    for places in Repository.batches(of: encodings.map(\.count), tokens: Repository.tokensAtOnce) {
      let batch = Repository.batch(places.map { encodings[$0] })
      try model.check(batch)
      try body(places, batch, model)
    }
  }

  /// The places of `lengths` from short to long, cut into groups of at most that many tokens.
  package static func batches(of lengths: [Int], tokens limit: Int) -> [[Int]] {
    var groups: [[Int]] = []
    var used = 0
    for place in lengths.indices.sorted(by: { (lengths[$0], $0) < (lengths[$1], $1) }) {
      if groups.isEmpty || used + lengths[place] > limit {
        groups.append([])
        used = 0
      }
      groups[groups.count - 1].append(place)
      used += lengths[place]
    }
    return groups
  }

  /// - Throws: `RepositoryError.noHead` for a model that was trained for something else
  func require(_ kind: Head.Kind) throws(RepositoryError) {
    guard self.kind == kind else { throw .noHead(folder: name, wanted: kind) }
  }
}

extension Tensor {
  /// A copy of one row.
  func row(_ index: Int) -> [Float] { Array(UnsafeBufferPointer(start: pointer + index * width, count: width)) }
}

/// Softmax in double precision, for the few numbers that a person reads.
package func probabilities(_ logits: [Float]) -> [Double] {
  let largest = Double(logits.max() ?? 0)
  let powers = logits.map { exp(Double($0) - largest) }
  let sum = powers.reduce(0, +)
  return powers.map { $0 / sum }
}
