/// What a set of rows has become.
package struct FeatureFacts: Sendable, Equatable, Codable {
  package var rows = 0
  package var examples = 0
  /// Special ones included.
  package var tokens = 0
  /// Of the longest example.
  package var longest = 0
  /// Rows whose end was left out, because a sequence may not be longer.
  package var cutRows = 0

  package init() {}

  mutating func add(_ examples: [Example]) {
    self.examples += examples.count
    for example in examples {
      tokens += example.ids.count
      longest = max(longest, example.ids.count)
    }
  }
}

/// Rows as sequences for a model: in memory, or mapped from a cache.
package struct Features {
  package let examples: any ExampleSource
  package let facts: FeatureFacts
  /// Whether an earlier run had made them.
  package let isFromCache: Bool

  /// Tokenizes all rows on the engine's threads, or maps what an earlier run has left in the cache.
  /// - Parameters:
  ///   - cache: where large files are kept as tokens; nil keeps everything in memory
  ///   - advance: told how many rows of all are done, after every few hundred; stops the work by throwing
  /// - Throws: `DataError`, `TokenizerError`, `FileError` and what `advance` throws
  package init<Row>(
    _ rows: DataRows<Row>, _ featurizer: some Featurizer<Row>, cache: FeatureCache? = nil,
    advance: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws {
    if let cache, rows.mappedBytes >= cache.smallest {
      self = try cache.features(rows, featurizer, advance: advance)
      return
    }
    var stream = try FeatureStream(rows, featurizer)
    var examples: [Example] = []
    while let next = try stream.next() {
      examples += next
      try advance(stream.facts.rows, rows.count)
    }
    self.examples = examples
    facts = stream.facts
    isFromCache = false
  }

  init(_ file: FeatureFile, isFromCache: Bool) {
    examples = file
    facts = file.facts
    self.isFromCache = isFromCache
  }
}

/// Some examples of another source, in its order.
package struct ExampleSelection: ExampleSource {
  private let source: any ExampleSource
  private let places: RowSet

  /// All examples of some rows.
  package init(_ source: any ExampleSource, rows: RowSet) {
    self.source = source
    places = RowSet(of: source.count) { rows.contains(source.row($0)) }
  }

  package var count: Int { places.count }
  package func length(_ index: Int) -> Int { source.length(places[index]) }
  package func row(_ index: Int) -> Int { source.row(places[index]) }
  package func example(_ index: Int) -> Example { source.example(places[index]) }
}
