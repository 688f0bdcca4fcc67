/// Every stage of an encoding, for someone who wants to see how it comes about.
package struct Trace: Sendable {
  /// One for the text, one for its pair.
  package let sequences: [SequenceTrace]
  /// The finished encoding: pieces, ids, offsets.
  package let encoding: Encoding
}

/// A text on its way to tokens.
package struct SequenceTrace: Sendable {
  package struct Word: Equatable, Sendable {
    /// The word as the subword model sees it.
    package let text: String
    /// Its scalars in the original.
    package let offsets: Range<Int>
    /// Whether it is an added token, which no stage touches.
    package let isAdded: Bool

    package init(_ text: String, _ offsets: Range<Int>, isAdded: Bool) {
      self.text = text
      self.offsets = offsets
      self.isAdded = isAdded
    }
  }

  /// What one stage made of the text: parts between added tokens from a normaliser, words from a pre-tokenizer.
  package struct Step: Equatable, Sendable {
    package let name: String
    package let splits: Bool
    package internal(set) var parts: [String]
  }

  package let original: String
  /// Every stage before the model, in order.
  package private(set) var steps: [Step] = []
  /// The text after normalising, added tokens as they stood.
  package internal(set) var normalized = ""
  package private(set) var words: [Word] = []

  init(_ original: String) { self.original = original }

  /// Notes what stage number `index` made of a further part of the text.
  mutating func add(step index: Int, _ name: String, splits: Bool, _ parts: [String]) {
    if index < steps.count {
      steps[index].parts += parts
    } else {
      steps.append(Step(name: name, splits: splits, parts: parts))
    }
  }

  mutating func add(_ text: String, _ offsets: Range<Int>, isAdded: Bool) {
    words.append(Word(text, offsets, isAdded: isAdded))
  }
}

extension Tokenizer {
  /// Encodes as `encode` does and keeps what each stage made of the text.
  package func trace(
    _ text: String, pair: String? = nil, specialTokens: Bool = true, truncation: Truncation? = nil
  ) throws(TokenizerError) -> Trace {
    var states = [try sequence(text, record: SequenceTrace(text))]
    if let pair { states.append(try sequence(pair, record: SequenceTrace(pair))) }
    return Trace(
      sequences: states.compactMap(\.record),
      encoding: try assemble(states, specialTokens: specialTokens, truncation: truncation))
  }
}
