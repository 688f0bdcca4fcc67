import Layers
import Tensors

/// What stands on an encoder's hidden states and makes them answer.
package enum Head {
  package enum Kind: String, Sendable, CaseIterable {
    case body, sequenceClassification, tokenClassification, questionAnswering, maskedWords
  }

  /// No head; the pooler that BERT's checkpoints carry is kept, though nothing here asks for it.
  case body(pooler: Linear?)
  case sequenceClassification(SequenceClassifier)
  case tokenClassification(TokenClassifier)
  case questionAnswering(TokenClassifier)
  case maskedWords(WordPredictor)

  init(_ kind: Kind, _ loader: WeightLoader, _ configuration: TransformerConfiguration, words: Embedding) {
    let top = Weights(loader)
    let names = configuration.family.heads
    switch kind {
    case .body:
      let pooler = configuration.family.names.pooler.map { "\(configuration.family.prefix).\($0)" }
      self = .body(pooler: pooler.map { Linear(top($0).orFresh, in: configuration.width, out: configuration.width) })
    case .sequenceClassification: self = .sequenceClassification(SequenceClassifier(top, configuration))
    case .tokenClassification:
      self = .tokenClassification(
        TokenClassifier(
          top(names.tokenClassification), configuration, classes: configuration.labels.count,
          dropoutRate: configuration.tokenDropout))
    case .questionAnswering:
      self = .questionAnswering(
        TokenClassifier(
          top(names.questionAnswering), configuration, classes: 2, dropoutRate: configuration.answerDropout))
    case .maskedWords: self = .maskedWords(WordPredictor(top, configuration, words: words))
    }
  }
}

/// The first token's state through a dense map to one score for each class.
package struct SequenceClassifier {
  let dense, output: Linear
  let names: TransformerFamily.HeadNames.SequenceClassification
  let dropoutRate: Float

  init(_ top: Weights, _ configuration: TransformerConfiguration) {
    names = configuration.family.heads.sequenceClassification
    dense = Linear(top(names.dense).orFresh, in: configuration.width, out: configuration.width)
    output = Linear(top(names.output).orFresh, in: configuration.width, out: configuration.labels.count)
    dropoutRate = configuration.sequenceDropout
  }

  func callAsFunction(_ hidden: Tensor, _ pass: Pass) -> Tensor {
    var x = gather(hidden, pass.boundaries.dropLast().map(Int32.init))  // [sequences, width]
    if names.dropsInput { x = dropout(x, pass.mask(rate: dropoutRate)) }
    x = dense(x, pass, activation: names.activation)
    return output(dropout(x, pass.mask(rate: dropoutRate)), pass)  // [sequences, classes]
  }
}

/// Every token's state to one score for each class; two classes, start and end, for question answering.
package struct TokenClassifier {
  let output: Linear
  let dropoutRate: Float

  init(_ weights: Weights, _ configuration: TransformerConfiguration, classes: Int, dropoutRate: Float) {
    output = Linear(weights.orFresh, in: configuration.width, out: classes)
    self.dropoutRate = dropoutRate
  }

  func callAsFunction(_ hidden: Tensor, _ pass: Pass) -> Tensor {
    output(dropout(hidden, pass.mask(rate: dropoutRate)), pass)  // [tokens, classes]
  }
}

/// A token's state to one score for each word of the vocabulary, by default against the word table itself.
package struct WordPredictor {
  let dense: Linear
  let norm: LayerNorm
  /// [words, width]
  let table: Parameter
  let bias: Parameter
  let activation: Activation

  init(_ top: Weights, _ configuration: TransformerConfiguration, words: Embedding) {
    let names = configuration.family.heads.maskedWords
    let fresh = top.orFresh
    dense = Linear(fresh(names.dense), in: configuration.width, out: configuration.width)
    norm = LayerNorm(fresh(names.norm), width: configuration.width, epsilon: configuration.epsilon)
    let rows = configuration.vocabularySize
    // Tied, the decoder's bias is the head's own; untied, the decoder has both for itself.
    if configuration.tiesWords {
      table = words.table
      bias = fresh.parameter(names.bias, [rows], start: .zeros)
    } else {
      table = fresh(names.decoder).parameter("weight", [rows, configuration.width])
      bias = fresh(names.decoder).parameter("bias", [rows], start: .zeros)
    }
    activation = names.activation ?? configuration.activation
  }

  /// - Parameter rows: the tokens that are scored; nil for all
  func callAsFunction(_ hidden: Tensor, _ pass: Pass, rows: [Int32]?) -> Tensor {
    let x = rows.map { gather(hidden, $0) } ?? hidden
    let transformed = norm(dense(x, pass, activation: activation))  // [scored, width]
    return linear(transformed, table.tensor, bias.tensor)  // [scored, words]
  }
}
