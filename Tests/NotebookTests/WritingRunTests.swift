import Drawing
import Foundation
import Notebook
import TestSupport
import Testing
import Training

/// `finetune --task generate|summarize|translate`, and decoders that classify, on tiny models whose words are `w2` to `w98`.
@Suite(.takingTurns) struct WritingRunTests {
  private let sitting: Sitting

  init() throws { sitting = try Sitting(NotebookCommands.rows) }

  /// A model of the fixtures with a tokenizer of whole words, which ends a text with `<e>`.
  private func model(_ name: String) throws -> String {
    try sitting.wordModel(name, names: [1: "<e>"], end: "<e>")
  }

  private func value(
    _ line: String, in sitting: Sitting? = nil, at location: SourceLocation = #_sourceLocation
  ) throws -> Value {
    let (cell, _, notices) = (sitting ?? self.sitting).run(line)
    #expect(cell?.status == .passed, "\(line): \(notices)", sourceLocation: location)
    return try #require(cell?.value, sourceLocation: location)
  }

  private func number(_ value: Value?) throws -> Double {
    switch value {
    case .number(let number)?: return number
    case .integer(let number)?: return Double(number)
    default: return try #require(nil as Double?)
    }
  }

  private static let texts = (3..<27).map { first in (0..<8).map { "w\(first + $0)" }.joined(separator: " ") + "\n\n" }
  private static let pairs =
    "source\ttarget\n" + (3..<27).map { "w\($0) w\($0 + 9) w\($0 + 20)\tw\($0) w\($0 + 9)\n" }.joined()

  @Test(arguments: [
    ("gpt2-causal-lm", ""), ("gpt2-causal-lm", "--lora"), ("llama-causal-lm", "--lora"),
    ("llama-causal-lm", "--packing"),
  ])
  func aDecoderLearnsToGoOn(_ name: String, _ options: String) throws {
    let model = try model(name)
    let data = try sitting.file("texts.txt", Self.texts.joined())
    let run = try value(
      "finetune --task generate --data \(data) --validation \(data) --model \(model) --epochs 6 --batch-size 4 --max-length 16 --learning-rate 1e-2 \(options)"
    )
    #expect(run["task"] == .string("generate"))
    let (first, last) = try (number(run["epochs"]?[0]?["perplexity"]), number(run["perplexity"]))
    #expect(last < first * 0.9)
    #expect(try abs(log(number(run["perplexity"])) - number(run["eval_loss"])) < 1e-5)
    let measured = try value(
      "evaluate --data \(data) --model last --max-length 16 \(options == "--packing" ? options : "")")
    #expect(measured["task"] == .string("generate"))
    #expect(try abs(number(measured["loss"]) - number(run["eval_loss"])) < 1e-5)
    #expect(try value("generate 'w5 w6 w7' --model last --max-new-tokens 4")["model"] == .string("run 1"))
  }

  /// Of a prompt nothing is learnt: with all of a row but its last word given, one word and the end are asked for.
  @Test func aPromptIsNotAskedFor() throws {
    let model = try model("gpt2-causal-lm")
    let data = try sitting.file("pairs.jsonl", "{\"prompt\": \"w5 w6 w7\", \"completion\": \" w8\"}\n")
    let loss = try number(try value("evaluate --task generate --data \(data) --model \(model)")["loss"])
    let tokens = try value("score 'w5 w6 w7 w8 <e>' --model \(model) --json")["results"]?[0]?["tokens"]
    let wanted = try -(number(tokens?[3]?["logprob"]) + number(tokens?[4]?["logprob"])) / 2
    #expect(abs(loss - wanted) < 1e-4)
  }

