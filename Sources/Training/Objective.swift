import Layers
import Models
import Tensors

/// What is right, for a ragged batch, in the form that each head is trained on.
package enum Labels: Sendable, Equatable {
  /// One class a sequence.
  case classes([Int])
  /// One class a token; -100 where nothing is asked.
  case tokens([Int])
  /// First and last token of the answer, counted inside its sequence.
  case spans([(start: Int, end: Int)])
  /// One word a token; -100 where nothing is asked.
  case words([Int])

  package static func == (a: Labels, b: Labels) -> Bool {
    switch (a, b) {
    case (.classes(let x), .classes(let y)), (.tokens(let x), .tokens(let y)), (.words(let x), .words(let y)): x == y
    case (.spans(let x), .spans(let y)): x.map(\.start) == y.map(\.start) && x.map(\.end) == y.map(\.end)
    default: false
    }
  }
}

extension Labels {
  /// The targets of a batch's sequences, which are all of one kind.
  init(_ targets: [Target]) {
    switch targets.first {
    case .tags:
      self = .tokens(targets.flatMap { target -> [Int] in if case .tags(let tags) = target { tags } else { [] } })
    case .span:
      self = .spans(targets.map { if case .span(let start, let end) = $0 { (start, end) } else { (0, 0) } })
    default: self = .classes(targets.map { if case .label(let label) = $0 { label } else { -100 } })
    }
  }
}

/// The loss of a head on a batch (mean cross entropy; for answers the mean of start and end), and the logits behind it.
package func objective(
  _ model: EncoderModel, _ batch: TokenBatch, _ labels: Labels, _ pass: Pass
) -> (
  loss: Tensor, logits: Tensor
) {
  switch labels {
  case .classes(let labels), .tokens(let labels):
    let logits = model(batch, pass)  // [sequences or tokens, classes]
    return (crossEntropy(logits, Prediction.rows(labels, classes: logits.width)), logits)
  case .spans(let spans):
    let logits = model(batch, pass)  // [tokens, 2]
    let predictions = spans.enumerated().flatMap { sequence, answer in
      [answer.start, answer.end].enumerated().compactMap { column, target -> Prediction? in
        let span = batch.span(sequence)
        guard target >= 0, target < span.count else { return nil }
        return Prediction(start: span.lowerBound * 2 + column, stride: 2, count: span.count, target: target)
      }
    }
    return (crossEntropy(logits, predictions), logits)
  case .words(let labels):
    let rows = labels.indices.filter { labels[$0] != -100 }
    let logits = model(batch, pass, rows: rows.map(Int32.init))  // [scored, words]
    return (crossEntropy(logits, Prediction.rows(rows.map { labels[$0] }, classes: logits.width)), logits)
  }
}
