import Layers
import Models
import Tensors

/// Sends examples through a model and shows the logits of each to a visitor: nothing is kept.
package enum Evaluation {
  /// The logits of one example: one row, or one for each of its tokens.
  package struct Scores {
    /// The example's number in its source.
    package let index: Int
    package let rows: Int
    package let width: Int
    /// Of words: the one that is right in each row. Those of a whole batch come together.
    package let targets: [Int]
    let base: UnsafePointer<Float>

    package subscript(_ row: Int, _ column: Int) -> Float { base[row * width + column] }

    /// The scores of one row.
    package func row(_ row: Int) -> [Float] { Array(UnsafeBufferPointer(start: base + row * width, count: width)) }

    /// The place of the highest score of a row.
    package func best(_ row: Int) -> Int {
      let scores = base + row * width
      return (0..<width).max { scores[$0] < scores[$1] } ?? 0
    }
  }

  /// The most tokens of a batch, so that long texts take no more memory than short ones; fewer where each is scored
  /// against a large vocabulary.
  package static func batchTokens(_ model: TransformerModel) -> Int {
    model.kind.isOfNextWords ? min(4096, max(64, (1 << 24) / model.configuration.vocabularySize)) : 4096
  }

  /// - Parameters:
  ///   - seed: of the collator, so that every evaluation hides the same words
  ///   - stop: asked between batches; its throw ends the evaluation
  ///   - visit: gets the scores of every example, in no particular order; of words those of a batch at once
  ///   - settled: told of each stretch of examples, in order, once all its scores were handed out; the examples of a
  ///     row share a stretch
  /// - Returns: the mean loss over all predictions
  @discardableResult
  package static func run(
    _ model: TransformerModel, _ examples: any ExampleSource, collator: Collator = .plain, batchSize: Int = 32,
    seed: UInt64 = 0, stop: () throws -> Void, visit: (Scores) throws -> Void,
    settled: (Range<Int>) throws -> Void = { _ in }
  ) rethrows -> Float {
    var (sum, predictions) = (0.0, 0)
    var generator = Generator(seed: seed)
    let batchTokens = batchTokens(model)
    var first = 0
    while first < examples.count {
      let stretch = first..<end(of: first, examples)
      // Sequences of like length share a batch, so the last thread is not left alone with a long one.
      let order = stretch.map { (length: examples.length($0), number: $0) }.sorted { $0 < $1 }
      var start = 0
      while start < order.count {
        try stop()
        let longest = batchTokens / max(1, order[min(order.count, start + batchSize) - 1].length)
        let numbers = order[start..<min(order.count, start + max(1, min(batchSize, longest)))].map(\.number)
        start += numbers.count
        let (batch, labels) = collator(numbers.map(examples.example), &generator)
        let value = objective(model, batch, labels, Pass(boundaries: batch.boundaries))
        sum += Double(value.loss.scalar) * Double(value.count)
        predictions += value.count
        try show(value, of: numbers, model.kind, batch, visit)
      }
      try settled(stretch)
      first = stretch.upperBound
    }
    return Float(sum / Double(max(1, predictions)))
  }

  /// Examples whose order by length is looked at together: a file of any size takes the same memory.
  private static let stretchSize = 8192

  /// The end of a stretch, behind all examples of its last row.
  private static func end(of start: Int, _ examples: any ExampleSource) -> Int {
    var end = min(start + stretchSize, examples.count)
    while end < examples.count, examples.row(end) == examples.row(end - 1) { end += 1 }
    return end
  }

  private static func show(
    _ value: ObjectiveValue, of numbers: [Int], _ kind: Head.Kind, _ batch: TokenBatch,
    _ visit: (Scores) throws -> Void
  ) rethrows {
    guard let logits = value.logits else { return }
    defer { withExtendedLifetime(logits) {} }
    if kind.isOfWords {
      return try visit(
        Scores(
          index: numbers.first ?? 0, rows: logits.rows, width: logits.width, targets: value.words,
          base: UnsafePointer(logits.pointer)))
    }
    let isOneRow = logits.rows == batch.sequences && kind == .sequenceClassification
    for (sequence, number) in numbers.enumerated() {
      let span = isOneRow ? sequence..<sequence + 1 : batch.span(sequence)
      try visit(
        Scores(
          index: number, rows: span.count, width: logits.width, targets: [],
          base: UnsafePointer(logits.pointer + span.lowerBound * logits.width)))
    }
  }
}
