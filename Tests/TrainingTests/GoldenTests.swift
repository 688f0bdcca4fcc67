import Checkpoints
import Foundation
import Layers
import Models
import Tensors
import Testing
import Training

/// The cases that the reference implementation computed: tiny models of every family.
@Suite struct GoldenTests {
  static let encoders = ["bert", "distilbert", "roberta"].flatMap { family in
    ["masked-lm", "question-answering", "sequence-classification", "token-classification"].map {
      "\(family)-\($0)"
    }
  }
  static let decoders = [
    "gpt2-causal-lm", "gpt2-sequence-classification", "gpt2-scaled-causal-lm", "llama-causal-lm",
    "llama-bands-causal-lm", "llama-yarn-causal-lm", "llama-dynamic-causal-lm",
    "llama-linear-sequence-classification", "qwen2-causal-lm",
  ]
  static let pairs = ["t5", "t5-gated", "t5-untied", "bart", "mbart", "marian", "pegasus"].map { "\($0)-seq2seq-lm" }
  static let names = encoders + decoders + pairs

  @Test("A case reproduces in every row, and the rows cover all that it holds", arguments: names)
  func reproduces(_ name: String) throws {
    let rows = try GoldenFolder(GoldenFiles.folder(name)).check()
    for row in rows { #expect(row.passed, "\(row.what): \(row.maxError), at most \(row.tolerance)") }
    #expect(rows.map(\.what).count == Set(rows.map(\.what)).count, "each row once")
    #expect(rows.allSatisfy { $0.tolerance > 0 && $0.maxError.isFinite })

    let entries = try SafetensorsFile(GoldenFiles.folder(name).appendingPathComponent("golden.safetensors"))
      .entries
    let stored = entries.keys.compactMap { key -> String? in
      if key.hasPrefix("output.") { return String(key.dropFirst("output.".count)) }
      return key.hasPrefix("grad.") ? key : nil
    }
    let steps = (0..<5).flatMap { ["adamw.loss.\($0)", "adamw.grad_norm.\($0)"] }
    let writes = name.hasSuffix("causal-lm") || name.hasSuffix("seq2seq-lm") ? ["greedy", "beam4"] : []
    #expect(Set(rows.map(\.what)) == Set(stored + ["loss"] + steps + ["adamw.loss_after"] + writes))
    #expect(stored.contains { $0.hasSuffix("logits") })
    for stack in name.hasSuffix("seq2seq-lm") ? ["encoder_", "decoder_"] : [""] {
      #expect((0...1).allSatisfy { stored.contains("\(stack)hidden_states.\($0)") })
      #expect(stored.contains("\(stack)attentions.0"))
    }
    #expect(stored.contains("cross_attentions.0") == name.hasSuffix("seq2seq-lm"))
  }

  @Test("Every parameter of a case has its reference gradient", arguments: names)
  func coversParameters(_ name: String) throws {
    let folder = try GoldenFolder(GoldenFiles.folder(name))
    let model = try folder.model()
    let rows = try folder.check().map(\.what).filter { $0.hasPrefix("grad.") }
    #expect(Set(rows) == Set(model.parameters.filter(\.isTrained).map { "grad.\($0.name)" }))
    #expect(model.report == WeightReport())
  }

  /// A stored tensor, one value of it that stands at a real position, and the row that must notice.
  static let corruptions: [(name: String, tensor: String, index: Int, row: String)] = [
    ("bert-sequence-classification", "output.logits", 0, "logits"),
    ("bert-masked-lm", "output.logits", 98, "logits"),
    ("roberta-question-answering", "output.end_logits", 1, "end_logits"),
    ("bert-token-classification", "output.hidden_states.0", 31, "hidden_states.0"),
    ("distilbert-masked-lm", "output.hidden_states.2", 5, "hidden_states.2"),
    ("roberta-masked-lm", "output.attentions.1", 0, "attentions.1"),
    ("distilbert-token-classification", "grad.classifier.bias", 1, "grad.classifier.bias"),
    ("bart-seq2seq-lm", "output.cross_attentions.1", 0, "cross_attentions.1"),
    ("t5-seq2seq-lm", "output.encoder_last_hidden_state", 0, "encoder_last_hidden_state"),
    ("llama-causal-lm", "grad.model.norm.weight", 3, "grad.model.norm.weight"),
    (
      "bert-masked-lm", "grad.bert.embeddings.word_embeddings.weight", 98 * 32,
      "grad.bert.embeddings.word_embeddings.weight"
    ),
  ]

  @Test("One wrong value fails its own row and no other", arguments: corruptions)
  func corruption(_ name: String, _ tensor: String, _ index: Int, _ row: String) throws {
    let files = try GoldenFiles(copying: name)
    try files.rewrite { entry, values in
      if entry == tensor { values[index] += 0.01 * max(1, values.reduce(0) { max($0, abs($1)) }) }
    }
    let failed = try GoldenFolder(files.url).check().filter { !$0.passed }.map(\.what)
    #expect(failed == [row])
  }

  @Test("A value at a padded position is nobody's business")
  func padding() throws {
    let files = try GoldenFiles(copying: "bert-token-classification")
    let mask = try SafetensorsFile(files.url.appendingPathComponent("golden.safetensors")).integers(
      "input.attention_mask")
    let position = try #require(mask.firstIndex(of: 0))
    try files.rewrite { entry, values in if entry == "output.hidden_states.1" { values[position * 32] = .nan }
    }
    #expect(try GoldenFolder(files.url).check().allSatisfy(\.passed))
  }

  @Test("Not-a-number in the reference fails its row")
  func notANumber() throws {
    let files = try GoldenFiles(copying: "bert-sequence-classification")
    try files.rewrite { entry, values in if entry == "output.logits" { values[0] = .nan } }
    let failed = try GoldenFolder(files.url).check().filter { !$0.passed }
    #expect(failed.map(\.what) == ["logits"])
    #expect(failed.allSatisfy { $0.maxError == .infinity })
  }

  @Test(
    "A wrong number in golden.json fails its own row",
    arguments: [
      ("\"losses\": [\n   4.1", "\"losses\": [\n   4.3", "adamw.loss.0"),
      ("2.47213", "2.49", "adamw.loss_after"),
      ("3.022101640701294", "3.04", "adamw.grad_norm.4"), ("\"loss\": 4.1", "\"loss\": 4.2", "loss"),
    ])
  func wrongFacts(_ before: String, _ after: String, _ row: String) throws {
    let files = try GoldenFiles(copying: "bert-masked-lm")
    let place = files.url.appendingPathComponent("golden.json")
    let text = try String(contentsOf: place, encoding: .utf8)
    let range = try #require(text.range(of: before))
    try text.replacingCharacters(in: range, with: after).write(to: place, atomically: true, encoding: .utf8)
    #expect(try GoldenFolder(files.url).check().filter { !$0.passed }.map(\.what) == [row])
  }

  @Test("A check can be stopped between its parts")
  func stopped() throws {
    struct Stop: Error {}
    let folder = try GoldenFolder(GoldenFiles.folder("bert-masked-lm"))
    for part in 0..<5 {
      var calls = 0
      #expect(throws: Stop.self) {
        try folder.check {
          calls += 1
          if calls > part { throw Stop() }
        }
      }
      #expect(calls == part + 1)
    }
  }
}

/// A golden folder of the fixtures, or a copy of one that may be spoiled.
final class GoldenFiles {
  let url: URL

  static func folder(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fixtures/models/\(name)")
  }

  init(copying name: String) throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("golden-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: GoldenFiles.folder(name), to: url)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes golden.safetensors again, with the floats as `change` leaves them.
  func rewrite(_ change: (_ name: String, _ values: inout [Float]) -> Void) throws {
    let place = url.appendingPathComponent("golden.safetensors")
    let file = try SafetensorsFile(place)
    let items = try file.entries.map { name, entry -> SafetensorsWriter.Item in
      guard entry.type == "F32" else { return .init(name, entry.shape, integers: try file.integers(name)) }
      let buffer = try file.values(name)
      var values = (0..<buffer.count).map { buffer.base[$0] }
      change(name, &values)
      return .init(name, entry.shape, Tensor([values.count], values).buffer)
    }
    try SafetensorsWriter.write(items, to: place)
  }
}
