import Models

/// The sizes of a batch that its memory depends on, or those of the largest of several.
package struct BatchShape: Sendable, Equatable {
  package var tokens = 0
  /// Pairs of a token and one of its own sequence.
  package var pairs = 0
  /// Tokens that the decoder of a pair of stacks writes, their pairs, and those with tokens of the source.
  package var written = 0
  package var writtenPairs = 0
  package var crossPairs = 0
  /// Tokens that are asked for a word of the vocabulary.
  package var asked = 0

  package init() {}

  /// Rows of equal length.
  /// - Parameters:
  ///   - target: tokens that are written to each row, for a pair of stacks
  ///   - kind: the head, which may ask for words
  package init(rows: Int, length: Int, target: Int = 0, kind: Head.Kind) {
    tokens = rows * length
    pairs = tokens * length
    written = rows * target
    writtenPairs = written * target
    crossPairs = written * length
    switch kind {
    case .targetWords: asked = written
    case .causalWords: asked = tokens
    case .maskedWords: asked = BatchShape.hidden(of: tokens)
    case .body, .sequenceClassification, .tokenClassification, .questionAnswering: break
    }
  }

  package init(_ examples: some Sequence<Example>) {
    for example in examples {
      let count = example.ids.count
      tokens += count
      pairs += count * count
      switch example.target {
      case .text(let target):
        written += target.count
        writtenPairs += target.count * target.count
        crossPairs += target.count * count
        asked += target.count
      case .asked(let flags): asked += flags.count { $0 }
      case .words, .document: asked += BatchShape.hidden(of: count)
      case .label, .labels, .value, .tags, .span: break
      }
    }
  }

  /// Of so many tokens, those that the collator of masked words hides: about one in seven.
  private static func hidden(of tokens: Int) -> Int { (tokens + 5) / 6 }

  /// Each size the larger of two.
  package mutating func widen(to other: BatchShape) {
    tokens = max(tokens, other.tokens)
    pairs = max(pairs, other.pairs)
    written = max(written, other.written)
    writtenPairs = max(writtenPairs, other.writtenPairs)
    crossPairs = max(crossPairs, other.crossPairs)
    asked = max(asked, other.asked)
  }

  /// Of half as many rows.
  package var halved: BatchShape {
    var half = self
    half.tokens = (tokens + 1) / 2
    half.pairs = (pairs + 1) / 2
    half.written = (written + 1) / 2
    half.writtenPairs = (writtenPairs + 1) / 2
    half.crossPairs = (crossPairs + 1) / 2
    half.asked = (asked + 1) / 2
    return half
  }
}
