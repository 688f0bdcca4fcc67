import Layers
import Models
import Tokenizers

/// What a text holds of names and the like: of one token, or of several that belong together.
package struct Entity: Encodable, Sendable, Equatable {
  /// The tag of a token, such as `B-PER`; nil for a group.
  package let entity: String?
  /// The type of a group, such as `PER`; nil for a token.
  package let entityGroup: String?
  package let score: Double
  /// The token's place among all, special ones included; nil for a group.
  package let index: Int?
  /// The pieces put together: what the model read, not what was written.
  package let word: String
  /// Unicode scalars of the text.
  package let start: Int
  package let end: Int

  enum CodingKeys: String, CodingKey {
    case entity
    case entityGroup = "entity_group"
    case score, index, word, start, end
  }

  /// The type without what says how a span begins: `PER` of `B-PER`.
  package var type: String { entityGroup ?? entity.map(tagType) ?? "" }
}

extension Repository {
  /// The entities of each text in the order of the text, without those of a tag in `ignored`.
  /// - Parameter stride: tokens that a window repeats of the one before, when a text is read in windows; nil reads what
  ///   fits the model and no more, as Hugging Face does
  /// - Throws: `RepositoryError.noHead`, `TokenizerError.strideTooLong`
  package func entities(
    _ texts: [String], aggregation: Aggregation, stride: Int? = nil, ignoring ignored: Set<String> = ["O"]
  ) throws -> [Reading<[Entity]>] {
    try require(.tokenClassification)
    let tokenizer = try tokenizer()
    let cut = Truncation(maximumLength: try maximumTokens(), stride: stride ?? 0, keepsOverflow: stride != nil)
    let encodings = try texts.map { text throws(TokenizerError) in try tokenizer.encode(text, truncation: cut) }
    let windows = encodings.enumerated().flatMap { text, encoding in
      ([encoding] + encoding.overflowing).map { (text: text, encoding: $0) }
    }
    let grouping = EntityGrouping(labels: configuration.labels, aggregation: aggregation, join: tokenizer.text(of:))
    var found = windows.map { _ in [Entity]() }
    try forEachBatch(windows.map(\.encoding)) { places, batch, model in
      let logits = model(batch, Pass(boundaries: batch.boundaries))  // [tokens, classes]
      for (sequence, place) in places.enumerated() {
        let window = windows[place]
        let tokens = taggedTokens(window.encoding, tokenizer, Array(texts[window.text].unicodeScalars)) { token in
          probabilities(logits.row(batch.boundaries[sequence] + token))
        }
        found[place] = grouping(tokens).filter { !ignored.contains($0.entity ?? $0.entityGroup ?? "") }
      }
    }
    var byText = texts.map { _ in [Entity]() }
    for (window, entities) in zip(windows, found) { byText[window.text] += entities }
    return zip(byText, encodings).map { entities, encoding in
      let isWindowed = !encoding.overflowing.isEmpty
      return Reading(
        content: isWindowed ? mergedWindows(entities) : entities,
        isCut: encoding.isTruncated && !isWindowed)
    }
  }
}

/// The tokens of a text with their class probabilities; those that the tokenizer added are left out.
private func taggedTokens(
  _ encoding: Encoding, _ tokenizer: Tokenizer, _ text: [Unicode.Scalar], scores: (Int) -> [Double]
) -> [TaggedToken] {
  encoding.ids.indices.filter { !encoding.specialMask[$0] }.map { index in
    let id = Int(encoding.ids[index])
    let place = encoding.offsets[index].clamped(to: 0..<text.count)
    let isUnknown = id == tokenizer.special.unknown
    var word = tokenizer.token(of: id) ?? ""
    let goesOn =
      tokenizer.marksContinuations
      ? word.unicodeScalars.count != place.count
      : place.lowerBound > 0 && !text[(place.lowerBound - 1)..<min(place.lowerBound + 1, text.count)].contains(" ")
    if isUnknown { word = String(String.UnicodeScalarView(text[place])) }
    return TaggedToken(
      word: word, scores: scores(index), place: place, index: index, goesOn: goesOn && !isUnknown)
  }
}
