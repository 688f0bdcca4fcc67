import Drawing
import Foundation
import Pipelines

extension GenerateCommand.Row {
  /// Each continuation behind its prompt, with a line about how it came to an end.
  package var drawing: Drawing {
    .stack(
      (beams.map { [$0.drawing(isPrompted ? text : ""), .blank] } ?? [])
        + sequences.enumerated().flatMap { place, written -> [Drawing] in
          let prompt: [Drawing.Span] = isPrompted ? [.init(text, .faint)] : []
          var facts = [counted(written.tokens.count, "token"), written.ending]
          if let score = written.score { facts.append("score \(number(score, digits: 3))") }
          return (place > 0 ? [.blank] : []) + [.text(.init(prompt + [.init(written.newText)]))]
            + shades.map { strip(written.tokens, $0) } + [.words(.init(facts.joined(separator: ", "), .faint))]
        })
  }

  private func strip(_ tokens: [WrittenToken], _ shade: GenerateCommand.Shade) -> Drawing {
    switch shade {
    case .probability:
      .tokens(
        .init(
          tokens: tokens.map { .init($0.tokenText, shade: Float($0.probability)) }, shadeName: "probability",
          scale: .sequential(0...1)))
    case .entropy:
      .tokens(
        .init(
          tokens: tokens.map { .init($0.tokenText, shade: $0.entropy.map { Float($0) }) }, shadeName: "entropy",
          scale: .sequential(0...max(1, Float(tokens.compactMap(\.entropy).max() ?? 1)))))
    }
  }
}

extension GenerateCommand.Whole {
  package var drawing: Drawing? {
    let rate = Double(newTokens) / max(seconds, 1e-9)
    return .stack(
      results.map(\.drawing) + [
        .words(
          .init("\(model), \(duration(seconds: seconds)), \(measured(number(rate, digits: 1))) tokens a second", .faint)
        )
      ])
  }
}

extension WrittenText {
  /// Why it ended, for a person.
  fileprivate var ending: String {
    switch finishReason {
    case "end": "ended by the model"
    case "stop": "stopped at a given text"
    case "halted": "interrupted"
    default: "as long as asked for"
    }
  }
}

extension NextTokenCommand.Answer {
  package var drawing: Drawing? {
    .stack([
      .bars(
        .init(
          title: text,
          bars: tokens.map {
            .init(visiblePiece($0.tokenText, unicode: true), $0.score, text: number($0.score, digits: 3))
          },
          range: 0...1)),
      .words(
        .init(
          "Entropy \(number(entropy, digits: 2)) nats; \(kept == 1 ? "1 token" : grouped(kept) + " tokens") could be drawn.",
          .faint)),
    ])
  }
}

extension ScoreCommand.Row {
  package var drawing: Drawing {
    let strip = Drawing.TokenStrip(
      title: text,
      tokens: tokens.map { token in
        .init(
          token.tokenText, isSpecial: token.start == nil,
          shade: token.logProbability.map { Float(exp($0)) })
      }, shadeName: "probability", scale: .sequential(0...1))
    guard let loss, let perplexity else {
      return .stack([.tokens(strip), .words(.init("One token has nothing before it, and no score.", .faint))])
    }
    return .stack([
      .tokens(strip),
      .words(
        .init("Perplexity \(number(perplexity, digits: 2))", .strong),
        .init(", loss \(number(loss, digits: 3)) over \(counted(tokens.count - 1, "token")).", .faint)),
    ])
  }
}

extension ScoreCommand.Whole {
  package var drawing: Drawing? { .stack(results.map(\.drawing)) }
}
