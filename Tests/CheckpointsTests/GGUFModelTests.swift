import Checkpoints
import Foundation
import Layers
import Tensors
import Testing

/// Names, order of rows and configuration of transformers, out of a GGUF file.
@Suite struct GGUFModelTests {
  static let settings: [(key: String, value: GGUFValue)] = [
    ("general.architecture", .text("llama")), ("llama.embedding_length", .uint32(32)),
    ("llama.block_count", .uint32(1)), ("llama.attention.head_count", .uint32(4)),
    ("llama.attention.head_count_kv", .uint32(2)), ("llama.feed_forward_length", .uint32(64)),
    ("llama.context_length", .uint32(128)), ("llama.attention.layer_norm_rms_epsilon", .float32(1e-5)),
    ("llama.rope.freq_base", .float32(10_000)), ("llama.rope.dimension_count", .uint32(8)),
    ("tokenizer.ggml.eos_token_id", .uint32(2)),
  ]

  static func item(_ name: String, _ shape: [Int], _ values: [Float]) -> GGUFWriter.Item {
    GGUFWriter.Item(name, shape, .elements(.f32)) { values.withUnsafeBytes { Array($0) } }
  }

  static func values(_ count: Int) -> [Float] { (0..<count).map { Float($0) } }

  /// The order that llama.cpp's converter gives the rows of a matrix of `heads`: halves of a head alternate.
  static func alternating(_ rows: Int, heads: Int) -> [Int] {
    let half = rows / heads / 2
    return (0..<heads).flatMap { head in
      (0..<half).flatMap { place in (0..<2).map { part in head * 2 * half + part * half + place } }
    }
  }

  static func write(
    _ folder: TemporaryFolder, _ items: [GGUFWriter.Item],
    _ change: (inout [(key: String, value: GGUFValue)]) -> Void = { _ in }
  ) throws -> URL {
    var settings = settings
    change(&settings)
    try GGUFWriter.write(items, metadata: settings, to: folder("model.gguf"))
    return folder("model.gguf")
  }

  @Test func namesParametersAsTransformersDoes() throws {
    let folder = try TemporaryFolder()
    let names = [
      "token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight",
      "blk.0.attn_norm.weight": "model.layers.0.input_layernorm.weight",
      "blk.0.attn_v.weight": "model.layers.0.self_attn.v_proj.weight",
      "blk.12.ffn_gate.weight": "model.layers.12.mlp.gate_proj.weight", "something.else": "something.else",
    ]
    let model = try GGUFModel(try Self.write(folder, names.keys.sorted().map { Self.item($0, [2], [1, 2]) }))
    #expect(Set(model.entries.keys) == Set(names.values))
    #expect(try floats(model.values("model.norm.weight")) == [1, 2])
    #expect(throws: GGUFError.self) { try model.values("output_norm.weight") }
  }