  @Test(arguments: ["t5-seq2seq-lm", "bart-seq2seq-lm", "marian-seq2seq-lm"], ["", "--lora"])
  func aPairLearnsToSay(_ name: String, _ method: String) throws {
    let model = try model(name)
    let data = try sitting.file("pairs.tsv", Self.pairs)
    let run = try value(
      "finetune --task summarize --data \(data) --validation \(data) --model \(model) --epochs 4 --batch-size 4 --learning-rate 1e-2 --label-smoothing 0.1 --max-target-length 6 \(method)"
    )
    #expect(try number(run["eval_loss"]) < number(run["epochs"]?[0]?["eval_loss"]))
    let measured = try value("evaluate --data \(data) --model last --max-target-length 6 --mistakes 24")
    #expect(measured["task"] == .string("summarize"))
    #expect(measured["samples"]?[0]?["target"] == .string("w3 w12"))
    var (rouge, bleu) = ([Rouge](), BLEU())
    for row in 0..<24 {
      let sample = try #require(measured["samples"]?[row])
      guard case .string(let target)? = sample["target"], case .string(let text)? = sample["generated_text"] else {
        Issue.record("\(sample)")
        return
      }
      #expect(!text.contains("<e>"))
      rouge.append(Rouge(text, reference: target))
      bleu.add(text, reference: target)
    }
    for (metric, wanted) in Rouge.means(rouge) { #expect(try abs(number(measured[metric]) - wanted) < 1e-9) }
    #expect(try abs(number(measured["bleu"]) - bleu.score) < 1e-9)
  }

  /// Asks for a stop after so many pictures, as Ctrl-C would.
  private final class StoppingScreen: Screen {
    var style = TerminalStyle()
    private var patience: Int
    init(patience: Int) { self.patience = patience }
    func show(_ lines: [String]) {}
    func notice(_ line: String) {}
    func endLive() {}
    func live(_ drawing: Drawing, followsEnd: Bool) {
      patience -= 1
      if patience == 0 { Interrupt.request() }
    }
  }

  @Test(arguments: [
    ("generate", "gpt2-causal-lm", ""), ("generate", "llama-causal-lm", "--packing --lora --lora-dropout 0.1"),
    ("summarize", "t5-seq2seq-lm", "--dropout 0.1"), ("translate", "marian-seq2seq-lm", "--lora"),
  ])
  func anInterruptedRunEndsInTheSameWeights(_ task: String, _ name: String, _ options: String) throws {
    let model = try model(name)
    let data =
      task == "generate"
      ? try sitting.file("texts.txt", Self.texts.joined()) : try sitting.file("pairs.tsv", Self.pairs)
    let out = sitting.folder.appendingPathComponent("out")
    let line =
      "finetune --task \(task) --data \(data) --validation \(data) --model \(model) --epochs 2 --batch-size 6 --max-length 16 --learning-rate 1e-2 --output \(out.path) \(options)"
    let weights = out.appendingPathComponent(
      options.contains("--lora") ? "adapter_model.safetensors" : "model.safetensors")
    let whole = try value(line)
    let wanted = try Data(contentsOf: weights)
    try FileManager.default.removeItem(at: out)
    sitting.session.screen = StoppingScreen(patience: 3)
    #expect(sitting.session.execute(line)?.status == .interrupted)
    sitting.session.screen = sitting.screen
    #expect(!FileManager.default.fileExists(atPath: weights.path))
    let resumed = try value("finetune --resume \(out.path)")
    #expect(try Data(contentsOf: weights) == wanted)
    #expect(resumed["steps"] == whole["steps"])
    #expect(resumed["eval_loss"] == whole["eval_loss"])
  }

  /// mBART names the languages of both sides; the last token of a target is what its decoder begins with.
  @Test func languagesAreNamedOnBothSides() throws {
    let model = try sitting.wordModel(
      "mbart-seq2seq-lm", names: [2: "<e>", 4: "en_XX", 5: "pt_XX"], frame: ["$A", "<e>", "en_XX"], end: "<e>")
    let data = try sitting.file("pairs.tsv", Self.pairs)
    let line = "evaluate --task translate --data \(data) --model \(model)"
    let plain = try number(value(line)["loss"])
    let named = try number(value("\(line) --source-language en_XX --target-language en_XX")["loss"])
    #expect(plain == named, "the tokenizer's own language")
    let other = try number(value("\(line) --source-language en_XX --target-language pt_XX")["loss"])
    #expect(other != named)
    #expect(try number(value("\(line) --source-language pt_XX --target-language en_XX")["loss"]) != named)
    let (cell, _, notices) = sitting.run("\(line) --target-language xx_XX")
    #expect(cell?.status == .usage && notices.count == 1 && notices[0].contains("en_XX"), "\(notices)")
  }

  @Test func aDecoderClassifiesByItsLastToken() throws {
    let model = try model("gpt2-causal-lm")
    let data = try sitting.file("words.tsv", "text\tlabel\n" + (3..<13).map { "w\($0) w5\tA\nw\($0) w6\tB\n" }.joined())
    let run = try value(
      "finetune --task sentiment --data \(data) --validation \(data) --model \(model) --epochs 8 --learning-rate 1e-2")
    #expect(try number(run["accuracy"]) == 1)
    #expect(try value("classify 'w9 w6' --model last")["label"] == .string("B"))
  }

  /// A model that reads and writes an end which its tokenizer neither adds nor knows for special.
  @Test(.enabled("model absent") { PulledModel.translates })
  func aTranslationIsScoredWithoutItsEnd() throws {
    let sitting = try Sitting(NotebookCommands.rows, model: .real)
    let data = try sitting.file("pairs.tsv", "source\ttarget\nThe black cat sleeps.\tO gato preto dorme.\n")
    let measured = try value("evaluate --task translate --model en-pt --data \(data)", in: sitting)
    #expect(measured["samples"]?[0]?["generated_text"] == .string("O gato preto dorme."))
    #expect(try abs(number(measured["bleu"]) - 100) < 1e-6)
    #expect(try number(measured["accuracy"]) == 1)
  }

  /// transformers refuses batches for such a head where the configuration names no padding.
  @Test func aDecoderThatClassifiesNamesItsPadding() throws {
    let model = try sitting.wordModel(
      "gpt2-causal-lm", names: [1: "<e>"], end: "<e>", config: ["eos_token_id": 1, "pad_token_id": NSNull()])
    let data = try sitting.file("words.tsv", "text\tlabel\n" + (3..<13).map { "w\($0) w5\tA\nw\($0) w6\tB\n" }.joined())
    let run = try value("finetune --task sentiment --data \(data) --model \(model) --max-steps 1")
    guard case .string(let place)? = run["output"] else {
      Issue.record("\(run)")
      return
    }
    let config = FileManager.default.contents(atPath: place + "/config.json").flatMap { Value(json: $0) }
    #expect(config?["pad_token_id"] == .integer(1))
  }

  /// A GGUF file's tokenizer has no files that could go along.
  @Test(.enabled("model absent") { PulledModel.chats })
  func aMergedModelNeedsItsTokenizer() throws {
    let sitting = try Sitting(NotebookCommands.rows, model: .real)
    let data = try sitting.file("texts.txt", "One day.\n\nTwo days.\n\nThree days.\n\nFour days.\n")
    let line = "finetune --task generate --model smollm2 --data \(data) --validation \(data) --max-steps 1"
    _ = try value("\(line) --lora --lora-rank 1 --max-length 8", in: sitting)
    let (cell, _, notices) = sitting.run("merge last")
    #expect(cell?.status == .usage && notices.count == 1 && notices[0].contains("quantize"), "\(notices)")
    #expect(sitting.run(line).0?.status == .usage)
  }

  @Test func aPairNeedsAModelWithAnEncoder() throws {
    let model = try model("gpt2-causal-lm")
    let data = try sitting.file("pairs.tsv", Self.pairs)
    let (cell, _, notices) = sitting.run("finetune --task translate --data \(data) --model \(model)")
    #expect(cell?.status == .usage && notices.count == 1 && notices[0].contains("gpt2"), "\(notices)")
  }
}
