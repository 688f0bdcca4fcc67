import Foundation
import Tensors

/// What the first token of a sequence has to say besides, so that it learns what a text is about: the words of the whole
/// document, all at once, each with a share. This is the bag-of-words prediction of Ma et al. (2024, "Drop your Decoder",
/// SIGIR), of the document instead of the sequence alone.
package struct WordBag: Sendable {
  /// What this loss counts beside that of the hidden words.
  package let weight: Float
  /// By id, what a word counts: its inverse document frequency.
  private let worths: [Float]

  /// Sequences that frequencies are counted in.
  private static let mostCounted = 50_000

  /// - Parameter special: ids that are no words
  package init(weight: Float, examples: any ExampleSource, vocabularySize: Int, special: Set<Int32>) {
    self.weight = weight
    let counted = SpacedExamples(examples, atMost: Self.mostCounted)
    var holders = [Int](repeating: 0, count: vocabularySize)
    for index in 0..<counted.count {
      for id in Set(counted.example(index).ids) where holders.indices.contains(Int(id)) { holders[Int(id)] += 1 }
    }
    worths = holders.enumerated().map { id, count in
      special.contains(Int32(id)) ? 0 : logf(Float(1 + counted.count) / Float(1 + count))
    }
  }

  /// - Parameter document: its words, each once
  /// - Returns: nil where none of them says anything
  func mixture(_ document: [Int32]) -> Mixture? {
    let words = document.map(Int.init).filter { worths.indices.contains($0) && worths[$0] > 0 }
    let sum = words.reduce(0) { $0 + worths[$1] }
    return sum > 0 ? Mixture(classes: words, shares: words.map { worths[$0] / sum }) : nil
  }
}
