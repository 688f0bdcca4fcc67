/// What is right for one sequence, in the form that its head is trained on.
package enum Target: Sendable, Equatable {
  /// The class of the sequence.
  case label(Int)
  /// 1 for each class that the sequence belongs to, else 0.
  case labels([Float])
  /// A number, for regression.
  case value(Float)
  /// The class of every token; -100 where nothing is asked.
  case tags([Int])
  /// First and last token of the answer, counted inside the sequence; both 0 where there is none.
  case span(start: Int, end: Int)
  /// Nothing but the text itself: the collator hides words and asks for them.
  case words
  /// The same, and the words of the document around, each once: see `WordBag`.
  case document([Int32])
  /// For each token whether it is asked of those before it: the text itself is what is right.
  case asked([Bool])
  /// The tokens that a decoder has to say to the sequence.
  case text([Int32])
}

/// One sequence that can go into a batch, and what is right for it.
package struct Example: Sendable, Equatable {
  package let ids: [Int32]
  package let typeIDs: [Int32]
  package let target: Target
  /// The place of its row in the data, from 0; several windows of one long text share a row.
  package let row: Int

  package init(ids: [Int32], typeIDs: [Int32], target: Target, row: Int) {
    self.ids = ids
    self.typeIDs = typeIDs
    self.target = target
    self.row = row
  }

  /// The class, where the target is one.
  package var label: Int? { if case .label(let label) = target { label } else { nil } }
}

/// Examples that can be asked for by number: in memory, or mapped from a file.
package protocol ExampleSource {
  var count: Int { get }
  /// Tokens of one example, without reading it whole.
  func length(_ index: Int) -> Int
  /// The place of one example's row in the data, without reading it whole; rows never descend.
  func row(_ index: Int) -> Int
  func example(_ index: Int) -> Example
}

extension Array: ExampleSource where Element == Example {
  package func length(_ index: Int) -> Int { self[index].ids.count }
  package func row(_ index: Int) -> Int { self[index].row }
  package func example(_ index: Int) -> Example { self[index] }
}
