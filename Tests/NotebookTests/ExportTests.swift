import Foundation
import Notebook
import TestSupport
import Testing

/// `export --to`: folders and files for other readers.
@Suite(.takingTurns) struct ExportTests {
  private let sitting: Sitting
  private var folder: String { sitting.folder.path }

  init() throws {
    sitting = try Sitting(NotebookCommands.rows)
    _ = try sitting.file("words.tsv", Self.rows)
  }

  private static let rows =
    "text\tlabel\n"
    + ["film", "book", "meal", "song", "day"].map { "a good \($0)\tPOSITIVE\na bad \($0)\tNEGATIVE\n" }.joined()

  private func train(_ options: String) throws {
    _ = try sitting.value("finetune --data \(folder)/words.tsv --epochs 2 --batch-size 4 --warmup-steps 1 \(options)")
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  private func names(_ place: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(place)")) ?? []).sorted()
  }

  private func exported(_ options: String) throws -> (script: String, files: [String]) {
    try train(options)
    let answer = try sitting.value("export last --to trainer --output \(folder)/trainer")
    #expect(answer["form"] == .string("trainer"))
    return (try text("trainer/train.py"), names("trainer"))
  }

  @Test func aRunBecomesAScriptWithItsRowsInTheirOrder() throws {
    let (script, files) = try exported("--seed 7 --lr-scheduler-type constant")
    for name in [
      "README.md", "accelerate.yaml", "config.json", "order.json", "requirements.txt", "start.safetensors",
      "tokenizer.json",
      "train.jsonl", "train.py", "validation.jsonl",
    ] { #expect(files.contains(name), "\(name)") }
    for line in [
      "BASE = \"sentence-transformers/all-MiniLM-L6-v2\"", "LABELS = [\"NEGATIVE\", \"POSITIVE\"]",
      "BATCH = 4  # rows of a step, all processes together",
      "model = AutoModelForSequenceClassification.from_pretrained(", "trainer.save_model(options.output)",
    ] { #expect(script.split(separator: "\n").contains { $0 == line }, "\(line)\n\(script)") }
    for argument in [
      "per_device_train_batch_size=BATCH // processes", "warmup_steps=1,", "lr_scheduler_type=\"constant_with_warmup\"",
      "seed=7", "metric_for_best_model=\"accuracy\"",
    ] { #expect(script.contains(argument), "\(argument)\n\(script)") }
    #expect(script.split(separator: "\n").allSatisfy { $0.count <= 80 || $0.contains(folder) })
    let rows = try (text("trainer/train.jsonl") + text("trainer/validation.jsonl")).split(separator: "\n")
    #expect(Set(rows).count == 10)
    let orders = try JSONDecoder().decode([[Int]].self, from: Data(text("trainer/order.json").utf8))
    let count = try text("trainer/train.jsonl").split(separator: "\n").count
    #expect(orders.count == 2 && orders[0] != orders[1])
    #expect(orders.allSatisfy { $0.sorted() == Array(0..<count) })
  }

  @Test func anAdapterStartsFromItsFirstValues() throws {
    let (script, files) = try exported("--lora")
    #expect(files.contains("start") && !files.contains("start.safetensors"))
    #expect(names("trainer/start").contains("adapter_config.json"))
    #expect(script.contains("config.save_pretrained(options.output)"))
    #expect(script.contains("model = PeftModel.from_pretrained(model, beside(\"start\"), is_trainable=True)"))
    #expect(try text("trainer/requirements.txt").contains("peft"))
  }

  /// The Trainer takes BERT's mean over a batch for one that divides by a count.
  @Test func theLossIsCountedAsHere() throws {
    #expect(try exported("--dropout 0").script.contains("trainer.model_accepts_loss_kwargs = False"))
    #expect(try text("trainer/config.json").contains("\"hidden_dropout_prob\" : 0,"))
    let tags = try sitting.file("tags.conll", "Anna B-PER\nsings O\n\nBob B-PER\nhums O\n")
    _ = try sitting.value(
      "finetune --task entities --data \(tags) --validation \(tags) --max-steps 1 --label-smoothing 0.1")
    _ = try sitting.value("export last --to trainer --output \(folder)/tags")
    let script = try text("tags/train.py")
    #expect(script.contains("compute_loss_func=loss") && !script.contains("model_accepts_loss_kwargs"))
    #expect(script.contains("label_smoothing=0.1) / count"))
  }

  @Test func whatIsFrozenStaysFrozen() throws {
    let (script, _) = try exported("--freeze-body")
    #expect(script.contains("parameter.requires_grad = name not in frozen"))
    let frozen = try JSONDecoder().decode([String].self, from: Data(text("trainer/frozen.json").utf8))
    #expect(!frozen.isEmpty && !frozen.contains("classifier.weight"))
  }

  /// The vectors are those of `embed`, from the folder too.
  @Test func sentenceTransformersGetTheMean() throws {
    _ = try sitting.value("export minilm --to sentence-transformers --output \(folder)/sentences")
    #expect(Set(names("sentences")).isSuperset(of: ["modules.json", "1_Pooling", "2_Normalize", "model.safetensors"]))
    let modules = try #require(Value(json: Data(text("sentences/modules.json").utf8)))
    #expect(modules[1]?["type"] == .string("sentence_transformers.models.Pooling"))
    #expect(
      try sitting.value("embed 'a good day' --model \(folder)/sentences")["embeddings"]
        == sitting.value("embed 'a good day'")["embeddings"])
  }

  @Test func refusalsNameTheWayOut() throws {
    try train("")
    let lines = [
      ("export minilm --to gguf", "a family"),
      ("export last --to trainer --half", "--half does not go with --to trainer."),
      ("export last --to gguf --output x.bin", "--output ends in .gguf"),
      ("export minilm --to trainer", "There is no run minilm"),
      ("export last --to paper", "'folder', 'trainer', 'gguf'"),
      ("export last --to gguf --without-tokenizer --output x.gguf", "--without-tokenizer is for --to folder."),
    ]
    for (line, reason) in lines {
      let (cell, _, notices) = sitting.run(line)
      #expect(cell?.status != .passed && cell?.status != .engine, "\(line)")
      if line != "export minilm --to gguf" { #expect(notices.joined().contains(reason), "\(line): \(notices)") }
    }
    _ = try sitting.file("words.tsv", Self.rows + "another day\tPOSITIVE\n")
    #expect(
      sitting.run("export last --to trainer").notices.joined().contains("words.tsv has changed since the run began"))
  }
}
