import Layers
import Models
import Tensors

/// What is right, for a ragged batch, in the form that each head is trained on.
package enum Labels: Sendable, Equatable {
  /// One class a sequence.
  case classes([Int])
  /// For every sequence 1 or 0 for every class: [sequences, classes]
  case manyClasses([Float])
  /// One number a sequence.
  case values([Float])
  /// One class a token; -100 where nothing is asked.
  case tokens([Int])
  /// First and last token of the answer, counted inside its sequence.
  case spans([Span])
  /// One word a token; -100 where nothing is asked.
  case words([Int])
  /// The same, and for every sequence the words that its first token has to say, if any; the weight of that loss beside
  /// the other.
  case wordsAndBags([Int], bags: [Mixture?], weight: Float)
  /// The tokens themselves, each asked of the one before it; -100 where nothing is asked.
  case nextWords([Int])
  /// What a pair's decoder has to say to each sequence; -100 where nothing is asked.
  case targets([[Int]])

  package struct Span: Sendable, Equatable {
    package let start: Int
    package let end: Int

    package init(start: Int, end: Int) {
      self.start = start
      self.end = end
    }
  }

  /// What is right for a batch of examples, which are all of one kind.
  init(_ examples: [Example]) {
    let targets = examples.lazy.map(\.target)
    switch targets.first {
    case .labels:
      self = .manyClasses(targets.flatMap { if case .labels(let labels) = $0 { labels } else { [Float]() } })
    case .value: self = .values(targets.map { if case .value(let value) = $0 { value } else { 0 } })
    case .tags: self = .tokens(targets.flatMap { if case .tags(let tags) = $0 { tags } else { [Int]() } })
    case .span:
      self = .spans(
        targets.map {
          if case .span(let start, let end) = $0 { Span(start: start, end: end) } else { Span(start: 0, end: 0) }
        })
    case .asked:
      self = .nextWords(
        examples.flatMap { example in
          guard case .asked(let asked) = example.target else { return [Int]() }
          return zip(example.ids, asked).map { $1 ? Int($0) : -100 }
        })
    case .text: self = .targets(targets.map { if case .text(let ids) = $0 { ids.map(Int.init) } else { [] } })
    default: self = .classes(targets.map { if case .label(let label) = $0 { label } else { -100 } })
    }
  }
}

/// What an objective computed.
package struct ObjectiveValue {
  /// A scalar, on the tape of the pass.
  package let loss: Tensor
  /// nil in a training step of a head of next words, which never holds them.
  package let logits: Tensor?
  /// How many predictions the loss is the mean of.
  package let count: Int
  /// Of a head of words: what is right in each row of the logits.
  package var words: [Int] = []
  /// What is told of the loss, where it has a part that is no measure of what is learnt.
  package var shown: Float?
}

/// The loss of a head on a batch: mean cross entropy (for answers the mean of start and end, for many classes of the
/// binary one), or the mean squared error of numbers.
/// - Parameters:
///   - smoothing: of the targets of one class
///   - isTrained: whether the way back follows
package func objective(
  _ model: TransformerModel, _ batch: TokenBatch, _ labels: Labels, _ pass: Pass, smoothing: Float = 0,
  isTrained: Bool = false
) -> ObjectiveValue {
  func classes(_ logits: Tensor, _ predictions: [Prediction]) -> ObjectiveValue {
    ObjectiveValue(
      loss: crossEntropy(logits, predictions, smoothing: smoothing), logits: logits, count: predictions.count)
  }
  func words(_ targets: [Int], _ batch: TokenBatch, _ pass: Pass, rows: [Int32]) -> ObjectiveValue {
    guard !(isTrained && model.kind.isOfNextWords) else {
      let loss = model.loss(batch, pass, rows: rows, targets: targets, smoothing: smoothing)
      return ObjectiveValue(loss: loss, logits: nil, count: targets.count)
    }
    let logits = model(batch, pass, rows: rows)  // [scored, words]
    var value = classes(logits, Prediction.rows(targets, classes: logits.width))
    value.words = targets
    return value
  }
  switch labels {
  case .classes(let labels), .tokens(let labels):
    let logits = model(batch, pass)  // [sequences or tokens, classes]
    return classes(logits, Prediction.rows(labels, classes: logits.width))
  case .manyClasses(let labels):
    let logits = model(batch, pass)  // [sequences, classes]
    return ObjectiveValue(loss: binaryCrossEntropy(logits, labels), logits: logits, count: logits.rows)
  case .values(let values):
    let logits = model(batch, pass)  // [sequences, 1]
    return ObjectiveValue(loss: meanSquaredError(logits, values), logits: logits, count: values.count)
  case .spans(let spans):
    let logits = model(batch, pass)  // [tokens, 2]
    let predictions = spans.enumerated().flatMap { sequence, answer in
      [answer.start, answer.end].enumerated().compactMap { column, target -> Prediction? in
        let span = batch.span(sequence)
        guard target >= 0, target < span.count else { return nil }
        return Prediction(start: span.lowerBound * 2 + column, stride: 2, count: span.count, target: target)
      }
    }
    return classes(logits, predictions)
  case .words(let labels):
    let rows = labels.indices.filter { labels[$0] != -100 }
    return words(rows.map { labels[$0] }, batch, pass, rows: rows.map(Int32.init))
  case .wordsAndBags(let labels, let bags, let weight):
    // The first token of each sequence is looked at, too; as a hidden word it asks for nothing.
    let firsts = Set((0..<batch.sequences).map { batch.span($0).lowerBound })
    let rows = labels.indices.filter { labels[$0] != -100 || firsts.contains($0) }
    let logits = model(batch, pass, rows: rows.map(Int32.init))  // [scored, words]
    let hidden = Prediction.rows(rows.map { firsts.contains($0) ? -100 : labels[$0] }, classes: logits.width)
    let loss = crossEntropy(logits, hidden, smoothing: smoothing)
    let told = zip(rows.indices.filter { firsts.contains(rows[$0]) }, bags).compactMap { row, bag in
      bag.map { (row: row, mixture: $0) }
    }
    let bagLoss = crossEntropy(logits, rows: told.map(\.row), told.map(\.mixture))
    return ObjectiveValue(
      loss: add(loss, scale(bagLoss, by: weight)), logits: nil, count: hidden.count, shown: loss.scalar)
  case .nextWords(let labels):
    let asked = (0..<batch.sequences).flatMap { batch.span($0).dropFirst().filter { labels[$0] != -100 } }
    return words(asked.map { labels[$0] }, batch, pass, rows: asked.map { Int32($0 - 1) })
  case .targets(let targets):
    let all = targets.flatMap { $0 }
    let asked = all.indices.filter { all[$0] != -100 }
    let (input, trip) = model.trip(batch, targets, pass)
    return words(asked.map { all[$0] }, input, trip, rows: asked.map(Int32.init))
  }
}

extension TransformerModel {
  /// What goes through a pair's decoder for these targets, with a pass that carries what its encoder made of `batch`.
  /// - Parameter watcher: of the decoder; that of the pass watches the encoder
  func trip(
    _ batch: TokenBatch, _ targets: [[Int]], _ pass: Pass, watcher: Watcher? = nil
  ) -> (input: TokenBatch, pass: Pass) {
    let input = TokenBatch(targets.map { (decoderInput($0), nil) })
    return (
      input,
      Pass(
        boundaries: input.boundaries, dropout: pass.dropout, watcher: watcher, recomputing: pass.recomputing,
        memory: encode(batch, pass))
    )
  }
}
