import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// `translate` on tiny models beside what transformers wrote, and on the real ones word for word.
@Suite(.takingTurns) struct TranslateCommandTests {
  private let sitting: Sitting

  init() throws { sitting = try Sitting(NotebookCommands.rows) }

  private struct Recorded: Decodable {
    let source: String
    let direction: String
    let translation: String
  }

  @Test("The real models say what the Rust engine says", .enabled("model absent") { PulledModel.translates })
  func wordForWord() throws {
    let sitting = try Sitting(NotebookCommands.rows, model: .real)
    let file = Sitting.fixtures.appendingPathComponent("translation/bergamot.jsonl")
    let recorded = try Data(contentsOf: file).split(separator: 10).map {
      try JSONDecoder().decode(Recorded.self, from: $0)
    }
    #expect(recorded.count == 38)
    for direction in ["en-pt", "pt-en"] {
      let wanted = recorded.filter { $0.direction == direction }
      let texts = try sitting.file("\(direction).txt", wanted.map(\.source).joined(separator: "\n") + "\n")
      let answer = try sitting.value("translate --file \(texts) --model \(direction)")
      for (place, one) in wanted.enumerated() {
        #expect(answer["results"]?[place]?["translation"] == .string(one.translation), "\(one.source)")
      }
    }
  }

  @Test("Long texts go sentence by sentence, and paragraphs stay", .enabled("model absent") { PulledModel.translates })
  func paragraphs() throws {
    let sitting = try Sitting(NotebookCommands.rows, model: .real)
    let text = "I love music. It makes me happy.\n\nHello, world!"
    let whole = try sitting.value("translate '\(text)' --model en-pt")
    #expect(whole["translation"] == .string("Eu amo música. Isso me faz feliz.\n\nOlá, mundo!"))
    #expect(whole["results"]?[0]?["pieces"]?[0]?["source"] == .string("I love music. It makes me happy."))
    let cut = try sitting.value("translate '\(text)' --model en-pt --sentences")
    #expect(cut["translation"] == whole["translation"])
    #expect(cut["results"]?[0]?["pieces"]?[1]?["source"] == .string("It makes me happy."))
  }

  @Test func aTinyModelAnswersAsInTransformers() throws {
    let model = try sitting.wordModel("marian-seq2seq-lm", frame: ["$A", "w2"], config: ["eos_token_id": 48])
    let generated = try sitting.value("generate 'w5 w6 w7' --model \(model) --max-new-tokens 6")
    let translated = try sitting.value("translate 'w5 w6 w7' --model \(model) --max-new-tokens 6 --alignment")
    #expect(translated["translation"] == generated["generated_text"])
    let alignment = try #require(translated["results"]?[0]?["alignments"]?[0])
    #expect(alignment["source_tokens"]?.json == #"["w5", "w6", "w7", "w2"]"#)
    guard case .array(let rows)? = alignment["weights"] else {
      Issue.record("no weights")
      return
    }
    #expect(rows.count == 6)
    for case .array(let row) in rows {
      let sum = row.reduce(0.0) { if case .number(let weight) = $1 { $0 + weight } else { $0 } }
      #expect(row.count == 4 && abs(sum - 1) < 1e-5)
    }
    // The same map, by way of `attention`.
    let seen = try sitting.value(
      "attention 'w5 w6 w7' --model \(model) --cross --target '\(text(of: alignment["tokens"]))'")
    #expect(seen["part"] == .string("cross"))
    #expect(seen["seen"] == alignment["source_tokens"])
  }

  private func text(of tokens: Value?) -> String {
    guard case .array(let all)? = tokens else { return "" }
    return all.compactMap { if case .string(let text) = $0 { text } else { nil } }.joined(separator: " ")
  }

  @Test func languagesAreTokensOfTheModel() throws {
    let model = try sitting.wordModel(
      "mbart-seq2seq-lm", names: [2: "</s>", 40: "en_XX", 41: "pt_XX"], frame: ["$A", "</s>", "en_XX"],
      config: ["eos_token_id": 48])
    let line = "translate 'w5 w6' --model \(model) --max-new-tokens 4 "
    let plain = try sitting.value(line)
    #expect(plain["results"]?[0]?["pieces"]?[0]?["source_tokens"]?.json == #"["w5", "w6", "</s>", "en_XX"]"#)
    let forced = try sitting.value(line + "--source-language pt_XX --target-language pt_XX")
    let piece = forced["results"]?[0]?["pieces"]?[0]
    #expect(piece?["source_tokens"]?.json == #"["w5", "w6", "</s>", "pt_XX"]"#)
    #expect(piece?["tokens"]?[0]?["token_str"] == .string("pt_XX"))
    let (cell, _, notices) = sitting.run(line + "--target-language de_DE")
    #expect(cell?.status == .usage)
    #expect(notices.first?.contains("knows no language 'de_DE'; it has en_XX pt_XX.") == true, "\(notices)")
  }

  @Test func aPairOfT5IsATaskWithAPrefix() throws {
    let tasks = ["translation_en_to_de": ["prefix": "w7 w8 ", "max_length": 5] as [String: Any]]
    let model = try sitting.wordModel(
      "t5-seq2seq-lm", frame: ["$A", "w1"], config: ["task_specific_params": tasks, "eos_token_id": 98])
    let answer = try sitting.value("translate w9 --model \(model) --source-language en --target-language de")
    #expect(answer["results"]?[0]?["pieces"]?[0]?["source_tokens"]?.json == #"["w7", "w8", "w9", "w1"]"#)
    // The start of the decoder counts.
    #expect(answer["new_tokens"] == .number(4))
    let (cell, _, notices) = sitting.run("translate w9 --model \(model)")
    #expect(cell?.status == .usage)
    #expect(notices.first?.contains("It has en_to_de.") == true, "\(notices)")
  }

  @Test(arguments: [
    ("translate", "Give at least one text, or --file FILE."),
    ("translate w1 --model minilm", "answers no text with another one"),
    ("attention w1 --cross --model minilm", "has one stack and no cross-attention"),
    ("attention w1 --cross --decoder", "choose one"), ("attention w1 --target w2", "goes with --cross"),
    ("translate w1 --max-source-tokens 1", "counts from 2"),
  ])
  func whatCannotBeDone(_ line: String, _ sentence: String) {
    let (cell, lines, notices) = sitting.run(line)
    #expect(cell?.status == .usage)
    #expect(lines.isEmpty && notices.count == 1 && notices[0].contains(sentence), "\(notices)")
  }

  @Test func theDecodersThreeAttentionsAreDrawn() throws {
    let model = try sitting.wordModel("bart-seq2seq-lm", frame: ["$A", "w2"], config: ["eos_token_id": 98])
    func screen(_ options: String) -> [String] {
      sitting.run("attention 'w5 w6' --target 'w7' --model \(model) \(options)").lines
    }
    #expect(
      screen("--cross")[0...2] == [
        "Cross-attention, layer 1 of 0-1, mean of all heads", "↓ written   → source",
        "   w5   w6   w2",
      ])
    #expect(screen("--decoder")[1] == "↓ written   → to")
    #expect(
      sitting.run("attention 'w5 w6' --model \(model)").lines[0] == "Attention, layer 1 of 0-1, mean of all heads")
  }
}
