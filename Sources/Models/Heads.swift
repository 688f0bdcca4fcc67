import Layers
import Tensors

/// What stands on the hidden states and makes them answer.
package enum Head {
  package enum Kind: String, Sendable, CaseIterable {
    case body, sequenceClassification, tokenClassification, questionAnswering, maskedWords
    /// The next word of a text, from a decoder.
    case causalWords
    /// The next word of a target, from the decoder of a pair.
    case targetWords

    /// Whether it scores the words of a vocabulary, and whether for every token.
    package var isOfWords: Bool { self == .maskedWords || isOfNextWords }
    package var isOfNextWords: Bool { self == .causalWords || self == .targetWords }
  }

  /// No head; the pooler that BERT's checkpoints carry is kept, though nothing here asks for it.
  case body(pooler: Linear?)
  case sequenceClassification(SequenceClassifier)
  case tokenClassification(TokenClassifier)
  case questionAnswering(TokenClassifier)
  case maskedWords(WordPredictor)
  case causalWords(NextWordPredictor)
  case targetWords(NextWordPredictor)

  /// - Throws: `HeadError` where the family has no such head
  init(
    _ kind: Kind, _ loader: WeightLoader, _ configuration: TransformerConfiguration, words: Embedding
  ) throws(HeadError) {
    let top = Weights(loader)
    let (family, names) = (configuration.family, configuration.family.heads)
    let width = configuration.width
    func tokens(_ place: String?, _ classes: Int, _ dropout: Float) -> TokenClassifier? {
      place.map { TokenClassifier(top($0), configuration, classes: classes, dropoutRate: dropout) }
    }
    let head: Head? =
      switch kind {
      case .body:
        .body(pooler: family.poolerPlace.map { Linear(top($0).orFresh, in: width, out: width) })
      case .sequenceClassification:
        names.sequenceClassification.map { .sequenceClassification(SequenceClassifier(top, $0, configuration)) }
      case .tokenClassification:
        tokens(names.tokenClassification, configuration.labels.count, configuration.tokenDropout)
          .map { .tokenClassification($0) }
      case .questionAnswering:
        tokens(names.questionAnswering, 2, configuration.answerDropout).map { .questionAnswering($0) }
      case .maskedWords: names.maskedWords.map { .maskedWords(WordPredictor(top, $0, configuration, words: words)) }
      case .causalWords where family.layout == .decoder:
        .causalWords(NextWordPredictor(top, configuration, words: words))
      case .targetWords where family.layout == .pair:
        .targetWords(NextWordPredictor(top, configuration, words: words))
      case .causalWords, .targetWords: nil
      }
    guard let head else { throw HeadError(kind: kind, family: family.modelType) }
    self = head
  }

  /// Whether it maps back to words by the word table.
  var readsWordTable: Bool {
    switch self {
    case .causalWords(let head), .targetWords(let head): head.output == nil
    default: true
    }
  }
}

/// A head that a family does not have.
package struct HeadError: Error, Sendable, Equatable {
  package let kind: Head.Kind
  package let family: String
}

/// One token's state, through a dense map where the family has one, to one score for each class.
package struct SequenceClassifier {
  let dense: Linear?
  let output: Linear
  let names: TransformerFamily.HeadNames.SequenceClassification
  let dropoutRate: Float
  let padID: Int32?

  init(
    _ top: Weights, _ names: TransformerFamily.HeadNames.SequenceClassification,
    _ configuration: TransformerConfiguration
  ) {
    self.names = names
    dense = names.dense.map { Linear(top($0).orFresh, in: configuration.width, out: configuration.width) }
    output = Linear(
      top(names.output).orFresh, in: configuration.width, out: configuration.labels.count, hasBias: !names.readsLast)
    dropoutRate = names.readsLast ? 0 : configuration.sequenceDropout
    padID = configuration.padID
  }

  /// The token of each sequence that it reads.
  func rows(_ batch: TokenBatch) -> [Int32] {
    names.readsLast ? lastTokens(batch) : batch.boundaries.dropLast().map(Int32.init)
  }

  /// - Parameter hidden: [sequences, width], of the rows that it reads
  func callAsFunction(_ hidden: Tensor, _ pass: Pass) -> Tensor {
    var x = names.dropsInput ? dropout(hidden, pass.mask(rate: dropoutRate)) : hidden
    if let dense { x = dense(x, pass, activation: names.activation) }
    return output(dropout(x, pass.mask(rate: dropoutRate)), pass)  // [sequences, classes]
  }

  /// The last token of each sequence that is no padding; the first where all is.
  private func lastTokens(_ batch: TokenBatch) -> [Int32] {
    (0..<batch.sequences).map { sequence in
      let span = batch.span(sequence)
      return Int32(span.last { batch.ids[$0] != padID } ?? span.lowerBound)
    }
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

  init(
    _ top: Weights, _ names: TransformerFamily.HeadNames.MaskedWords, _ configuration: TransformerConfiguration,
    words: Embedding
  ) {
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

  func callAsFunction(_ hidden: Tensor, _ pass: Pass) -> Tensor {
    let transformed = norm(dense(hidden, pass, activation: activation))  // [scored, width]
    return linear(transformed, table.operand, bias.tensor)  // [scored, words]
  }
}

/// A token's state to one score for each word that may come next, by default against the word table itself.
package struct NextWordPredictor {
  /// [words, width]
  let table: Parameter
  /// nil: the table is read.
  let output: Linear?
  /// [1, words], not trained
  let bias: Parameter?
  /// Factor of the hidden states.
  let scale: Float

  init(_ top: Weights, _ configuration: TransformerConfiguration, words: Embedding) {
    let names = configuration.family.heads
    let place = names.words.map { top($0) }
    // Files that say the words are tied may have a map of their own all the same, and that one was trained.
    let isTied = configuration.tiesWords && !(place?.differs("weight", from: words.table) ?? false)
    table = words.table
    output =
      isTied
      ? nil : place.map { Linear($0, in: configuration.width, out: configuration.vocabularySize, hasBias: false) }
    bias = names.wordsBias.map { top.buffer($0, [1, configuration.vocabularySize]) }
    scale = configuration.outputScale
  }

  /// The map to some words alone, where there are so few of them that looking at no others pays.
  func choice(of words: [Int32]) -> WordChoice {
    let table = output?.matrix.weight ?? table
    let rows = gather([Lookup(table.operand, words)])
    let values = bias?.tensor.values
    let map = table.rounding.map { .packed(PackedMatrix(rows.detached, $0)) } ?? MatrixOperand.dense(rows.detached)
    return WordChoice(
      words: words,
      map: Affine(map, values.map { values in Tensor([words.count], words.map { values[Int($0)] }) }))
  }

  /// - Parameter rows: the tokens that are scored; nil for all
  func callAsFunction(_ hidden: Tensor, _ pass: Pass, rows: [Int32]?) -> Tensor {
    let (x, words) = map(hidden, pass, rows: rows)
    return linear(x, [words])  // [scored, words]
  }

  /// What is scored, and the map that scores it.
  func map(_ hidden: Tensor, _ pass: Pass, rows: [Int32]?) -> (x: Tensor, words: Affine) {
    var x = rows.map { gather(hidden, $0) } ?? hidden
    if scale != 1 { x = Tensors.scale(x, by: scale) }
    let words = output?.affine(pass) ?? Affine(table.operand, nil)
    return (x, bias.map { words.adding($0.tensor.reshaped([$0.count])) } ?? words)
  }
}
