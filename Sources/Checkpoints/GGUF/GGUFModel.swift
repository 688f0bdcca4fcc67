import Foundation
import Layers
import Tensors

/// A GGUF file as transformers would have it: parameters under its names and in its order of rows, and the metadata as
/// a `config.json`.
package final class GGUFModel: DescribedSource {
  package let file: GGUFFile
  package var url: URL { file.url }
  package let entries: [String: ParameterEntry]

  private let architecture: GGUFArchitecture
  /// What the file calls each parameter.
  private let origins: [String: (name: String, place: String)]

  /// - Throws: `FileError`, `GGUFError`
  package convenience init(_ url: URL) throws { try self.init(GGUFFile(url)) }

  package init(_ file: GGUFFile) throws {
    let name = try file.require("general.architecture", "a text", \.text)
    guard let architecture = GGUFArchitecture.all[name] else {
      throw file.refused(.unsupportedArchitecture(name, supported: GGUFArchitecture.all.keys.sorted()))
    }
    self.file = file
    self.architecture = architecture
    var origins: [String: (name: String, place: String)] = [:]
    var entries: [String: ParameterEntry] = [:]
    for (name, entry) in file.entries {
      // What transformers has no name for keeps its own, so that it is reported as left over.
      let (there, place) = architecture.rename(name) ?? (name, "")
      guard name != GGUFModel.factors else { continue }
      origins[there] = (name, place)
      let isTurned = architecture.transposed.contains(place) && entry.shape.count == 2
      entries[there] = ParameterEntry(
        shape: isTurned ? entry.shape.reversed() : entry.shape, type: entry.type, bytes: entry.bytes)
    }
    self.origins = origins
    self.entries = entries
  }

  package func values(_ name: String) throws -> Buffer {
    let parameter = Parameter(name, entries[name]?.shape ?? [], try storage(name))
    return parameter.value
  }

  package func storage(_ name: String) throws -> Parameter.Storage {
    guard let (origin, place) = origins[name] else { throw file.refused(.noSuchTensor(name)) }
    let storage = try file.storage(origin)
    if let key = architecture.alternating[place] {
      return try halved(storage, heads: try heads(key), tensor: origin)
    }
    guard architecture.transposed.contains(place), entries[name]?.shape.count == 2 else { return storage }
    switch storage {
    case .quantized(let matrix, _): return .quantized(matrix, isTransposed: true)
    case .dense(let buffer):
      let shape = entries[name]?.shape ?? []
      return .dense(buffer.transposed(rows: shape[1], columns: shape[0]))
    }
  }

  // MARK: Heads whose halves alternate

  private func heads(_ key: String) throws -> Int {
    let own = try value(key, "a whole number", \.integer)
    return try own ?? require("attention.head_count", "a whole number", \.integer)
  }

  /// Row 2 j + p of a head goes where transformers wants it: to row j of the head's half p.
  private func halved(_ storage: Parameter.Storage, heads: Int, tensor: String) throws -> Parameter.Storage {
    let rows = file.entries[tensor]?.shape.first ?? 0
    guard heads > 0, rows > 0, rows % heads == 0, rows / heads % 2 == 0 else {
      throw file.refused(.brokenHeads(tensor: tensor, rows: rows, heads: heads))
    }
    let half = rows / heads / 2
    func origin(_ row: Int) -> Int {
      let (head, place) = row.quotientAndRemainder(dividingBy: 2 * half)
      return head * 2 * half + place % half * 2 + place / half
    }
    switch storage {
    case .dense(let buffer):
      let width = buffer.count / rows
      let sorted = Buffer(count: buffer.count)
      for row in 0..<rows { (sorted.base + row * width).update(from: buffer.base + origin(row) * width, count: width) }
      return .dense(sorted)
    case .quantized(let matrix, _):
      let size = matrix.rowBytes
      return .quantized(
        QuantizedMatrix(matrix.format, rows: rows, width: matrix.width) { blocks in
          for row in 0..<rows { (blocks + row * size).copyMemory(from: matrix.row(origin(row)), byteCount: size) }
        })
    }
  }
}

// MARK: Configuration

extension GGUFModel {
  /// Factors that some files keep for the frequencies of rotary positions.
  fileprivate static let factors = "rope_freqs.weight"

  /// The `config.json` that transformers would have.
  /// - Throws: `GGUFError` for a value that is missing or of another type
  package func configuration() throws -> Data {
    var config: [String: Any] = architecture.fixed
    config["model_type"] = architecture.modelType
    config["architectures"] = [architecture.className]
    for setting in architecture.settings {
      let value: Any? =
        switch setting.kind {
        case .whole: try value(setting.place, "a whole number", \.integer)
        case .number: try value(setting.place, "a number", \.number)
        }
      guard value != nil || !setting.isRequired else {
        throw file.refused(.missingKey("\(architecture.name).\(setting.place)"))
      }
      config[setting.key] = value
    }
    if config["vocab_size"] == nil {
      guard let rows = file.entries["token_embd.weight"]?.shape.first else {
        throw file.refused(.noSuchTensor("token_embd.weight"))
      }
      config["vocab_size"] = rows
    }
    config["tie_word_embeddings"] = file.entries["output.weight"] == nil
    config["attention_bias"] = file.entries["blk.0.attn_q.bias"] != nil
    for (key, name) in [("bos_token_id", "bos"), ("eos_token_id", "eos"), ("pad_token_id", "padding")] {
      config[key] = try file.value("tokenizer.ggml.\(name)_token_id", "a whole number", \.integer)
    }
    if let scaling = try scaling() { config["rope_scaling"] = scaling }
    try addTurningPart(&config)
    return try JSONSerialization.data(withJSONObject: config, options: .sortedKeys)
  }

  /// Of rotary positions; nil where the file says nothing.
  private func scaling() throws -> [String: Any]? {
    let original = try value("rope.scaling.original_context_length", "a whole number", \.integer)
    if file.entries[Self.factors] != nil {
      let buffer = try file.values(Self.factors)
      let factors = (0..<buffer.count).map { Double(buffer.base[$0]) }
      let length = try original ?? require("context_length", "a whole number", \.integer)
      return [
        "rope_type": "longrope", "short_factor": factors, "long_factor": factors, "factor": 1, "attention_factor": 1,
        "original_max_position_embeddings": length,
      ]
    }
    guard let type = try value("rope.scaling.type", "a text", \.text), type != "none" else { return nil }
    guard let factor = try value("rope.scaling.factor", "a number", \.number) else { return nil }
    var scaling: [String: Any] = ["rope_type": type, "factor": factor]
    scaling["original_max_position_embeddings"] = original
    return scaling
  }

  /// Where only the first part of each head turns.
  private func addTurningPart(_ config: inout [String: Any]) throws {
    guard let turning = try value("rope.dimension_count", "a whole number", \.integer),
      let width = config["hidden_size"] as? Int, let heads = config["num_attention_heads"] as? Int, heads > 0
    else { return }
    let headWidth = config["head_dim"] as? Int ?? width / heads
    if headWidth > 0, turning != headWidth { config["partial_rotary_factor"] = Double(turning) / Double(headWidth) }
  }

  private func value<Value>(_ place: String, _ expected: String, _ read: (GGUFValue) -> Value?) throws -> Value? {
    try file.value("\(architecture.name).\(place)", expected, read)
  }

  private func require<Value>(_ place: String, _ expected: String, _ read: (GGUFValue) -> Value?) throws -> Value {
    try file.require("\(architecture.name).\(place)", expected, read)
  }
}
