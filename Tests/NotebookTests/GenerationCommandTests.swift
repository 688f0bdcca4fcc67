import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// `generate`, `next-token` and `score` on a tiny GPT-2 whose words are `w0` to `w98`, beside what transformers wrote.
@Suite(.takingTurns) struct GenerationCommandTests {
  private let sitting: Sitting
  private let model: String
  private static let prompt = "w89 w22 w85 w41 w82 w11 w16 w28 w28"

  init() throws {
    sitting = try Sitting(NotebookCommands.rows)
    model = try sitting.wordModel("gpt2-causal-lm")
  }

  private func value(_ line: String) throws -> Value { try sitting.value("\(line) --model \(model)") }

  private func number(_ value: Value?) throws -> Double {
    let number: Double? = if case .number(let number)? = value { number } else { nil }
    return try #require(number)
  }

  @Test func writesWhatTransformersWrites() throws {
    let greedy = try value("generate '\(Self.prompt)' --max-new-tokens 8")
    #expect(greedy["generated_text"] == .string(Self.prompt + " w26 w98 w98 w76 w76 w76 w76 w76"))
    #expect(greedy["new_tokens"] == .number(8))
    let beams = try value("generate '\(Self.prompt)' --max-new-tokens 8 --num-beams 4")
    #expect(beams["generated_text"] == .string(Self.prompt + " w97 w97 w97 w97 w97 w97 w97 w97"))
    let stopped = try value("generate '\(Self.prompt)' --max-new-tokens 8 --stop w98")
    #expect(stopped["generated_text"] == .string(Self.prompt + " w26 w98"))
    #expect(stopped["results"]?[0]?["sequences"]?[0]?["finish_reason"] == .string("stop"))
  }

  @Test func aSeedDrawsTheSameAgain() throws {
    let line = "generate '\(Self.prompt)' --max-new-tokens 12 --temperature 2 --seed"
    let first = try value(line + " 5")["generated_text"]
    #expect(try value(line + " 5")["generated_text"] == first)
    #expect(try value(line + " 6")["generated_text"] != first)
  }

  /// Three ways to the same probabilities: token by token with a cache, the last row alone, all rows at once.
  @Test func theCommandsAgree() throws {
    let written = try value("generate '\(Self.prompt)' --max-new-tokens 3")
    let tokens = try #require(written["results"]?[0]?["sequences"]?[0]?["tokens"])
    let expected = try value("next-token '\(Self.prompt)' --top 3")
    #expect(expected["tokens"]?[0]?["token_str"] == .string("w26"))
    #expect(try abs(number(expected["tokens"]?[0]?["score"]) - number(tokens[0]?["probability"])) < 1e-5)
    let scored = try value("score '\(Self.prompt) w26 w98 w98'")
    var loss = 0.0
    for place in 1..<12 {
      let row = scored["results"]?[0]?["tokens"]?[place]
      loss -= try number(row?["logprob"]) / 11
      if place > 8 {
        #expect(try abs(exp(number(row?["logprob"])) - number(tokens[place - 9]?["probability"])) < 1e-5)
      }
    }
    #expect(try abs(number(scored["loss"]) - loss) < 1e-6)
    #expect(try abs(number(scored["perplexity"]) - exp(loss)) < 1e-3)
  }

  @Test(arguments: [
    ("generate x --model minilm", "minilm does not continue texts"),
    ("generate x --top-p 2", "--top-p is 0.0 to 1.0, not 2.0."),
    ("generate x --num-beams 2 --num-return-sequences 3", "--num-return-sequences 3 needs as many --num-beams."),
    ("generate x --num-return-sequences 2", "Several continuations would all be the same"),
    ("next-token x --top 0", "--top counts from 1, not 0."),
  ])
  func whatCannotBeDone(_ line: String, _ sentence: String) {
    let (cell, lines, notices) = sitting.run(line.contains("--model") ? line : "\(line) --model \(model)")
    #expect(cell?.status == .usage)
    #expect(lines.isEmpty)
    #expect(notices.count == 1 && notices[0].contains(sentence), "\(notices)")
  }
}
