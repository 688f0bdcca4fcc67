import Checkpoints
import Foundation
import Models
import Pipelines
import Testing

/// Models written as GGUF files and opened again.
@Suite final class QuantizeTests {
  private static let text = "The ship came in at night, and the lamp was the first to know."
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("attune-quantize-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// A model of random weights with the byte-level tokenizer of 2,000 pieces.
  private func model(_ family: String, width: Int = 256) throws -> Repository {
    let shapes: [String: [String: Any]] = [
      "gpt2": [
        "architectures": ["GPT2LMHeadModel"], "n_embd": width, "n_layer": 2, "n_head": 4, "n_positions": 64,
      ],
      "llama": [
        "architectures": ["LlamaForCausalLM"], "hidden_size": width, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "intermediate_size": 2 * width, "max_position_embeddings": 64,
        "tie_word_embeddings": false, "rope_theta": 50_000.0, "rms_norm_eps": 1e-6,
      ],
      "qwen2": [
        "architectures": ["Qwen2ForCausalLM"], "hidden_size": width, "num_hidden_layers": 2,
        "num_attention_heads": 4, "num_key_value_heads": 2, "intermediate_size": 2 * width,
        "max_position_embeddings": 64, "tie_word_embeddings": true,
      ],
    ]
    var config = try #require(shapes[family])
    config["model_type"] = family
    config["vocab_size"] = 2000
    config["initializer_range"] = 0.1
    let place = folder.appendingPathComponent("\(family)-\(width)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let json = try JSONSerialization.data(withJSONObject: config)
    try json.write(to: place.appendingPathComponent("config.json"))
    let tokenizer = TinyPipelines.folder.deletingLastPathComponent()
      .appendingPathComponent("tokenizers/bytelevel-bpe-gpt2/tokenizer.json")
    try FileManager.default.copyItem(at: tokenizer, to: place.appendingPathComponent("tokenizer.json"))
    let model = try TransformerModel(
      TransformerConfiguration(json: json, file: "config.json"), .causalWords, source: nil, seed: 3)
    try SafetensorsWriter.write(
      model.parameters.map { .init($0.name, $0.shape, $0.value) }, to: place.appendingPathComponent("model.safetensors")
    )
    return try Repository(place, name: family)
  }

  private func written(_ repository: Repository, _ type: String, _ name: String = "model") throws -> Repository {
    let file = folder.appendingPathComponent("\(name)-\(type).gguf")
    try repository.writeGGUF(try #require(GGUFTensorType.named(type)), to: file)
    return try Repository(file, name: type)
  }

  private func logProbabilities(_ repository: Repository) throws -> [Double] {
    try repository.score(Self.text).tokens.compactMap(\.logProbability)
  }

  @Test("Whole floats come back as they were, tokens too", arguments: ["gpt2", "llama", "qwen2"])
  func wholeFloats(_ family: String) throws {
    let model = try model(family)
    let copy = try written(model, "f32")
    #expect(try copy.score(Self.text).tokens.map(\.token) == model.score(Self.text).tokens.map(\.token))
    #expect(
      try copy.tokenizer().decode(copy.tokenizer().encode(Self.text).ids.map(Int.init), skippingSpecialTokens: true)
        == Self.text)
    let pairs = try zip(logProbabilities(copy), logProbabilities(model))
    #expect(pairs.allSatisfy { abs($0 - $1) < 1e-4 })
  }

  /// What rounding may cost, as a share of normally distributed weights: llama.cpp's own gguf package makes the same of
  /// the types that it writes (0.0861 of Q4_0, 0.0379 of Q5_1, 0.0054 of Q8_0), and K types lie below those beside them.
  private static let largestErrors = [
    "f32": 0, "f16": 3e-4, "bf16": 0.0018, "q8_0": 0.0056, "q6_k": 0.018, "q5_k": 0.037, "q5_1": 0.039, "q5_0": 0.044,
    "q4_k": 0.073, "q4_1": 0.08, "q4_0": 0.088,
  ]

  /// Fewer bits take less room and cost no more than they have to; a file of a type is written again as it is.
  @Test(arguments: GGUFTensorType.writable, ["gpt2", "llama"])
  func everyType(_ type: String, _ family: String) throws {
    let model = try model(family)
    let copy = try written(model, type)
    let bits = ["f32": 33.0, "f16": 17, "bf16": 17, "q8_0": 9, "q6_k": 7, "q5_k": 6.4, "q5_1": 6.6, "q5_0": 6.4]
    let source = try model.source().entries.values.reduce(0) { $0 + $1.bytes }
    let size = try #require(FileManager.default.attributesOfItem(atPath: copy.folder.path)[.size] as? Int)
    #expect(Double(size) < Double(source) * (bits[type] ?? 5.8) / 32 + 150_000)
    let names = [
      "gpt2": ["transformer.h.0.mlp.c_fc.weight", "transformer.h.1.attn.c_attn.weight"],
      "llama": ["model.layers.0.mlp.up_proj.weight", "model.layers.1.self_attn.q_proj.weight"],
    ]
    for name in try #require(names[family]) {
      let (here, there) = try (model.source().values(name), copy.source().values(name))
      var (error, size) = (0.0, 0.0)
      for place in 0..<here.count {
        error += pow(Double(here.base[place] - there.base[place]), 2)
        size += pow(Double(here.base[place]), 2)
      }
      #expect((error / size).squareRoot() <= (Self.largestErrors[type] ?? 0), "\(name)")
    }
    let again = try written(copy, type, "again")
    #expect(try Data(contentsOf: again.folder) == Data(contentsOf: copy.folder))
  }

  @Test("Rows that are no whole blocks of a K type take a smaller type")
  func smallRows() throws {
    let types = try written(try model("llama", width: 96), "q4_k").source().entries.mapValues(\.type)
    #expect(types["model.layers.0.self_attn.q_proj.weight"] == "Q5_0")
    #expect(types["lm_head.weight"] == "Q8_0" && types["model.norm.weight"] == "F32")
  }

  @Test func onlyWritersAreWritten() throws {
    let encoder = try TinyPipelines.open("classify")
    #expect(throws: QuantizingError.self) {
      try encoder.writeGGUF(.elements(.f16), to: folder.appendingPathComponent("x.gguf"))
    }
  }
}
