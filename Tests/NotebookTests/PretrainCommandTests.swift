import Drawing
import Foundation
import Notebook
import TestSupport
import Testing

/// `pretrain`: models that begin from nothing and learn from plain texts.
@Suite(.takingTurns) struct PretrainCommandTests {
  private let sitting: Sitting
  private var folder: String { sitting.folder.path }

  init() throws {
    sitting = try Sitting(NotebookCommands.rows)
    let texts = ["the cat sat on the mat", "a dog ran in the park", "the bird sang to the cat"]
    let pages: [String] = (0..<60).map { "\(texts[$0 % 3]) and \(texts[$0 / 3 % 3])." }
    let rows: [String] = pages.reversed().map { #"{"text": "\#($0)"}"# }
    _ = try sitting.file("a.txt", pages.joined(separator: "\n\n"))
    _ = try sitting.file("b.jsonl", rows.joined(separator: "\n"))
    _ = try sitting.file("tiny.json", Self.config(#""model_type": "gpt2", "n_embd": 16, "n_layer": 1, "n_head": 2"#))
    _ = try sitting.file(
      "masked.json",
      Self.config(
        #""model_type": "bert", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32"#
      ))
    for kind in ["bpe", "wordpiece"] {
      sitting.run("train-tokenizer --kind \(kind) --size 300 \(folder)/a.txt --output \(folder)/\(kind).json")
    }
  }

  private static func config(_ keys: String) -> String {
    "{\(keys), \"vocab_size\": 300, \"max_position_embeddings\": 64}"
  }

  private static let objectives = ["causal": ("tiny.json", "bpe.json"), "masked": ("masked.json", "wordpiece.json")]

  private func line(_ objective: String, _ options: String = "") -> String {
    let (config, tokenizer) = Self.objectives[objective] ?? ("", "")
    return "pretrain --objective \(objective) --config \(folder)/\(config) --tokenizer \(folder)/\(tokenizer) "
      + "--data \(folder)/a.txt \(folder)/b.jsonl --max-length 16 --batch-size 4 --evaluations 4 --learning-rate 1e-2 "
      + options
  }

  private func value(_ line: String, at location: SourceLocation = #_sourceLocation) throws -> Value {
    let (cell, _, notices) = sitting.run(line)
    #expect(cell?.status == .passed, "\(line): \(notices)", sourceLocation: location)
    return try #require(cell?.value, sourceLocation: location)
  }

  private func number(_ value: Value?) -> Double {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: .nan
    }
  }

  @Test func firstTokensLearnWhatTheirDocumentsAreAbout() throws {
    let plain = try value(line("masked", "--epochs 2"))
    let told = try value(line("masked", "--epochs 2 --bag-of-words 3"))
    // What is told of the loss is that of the hidden words alone.
    let (one, other) = (number(plain["epochs"]?[4]?["train_loss"]), number(told["epochs"]?[4]?["train_loss"]))
    #expect(abs(one - other) < 0.5 && one != other, "\(one) and \(other)")
  }

  @Test(arguments: ["causal", "masked"]) func learnsItsTexts(_ objective: String) throws {
    let trained = try value(line(objective, "--epochs 6"))
    let losses: [Double] = (0..<5).map { number(trained["epochs"]?[$0]?["eval_loss"]) }
    #expect(abs(losses[0] - log(300)) < 0.5, "random weights know nothing: \(losses)")
    #expect(losses[4] < losses[0] - 1.5, "\(losses)")
    #expect(trained["method"] == .string("pretrain") && trained["from_scratch"] == .bool(true))
    #expect(number(trained["tokens_per_second"]) > 0 && number(trained["share_of_peak"]) > 0)
    #expect(number(trained["at_scale"]?["days_here"]) > 1)
    guard case .array(let samples)? = trained["samples"] else {
      Issue.record("no samples")
      return
    }
    #expect(samples.count == 5)
    let list = try value("runs")
    #expect(list["runs"]?[0]?["method"] == .string("pretrain") && list["runs"]?[0]?["data"] == .string("2 files"))
    // What was saved is a model like any other.
    let used = objective == "causal" ? "generate \"the cat\" --max-new-tokens 3" : "fill \"the [MASK] sat on the mat\""
    _ = try value("\(used) --model \(folder)/home/runs/1")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder + "/home/runs/1")
    #expect(Set(names).isSuperset(of: ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]))
    #expect(try value("runs show 1")["record"]?["tokens"] == trained["tokens"])
  }

  @Test func endsAfterItsTokens() throws {
    let trained = try value(line("causal", "--tokens 0.5k"))
    // 64 tokens a step.
    #expect(trained["steps"] == .integer(8))
    #expect((449...512).contains(number(trained["tokens"])))
  }

  @Test func anotherModelGoesOnWhereItStands() throws {
    let first = try value(line("masked", "--epochs 2"))
    let next = try value(
      "pretrain --from \(folder)/home/runs/1 --data \(folder)/a.txt \(folder)/b.jsonl --max-length 16 --evaluations 1")
    #expect(next["from_scratch"] == .bool(false))
    let (a, b) = (number(next["epochs"]?[0]?["eval_loss"]), number(first["epochs"]?[4]?["eval_loss"]))
    #expect(abs(a - b) < 1e-4, "\(a) \(b)")
  }

  @Test func theEndOfEachFileIsNotLearnt() throws {
    _ = try sitting.file("end.txt", String(repeating: "the cat sat.\n\n", count: 9) + "zzz zzz zzz")
    let options = "--epochs 30 --held-out 0.2 --data \(folder)/end.txt"
    let trained = try value(line("causal").replacing("--data \(folder)/a.txt \(folder)/b.jsonl", with: options))
    let last = number(trained["epochs"]?[4]?["eval_loss"])
    #expect(last > number(trained["train_loss"]) + 2, "what was never seen stays a surprise")
  }

  @Test(arguments: ["causal", "masked"]) func anInterruptedRunGoesOnToTheSameWeights(_ objective: String) throws {
    let line = line(objective, "--epochs 2 --whole-words")
    let weights = folder + "/home/runs/1/model.safetensors"
    let whole = try value(line)
    let wanted = try #require(FileManager.default.contents(atPath: weights))
    try FileManager.default.removeItem(atPath: folder + "/home/runs/1")
    let screen = ImpatientScreen(patience: 5)
    sitting.session.screen = screen
    #expect(sitting.session.execute(line)?.status == .interrupted)
    #expect(screen.notices.last?.hasSuffix("which is saved; `pretrain --resume 1` goes on from there.") == true)
    sitting.session.screen = sitting.screen
    #expect(sitting.run("runs").lines.last == "Run 1 is unfinished; `pretrain --resume 1` goes on with it.")
    let other = sitting.run("finetune --resume 1")
    #expect(other.notices == ["That run was begun by `pretrain`; `pretrain --resume` goes on with it."])
    let resumed = try value("pretrain --resume 1")
    #expect(FileManager.default.contents(atPath: weights) == wanted)
    #expect(resumed["samples"] == whole["samples"] && resumed["tokens"] == whole["tokens"])
  }

  @Test func aLineThatCannotBeDoneSaysWhy() throws {
    _ = try sitting.file("empty.txt", "\n\n")
    let texts = "--data ~/a.txt"
    let expected: [(String, Notebook.ExitStatus, String)] = [
      ("pretrain", .usage, "Give the texts to learn from with --data FILE."),
      (
        "pretrain \(texts) --tokenizer ~/bpe.json --config ~/tiny.json --bag-of-words 1", .usage,
        "--bag-of-words is for --objective masked; leave it out."
      ),
      (
        "pretrain \(texts) --tokenizer ~/wordpiece.json --bag-of-words 2000", .usage,
        "--bag-of-words is between 0 and 1000"
      ),
      ("pretrain \(texts)", .usage, "Give the pieces of the new model with --tokenizer FILE"),
      ("pretrain \(texts) --tokenizer ~/bpe.json", .malformed, "The tokenizer has no mask token"),
      ("pretrain \(texts) --tokenizer ~/none.json", .fileMissing, "There is no file ~/none.json"),
      ("pretrain \(texts) --tokenizer ~/bpe.json --from minilm", .usage, "--from keeps the tokenizer of its model"),
      (
        "pretrain \(texts) --tokenizer ~/wordpiece.json --config ~/masked.json --prompt 'no gap'", .usage,
        "--prompt has no gap to fill; put [MASK] in its place."
      ),
      ("pretrain \(texts) --tokenizer ~/bpe.json --config ~/none.json", .fileMissing, "There is no file ~/none.json"),
      (
        "pretrain \(texts) --tokenizer ~/wordpiece.json --config ~/tiny.json --objective masked", .usage,
        "~/tiny.json is the shape of a family that has no head for --objective masked; take causal."
      ),
      (
        "pretrain \(texts) --tokenizer samples/tokenizers/bpe.json --config ~/tiny.json", .malformed,
        "~/tiny.json has vocab_size 300, and the tokenizer has"
      ),
      (
        "pretrain \(texts) --tokenizer ~/bpe.json --config ~/tiny.json --max-length 65", .usage,
        "--max-length 65 is more than the 64 tokens that the model reads."
      ),
      ("pretrain \(texts) --tokenizer ~/bpe.json --tokens 0", .usage, "The value '0' is invalid for '--tokens"),
      ("pretrain --data ~/empty.txt --tokenizer ~/bpe.json --config ~/tiny.json", .malformed, "~/empty.txt"),
      ("pretrain --resume 1", .fileMissing, "There is no unfinished run 1; none was interrupted."),
    ]
    for (line, status, sentence) in expected {
      let (cell, lines, notices) = sitting.run(line.replacing("~", with: folder))
      #expect(cell?.status == status, "\(line): \(notices)")
      let said = notices.map { $0.replacing(folder, with: "~") }
      #expect(lines.isEmpty && said.count == 1 && said[0].hasPrefix(sentence), "\(line): \(said)")
    }
    #expect(((try? FileManager.default.contentsOfDirectory(atPath: folder + "/home/runs")) ?? []).isEmpty)
  }

  @Test(arguments: [
    ("20M", 20_000_000), ("1.5m", 1_500_000), ("500k", 500_000), ("65536", 65_536), ("3B", 3_000_000_000), ("0", nil),
    ("-1", nil), ("k", nil), ("", nil), ("nan", nil), ("1e99", nil), ("inf", nil),
  ]) func countsOfTokens(text: String, count: Int?) {
    #expect(TokenCount(argument: text)?.count == count)
  }
}
