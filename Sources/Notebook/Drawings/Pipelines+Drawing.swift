import Drawing
import Pipelines

extension ClassifyCommand.Row {
  package var drawing: Drawing {
    // Regression gives numbers of any size, and so may --function-to-apply none.
    let isProbability = scores.allSatisfy { (0...1).contains($0.score) }
    return .bars(
      .init(
        title: text, bars: scores.map { .init($0.label, $0.score, text: number($0.score, digits: 3)) },
        range: isProbability ? 0...1 : nil))
  }
}

extension ClassifyCommand.Whole {
  package var drawing: Drawing? { .stack(results.map(\.drawing)) }
}

extension EntitiesCommand.Row {
  package var drawing: Drawing {
    .highlights(
      .init(
        text: text,
        marks: entities.map {
          .init($0.start..<max($0.start, $0.end), $0.entity ?? $0.type, note: "score " + number($0.score, digits: 3))
        }, meanings: EntityMeanings.of(entities)))
  }
}

extension EntitiesCommand.Whole {
  package var drawing: Drawing? { .stack(results.map(\.drawing)) }
}

/// What the types of common data sets stand for.
enum EntityMeanings {
  private static let words: [String: String] = [
    "PER": "person", "PERSON": "person", "ORG": "organisation", "LOC": "place", "GPE": "country or city",
    "MISC": "other name", "DATE": "date", "TIME": "time", "MONEY": "money", "FAC": "building",
    "NORP": "people of a kind",
  ]

  /// The legend of these entities, by the labels that they are shown with.
  static func of(_ entities: [Entity]) -> [String: String] {
    var meanings: [String: String] = [:]
    for entity in entities { meanings[entity.entity ?? entity.type] = words[entity.type.uppercased()] }
    return meanings
  }
}

extension AnswerCommand.Row {
  package var drawing: Drawing {
    guard !best.answer.isEmpty else {
      return .stack([
        .words(.init(question, .strong)),
        .words(.init("No answer", .accent), .init(" in this text, score \(number(best.score, digits: 3)).")),
      ])
    }
    let shown = Excerpt(context, around: best.start..<best.end)
    return .stack(
      [
        .words(.init(question, .strong)),
        .words(.init(best.answer, .accent), .init("  score \(number(best.score, digits: 3))", .faint)),
        .highlights(
          .init(text: shown.text, marks: [.init(shown.range, note: "score " + number(best.score, digits: 3))])),
      ] + (answers.count > 1 ? [ranking] : []))
  }

  private var ranking: Drawing {
    .bars(
      .init(
        bars: answers.map {
          .init($0.answer.isEmpty ? "(no answer)" : $0.answer, $0.score, text: number($0.score, digits: 3))
        }, range: 0...1))
  }
}

extension AnswerCommand.Whole {
  package var drawing: Drawing? { .stack(results.map(\.drawing)) }
}

extension FillCommand.Row {
  package var drawing: Drawing {
    .stack(
      gaps.enumerated().map { index, words in
        .bars(
          .init(
            title: gaps.count == 1 ? text : "\(text)  (gap \(index + 1))",
            bars: words.map { .init($0.tokenText, $0.score, text: number($0.score, digits: 3)) }, range: 0...1))
      })
  }
}

extension FillCommand.Whole {
  package var drawing: Drawing? { .stack(results.map(\.drawing)) }
}

/// A stretch of a long text around a place, cut between words.
struct Excerpt {
  let text: String
  /// The place in `text`, in Unicode scalars.
  let range: Range<Int>

  /// Unicode scalars that are kept before and after the place.
  private static let reach = 200

  init(_ text: String, around place: Range<Int>) {
    let scalars = Array(text.unicodeScalars)
    let place = place.clamped(to: 0..<scalars.count)
    var start = max(0, place.lowerBound - Excerpt.reach)
    var end = min(scalars.count, place.upperBound + Excerpt.reach)
    if start > 0, let blank = scalars[start..<place.lowerBound].firstIndex(where: \.properties.isWhitespace) {
      start = blank + 1
    }
    if end < scalars.count, let blank = scalars[place.upperBound..<end].lastIndex(where: \.properties.isWhitespace) {
      end = blank
    }
    let before = start > 0 ? "… " : ""
    self.text =
      before + String(String.UnicodeScalarView(scalars[start..<end])) + (end < scalars.count ? " …" : "")
    let shift = before.unicodeScalars.count - start
    range = (place.lowerBound + shift)..<(place.upperBound + shift)
  }
}
