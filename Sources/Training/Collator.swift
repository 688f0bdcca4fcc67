import Layers
import Tensors

/// Makes a batch out of examples. Nothing is padded.
package enum Collator: Sendable {
  /// The examples as they are.
  case plain
  /// Some words are hidden and asked for, others each time.
  case masking(WordMasking)

  package func callAsFunction(_ examples: [Example], _ generator: inout Generator) -> (TokenBatch, Labels) {
    switch self {
    case .plain:
      (TokenBatch(examples.map { ($0.ids, $0.typeIDs) }), Labels(examples.map(\.target)))
    case .masking(let masking): masking.batch(examples, &generator)
    }
  }
}

/// Which tokens a masked-word model has to guess (Devlin et al. 2019, 3.1): of those chosen, 80% become the mask, 10% any
/// word, and 10% stay.
package struct WordMasking: Sendable {
  package let maskID: Int32
  package let vocabularySize: Int
  /// Ids that are never asked for: separators and the like.
  package let special: Set<Int32>
  package var share: Float = 0.15

  package init(maskID: Int32, vocabularySize: Int, special: Set<Int32>) {
    self.maskID = maskID
    self.vocabularySize = vocabularySize
    self.special = special
  }

  func batch(_ examples: [Example], _ generator: inout Generator) -> (TokenBatch, Labels) {
    var labels: [Int] = []
    let sequences = examples.map { example -> (ids: [Int32], typeIDs: [Int32]?) in
      let ids = example.ids.map { id -> Int32 in
        guard !special.contains(id), generator.uniform() < share else {
          labels.append(-100)
          return id
        }
        labels.append(Int(id))
        let way = generator.uniform()
        if way < 0.8 { return maskID }
        return way < 0.9 ? Int32(generator.next() % UInt64(vocabularySize)) : id
      }
      return (ids, example.typeIDs)
    }
    return (TokenBatch(sequences), .words(labels))
  }
}
