import Tensors

/// Makes examples of rows as they are asked for: a few hundred rows at a time, on the engine's threads.
struct FeatureStream<Maker: Featurizer> {
  private let featurizer: Maker
  private var blocks: RowBlocks<Maker.Row>
  /// What has been made so far.
  private(set) var facts = FeatureFacts()

  init(_ rows: DataRows<Maker.Row>, _ featurizer: Maker) throws(DataError) {
    self.featurizer = featurizer
    blocks = try rows.blocks()
  }

  /// The examples of the next rows; nil after the last.
  mutating func next() throws -> [Example]? {
    let first = blocks.done
    guard let block = try blocks.next() else { return nil }
    let made = try featurized(block, first)
    let examples = featurizer.regrouped(made.flatMap(\.examples))
    facts.rows += block.count
    facts.cutRows += made.count { $0.isCut }
    facts.add(examples)
    return examples
  }

  private func featurized(_ block: [Maker.Row], _ first: Int) throws -> [Featured] {
    // Few long rows are shared out as well as many short ones.
    let chunk = max(1, min(16, block.count / 16))
    var results = [Result<[Featured], any Error>](
      repeating: .success([]), count: (block.count + chunk - 1) / chunk)
    results.withUnsafeMutableBufferPointer { results in
      parallel(block.count, chunk: chunk) { range in
        results[range.lowerBound / chunk] = Result {
          try range.map { try featurizer.featured(block[$0], at: first + $0) }
        }
      }
    }
    return try results.flatMap { try $0.get() }
  }
}
