import Layers
import Tensors

/// Makes a batch out of examples. Nothing is padded.
package enum Collator: Sendable {
  /// The examples as they are.
  case plain
  /// Some words are hidden and asked for, others each time.
  case masking(WordMasking)
  /// Every piece of a tagged word is asked for, not only the first.
  case spreading(TagSpreading)

  package func callAsFunction(_ examples: [Example], _ generator: inout Generator) -> (TokenBatch, Labels) {
    switch self {
    case .plain:
      (TokenBatch(examples.map { ($0.ids, $0.typeIDs) }), Labels(examples))
    case .masking(let masking): masking.batch(examples, &generator)
    case .spreading(let spreading):
      (
        TokenBatch(examples.map { ($0.ids, $0.typeIDs) }),
        .tokens(examples.flatMap(spreading.tags))
      )
    }
  }
}

/// Gives the later pieces of a word its tag, with `I-` for `B-`: what `label_all_tokens` does in Hugging Face's example. A
/// model that has learnt it can be asked piece by piece, as the aggregation `simple` does.
package struct TagSpreading: Sendable {
  /// For each tag the one of a later piece.
  private let inside: [Int]
  /// Ids that are no piece of a word.
  private let special: Set<Int32>

  /// - Parameter labels: the model's tags, in the order of their ids
  package init(labels: [String], special: Set<Int32>) {
    inside = labels.indices.map { tag in
      guard labels[tag].hasPrefix("B-") else { return tag }
      return labels.firstIndex(of: "I-" + labels[tag].dropFirst(2)) ?? tag
    }
    self.special = special
  }

  package func tags(of example: Example) -> [Int] {
    guard case .tags(let tags) = example.target else { return [] }
    var last = -100
    return tags.indices.map { token in
      if special.contains(example.ids[token]) {
        last = -100
      } else if tags[token] >= 0 {
        last = tags[token]
        return last
      } else if last >= 0 {
        last = inside[last]
      }
      return last
    }
  }
}

/// Which tokens a masked-word model has to guess (Devlin et al. 2019, 3.1): of those chosen, 80% become the mask, 10% any
/// word, and 10% stay. With whole words, all pieces of a word are chosen together, and each goes its own way.
package struct WordMasking: Sendable {
  package let maskID: Int32
  package let vocabularySize: Int
  /// Ids that are never asked for: separators and the like.
  package let special: Set<Int32>
  package var share: Float = 0.15
  /// What the first token of each sequence has to say besides; nil for nothing.
  package var bag: WordBag?
  /// By id, whether a piece goes on with the word before it; nil chooses every piece by itself.
  package var continuations: [Bool]?

  package init(maskID: Int32, vocabularySize: Int, special: Set<Int32>) {
    self.maskID = maskID
    self.vocabularySize = vocabularySize
    self.special = special
  }

  func batch(_ examples: [Example], _ generator: inout Generator) -> (TokenBatch, Labels) {
    var labels: [Int] = []
    let sequences = examples.map { example -> (ids: [Int32], typeIDs: [Int32]?) in
      var isChosen = false
      let ids = example.ids.map { id -> Int32 in
        if special.contains(id) {
          isChosen = false
        } else if !goesOn(id) {
          isChosen = generator.uniform() < share
        }
        guard isChosen else {
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
    guard let bag else { return (TokenBatch(sequences), .words(labels)) }
    let bags = examples.map { example in
      if case .document(let words) = example.target { bag.mixture(words) } else { Mixture?.none }
    }
    return (TokenBatch(sequences), .wordsAndBags(labels, bags: bags, weight: bag.weight))
  }

  private func goesOn(_ id: Int32) -> Bool {
    guard let continuations, continuations.indices.contains(Int(id)) else { return false }
    return continuations[Int(id)]
  }
}
