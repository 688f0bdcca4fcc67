import Layers
import Tensors

/// What a model of next words makes of a text that it only reads.
extension TransformerModel {
  /// The logits behind the last token of a text; of a pair, those of the first token of its answer.
  /// - Throws: `InputError`, and what the body throws
  package func withNextLogits<Result>(
    _ ids: [Int32], _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    try check(TokenBatch([(ids, nil)]))
    let decoding = try decoding([ids], GenerationSettings())
    let logits = decoding.feed([opening(ids)]).logits
    defer { withExtendedLifetime(logits) {} }
    return try body(UnsafeBufferPointer(logits.line(0)))
  }

  /// Hands out the logits of some tokens of a text, some rows of them at a time.
  /// - Throws: `InputError`, and what the visitor throws
  package func eachLogits(
    of ids: [Int32], rows: Range<Int>, _ visit: (_ row: Int, _ logits: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let batch = TokenBatch([(ids, nil)])
    try check(batch)
    let pass = Pass(boundaries: batch.boundaries)
    let hidden = hidden(batch, pass)  // [tokens, width]
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: 64) {
      let part = start..<min(start + 64, rows.upperBound)
      let logits = words(hidden, pass, rows: part.map(Int32.init))  // [rows, words]
      for row in part { try visit(row, UnsafeBufferPointer(logits.line(row - start))) }
    }
  }
}

extension TransformerModel {
  /// Lets a pair's decoder write a target that is known already, for a watcher: row for row what it looks at when it
  /// writes each token.
  /// - Throws: `InputError`
  package func rewrite(_ target: [Int32], of source: [Int32], watcher: Watcher) throws {
    try check(TokenBatch([(target, nil)]))
    let decoding = try Decoding(self, sequences: 1, sources: [source], tokens: target.count + 1)
    _ = decoding.feed([opening(source) + target.dropLast()], watcher: watcher)
  }

  /// Whether its decoder looks at what it has written; one of recurrent cells remembers it instead.
  package var looksBack: Bool { configuration.family.looksBack }
}