  @Test("Rows of queries and keys go back to transformers' order, dense or quantised", arguments: [true, false])
  func ordersRows(_ isQuantized: Bool) throws {
    let folder = try TemporaryFolder()
    let (rows, width) = (32, 32)
    let original = (0..<rows).map { row in (0..<width).map { Float(row * width + $0) } }
    let items = [("attn_q", 4), ("attn_k", 2)].map { name, heads in
      let sorted = Self.alternating(rows, heads: heads).flatMap { original[$0] }
      guard isQuantized else { return Self.item("blk.0.\(name).weight", [rows, width], sorted) }
      let buffer = Buffer(count: sorted.count)
      for (place, value) in sorted.enumerated() { buffer.base[place] = value }
      let matrix = QuantizedMatrix(buffer, rows: rows, width: width, .q80)
      return GGUFWriter.Item("blk.0.\(name).weight", [rows, width], .blocks(.q80)) { Array(matrix.bytes) }
    }
    let model = try GGUFModel(try Self.write(folder, items))
    for name in ["q_proj", "k_proj"] {
      let place = "model.layers.0.self_attn.\(name).weight"
      if isQuantized {
        guard case .quantized = try model.storage(place) else {
          Issue.record("\(name) became dense")
          continue
        }
      }
      let ours = try floats(model.values(place))
      let wanted = original.flatMap { $0 }
      #expect(zip(ours, wanted).allSatisfy { abs($0 - $1) <= 5 })
      if !isQuantized { #expect(ours == wanted) }
    }
  }

  @Test func turnsGPT2sMaps() throws {
    let folder = try TemporaryFolder()
    let model = try GGUFModel(
      try Self.write(
        folder,
        [
          Self.item("blk.0.attn_qkv.weight", [3, 2], Self.values(6)), Self.item("blk.0.attn_qkv.bias", [3], [7, 8, 9]),
        ]
      ) { $0[0].value = .text("gpt2") })
    #expect(model.entries["transformer.h.0.attn.c_attn.weight"]?.shape == [2, 3])
    #expect(try floats(model.values("transformer.h.0.attn.c_attn.weight")) == [0, 2, 4, 1, 3, 5])
    #expect(try floats(model.values("transformer.h.0.attn.c_attn.bias")) == [7, 8, 9])
  }

  @Test func describesTheModel() throws {
    let folder = try TemporaryFolder()
    let url = try Self.write(folder, [Self.item("token_embd.weight", [5, 2], Self.values(10))])
    let json = try JSONSerialization.jsonObject(with: try GGUFModel(url).configuration())
    let config = try #require(json as? [String: Any])
    #expect(config["model_type"] as? String == "llama")
    #expect(config["hidden_size"] as? Int == 32)
    #expect(config["num_key_value_heads"] as? Int == 2)
    #expect(config["vocab_size"] as? Int == 5)
    #expect(config["tie_word_embeddings"] as? Bool == true)
    #expect(config["eos_token_id"] as? Int == 2)
    #expect(config["rope_theta"] as? Double == 10_000)
    #expect(config["partial_rotary_factor"] == nil)
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let key: String
    let value: GGUFValue?
    let problem: GGUFProblem
  }

  static let refusals = [
    Refusal(
      testDescription: "an architecture that is not here", key: "general.architecture", value: .text("mamba"),
      problem: .unsupportedArchitecture("mamba", supported: ["gpt2", "llama", "qwen2"])),
    Refusal(
      testDescription: "no architecture", key: "general.architecture", value: nil,
      problem: .missingKey("general.architecture")),
    Refusal(
      testDescription: "no width", key: "llama.embedding_length", value: nil,
      problem: .missingKey("llama.embedding_length")),
    Refusal(
      testDescription: "a width in words", key: "llama.embedding_length", value: .text("32"),
      problem: .wrongValue(key: "llama.embedding_length", expected: "a whole number")),
    Refusal(
      testDescription: "heads of every layer", key: "llama.attention.head_count", value: .int32s([4, 4]),
      problem: .wrongValue(key: "llama.attention.head_count", expected: "a whole number")),
    Refusal(
      testDescription: "heads that rows cannot have", key: "llama.attention.head_count", value: .uint32(3),
      problem: .brokenHeads(tensor: "blk.0.attn_q.weight", rows: 4, heads: 3)),
    Refusal(
      testDescription: "no heads at all", key: "llama.attention.head_count", value: .uint32(0),
      problem: .brokenHeads(tensor: "blk.0.attn_q.weight", rows: 4, heads: 0)),
  ]

  @Test(arguments: refusals) func refusesWhatItCannotDescribe(_ refusal: Refusal) throws {
    let folder = try TemporaryFolder()
    let items = [
      Self.item("token_embd.weight", [5, 2], Self.values(10)),
      Self.item("blk.0.attn_q.weight", [4, 2], Self.values(8)),
    ]
    let url = try Self.write(folder, items) { settings in
      settings.removeAll { $0.key == refusal.key }
      if let value = refusal.value { settings.append((refusal.key, value)) }
    }
    #expect(throws: GGUFError(file: url.path, problem: refusal.problem)) {
      let model = try GGUFModel(url)
      _ = try model.configuration()
      _ = try model.values("model.layers.0.self_attn.q_proj.weight")
    }
  }
}
