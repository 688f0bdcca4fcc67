/// How the tags of tokens become entities; the names and rules of Hugging Face's `aggregation_strategy`.
package enum Aggregation: String, Sendable, CaseIterable {
  /// Every token by itself.
  case none
  /// Neighbours of one type together.
  case simple
  /// Whole words first, each with the tag of its first token.
  case first
  /// Whole words first, each with the tag that is likeliest on average over its tokens.
  case average
  /// Whole words first, each with the tag of its surest token.
  case max

  fileprivate var joinsWords: Bool { self != .none && self != .simple }
}

/// One token and the probability of each class.
package struct TaggedToken: Sendable {
  let word: String
  let scores: [Double]
  /// Unicode scalars of the text.
  let place: Range<Int>
  /// Among all tokens of the encoding.
  let index: Int
  /// Whether it goes on with the word of the token before.
  let goesOn: Bool

  package init(word: String, scores: [Double], place: Range<Int>, index: Int, goesOn: Bool) {
    self.word = word
    self.scores = scores
    self.place = place
    self.index = index
    self.goesOn = goesOn
  }
}

/// Makes entities of tagged tokens, as transformers' token-classification pipeline does.
package struct EntityGrouping {
  let labels: [String]
  let aggregation: Aggregation
  /// The tokenizer's way to put pieces together.
  let join: ([String]) -> String

  package init(labels: [String], aggregation: Aggregation, join: @escaping ([String]) -> String) {
    self.labels = labels
    self.aggregation = aggregation
    self.join = join
  }

  /// A token or a word with the tag that won.
  private struct Tagged {
    let tag: String
    let score: Double
    let word: String
    let place: Range<Int>
  }

  package func callAsFunction(_ tokens: [TaggedToken]) -> [Entity] {
    guard aggregation != .none else {
      return tokens.map { token in
        let (tag, score) = best(token.scores)
        return Entity(
          entity: tag, entityGroup: nil, score: score, index: token.index, word: token.word,
          start: token.place.lowerBound, end: token.place.upperBound)
      }
    }
    let tagged =
      aggregation.joinsWords
      ? words(tokens).map(tagged)
      : tokens.map { token in
        let (tag, score) = best(token.scores)
        return Tagged(tag: tag, score: score, word: token.word, place: token.place)
      }
    return groups(tagged).map(entity)
  }

  private func best(_ scores: [Double]) -> (tag: String, score: Double) {
    let place = scores.indices.reduce(0) { scores[$1] > scores[$0] ? $1 : $0 }
    return (labels[place], scores[place])
  }

  private func words(_ tokens: [TaggedToken]) -> [[TaggedToken]] {
    var words: [[TaggedToken]] = []
    for token in tokens {
      if token.goesOn, !words.isEmpty { words[words.count - 1].append(token) } else { words.append([token]) }
    }
    return words
  }

  private func tagged(_ word: [TaggedToken]) -> Tagged {
    let scores: [Double]
    switch aggregation {
    case .average:
      let sums = word.dropFirst().reduce(word[0].scores) { zip($0, $1.scores).map(+) }
      scores = sums.map { $0 / Double(word.count) }
    case .max:
      scores = word.dropFirst().reduce(word[0].scores) { ($1.scores.max() ?? 0) > ($0.max() ?? 0) ? $1.scores : $0 }
    case .none, .simple, .first: scores = word[0].scores
    }
    let (tag, score) = best(scores)
    return Tagged(tag: tag, score: score, word: join(word.map(\.word)), place: span(word.map(\.place)))
  }

  /// Runs of one type; a `B-` tag always begins a new one.
  private func groups(_ tagged: [Tagged]) -> [[Tagged]] {
    var groups: [[Tagged]] = []
    for item in tagged {
      let last = groups.last?.last?.tag
      if let last, spanType(last) == spanType(item.tag), !item.tag.hasPrefix("B-") {
        groups[groups.count - 1].append(item)
      } else {
        groups.append([item])
      }
    }
    return groups
  }

  private func entity(_ group: [Tagged]) -> Entity {
    let place = span(group.map(\.place))
    return Entity(
      entity: nil, entityGroup: tagType(group[0].tag),
      score: group.reduce(0) { $0 + $1.score } / Double(group.count), index: nil, word: join(group.map(\.word)),
      start: place.lowerBound, end: place.upperBound)
  }

  private func span(_ places: [Range<Int>]) -> Range<Int> {
    let start = places.first?.lowerBound ?? 0
    return start..<Swift.max(start, places.last?.upperBound ?? 0)
  }

  /// What two tags must share to belong together: everything but `B-` or `I-`.
  private func spanType(_ tag: String) -> Substring {
    tag.hasPrefix("B-") || tag.hasPrefix("I-") ? tag.dropFirst(2) : tag[...]
  }
}

/// What stands behind the first hyphen of a tag, or all of it.
func tagType(_ tag: String) -> String {
  tag.firstIndex(of: "-").map { String(tag[tag.index(after: $0)...]) } ?? tag
}

/// Entities of overlapping windows: of two that overlap the longer stays, of equally long ones the surer.
func mergedWindows(_ entities: [Entity]) -> [Entity] {
  var merged: [Entity] = []
  for entity in entities.enumerated().sorted(by: { ($0.element.start, $0.offset) < ($1.element.start, $1.offset) })
    .map(\.element)
  {
    guard let last = merged.last, (last.start..<Swift.max(last.start, last.end)).contains(entity.start) else {
      merged.append(entity)
      continue
    }
    let (length, before) = (entity.end - entity.start, last.end - last.start)
    if length > before || length == before && entity.score > last.score { merged[merged.count - 1] = entity }
  }
  return merged
}
