extension TransformerFamily {
  /// Spellings of a family's `config.json`.
  struct ConfigurationKeys: Sendable {
    /// A dropout's key, and its rate where the key is absent.
    struct Rate: Sendable, ExpressibleByStringLiteral {
      let key: String
      let usual: Float

      init(_ key: String, usual: Float) {
        self.key = key
        self.usual = usual
      }

      init(stringLiteral key: String) { self.init(key, usual: 0.1) }
    }

    /// Numbers of a stack.
    struct Stack: Sendable {
      let layers, heads, innerWidth: String
    }

    let width: String
    /// Of the only stack, or the encoder.
    let stack: Stack
    /// Of the decoder of a pair.
    var decoder: Stack?
    /// Heads of keys and values; absent: as many as of queries.
    var memoryHeads: String?
    /// Width of a head; absent: the width divided by the heads.
    var headWidth: String?
    /// nil: the configuration names gate and activation together, as T5 does in `feed_forward_proj`.
    var activation: String?
    /// Rows of the position table, or the longest sequence in training.
    var positions = "max_position_embeddings"
    var defaultPositions = 512
    var epsilon: String?
    /// Of the fresh weights' normal distribution.
    var deviation = "initializer_range"
    var segments: String?
    var hiddenDropout: Rate?
    /// Of the embeddings; absent: as of hidden states.
    var embeddingDropout: Rate?
    var attentionDropout: Rate?
    var innerDropout: Rate?
    /// Dropout before the last map of each head; nil where the family has none there.
    var sequenceDropout: String?
    var tokenDropout: String?
    var answerDropout: String?
    /// What other families call the same; such a key counts where the own one is absent.
    var aliases: [String: String] = [:]

    /// All that a rate for the whole model changes. What is dropped inside of a feed-forward is another matter.
    var dropouts: [String] {
      [hiddenDropout?.key, embeddingDropout?.key, attentionDropout?.key, sequenceDropout, tokenDropout, answerDropout]
        .compactMap { $0 }
    }
  }

  /// Keys of a `config.json` that hold a rate of dropout.
  package var dropoutKeys: [String] { keys.dropouts }
}
