import Foundation
import Layers
import Tensors

extension GGUFWriter {
  /// A parameter of a model as transformers names and shapes it.
  package struct ModelPart {
    let name: String
    let shape: [Int]
    let storage: () -> Parameter.Storage

    package init(_ name: String, _ shape: [Int], storage: @escaping () -> Parameter.Storage) {
      self.name = name
      self.shape = shape
      self.storage = storage
    }
  }

  /// Families that a GGUF file can hold, by their `model_type`.
  package static var knownFamilies: [String] { GGUFArchitecture.all.values.map(\.modelType).sorted() }

  /// The tensors of a model under llama.cpp's names and in its order of rows.
  ///
  /// Matrices become `type`; where their rows are no whole blocks of it, the nearest type that has smaller ones, as
  /// llama.cpp chooses it. What words are read from keeps at least 6 bits. Norms, biases and positions stay floats.
  /// - Parameters:
  ///   - config: the model's `config.json`
  ///   - tiesWords: whether the word table is also the map back to words
  package static func items(
    _ parts: [ModelPart], config: [String: Any], tiesWords: Bool, _ type: GGUFTensorType
  ) -> [Item] {
    guard let architecture = GGUFArchitecture.of(config) else { return [] }
    return parts.compactMap { part in
      guard let (name, place) = architecture.origin(of: part.name) else { return nil }
      let isTurned = architecture.transposed.contains(place) && part.shape.count == 2
      let shape = isTurned ? part.shape.reversed() : part.shape
      let isKept = shape.count < 2 || place == "position_embd"
      let isOutput = place == "output" || (place == "token_embd" && tiesWords)
      let chosen = isKept ? .elements(.f32) : type.fitting(rows: shape.last ?? 1, isOutput: isOutput)
      let heads = architecture.alternating[place].flatMap { architecture.heads($0, config) }
      return Item(name, shape, chosen) {
        bytes(of: part.storage(), part.shape, isTurned: isTurned, heads: heads, chosen)
      }
    }
  }

  private static func bytes(
    of storage: Parameter.Storage, _ shape: [Int], isTurned: Bool, heads: Int?, _ type: GGUFTensorType
  ) -> [UInt8] {
    let rows = isTurned ? shape[1] : shape[0]
    let width = shape.reduce(1, *) / max(1, rows)
    // Row 2 j + p of a head in the file is row j of the head's half p.
    func origin(_ row: Int) -> Int {
      guard let heads, heads > 0, rows % (2 * heads) == 0 else { return row }
      let half = rows / heads / 2
      let (head, place) = row.quotientAndRemainder(dividingBy: 2 * half)
      return head * 2 * half + place % 2 * half + place / 2
    }
    if case .quantized(let matrix, _) = storage, case .blocks(matrix.format) = type {
      return (0..<rows).flatMap { Array(UnsafeRawBufferPointer(start: matrix.row(origin($0)), count: matrix.rowBytes)) }
    }
    let dense: Buffer =
      switch storage {
      case .quantized(let matrix, _): matrix.dequantized
      case .dense(let buffer): isTurned ? buffer.transposed(rows: shape[0], columns: shape[1]) : buffer
      }
    let sorted = heads == nil ? dense : Buffer(count: rows * width)
    if heads != nil {
      for row in 0..<rows { (sorted.base + row * width).update(from: dense.base + origin(row) * width, count: width) }
    }
    switch type {
    case .blocks(let format): return Array(QuantizedMatrix(sorted, rows: rows, width: width, format).bytes)
    case .elements(let element):
      let values = UnsafeBufferPointer(start: sorted.base, count: rows * width)
      return switch element {
      case .f16: values.map(singleToHalf).withUnsafeBytes(Array.init)
      case .bf16: values.map(singleToBrain).withUnsafeBytes(Array.init)
      default: values.withMemoryRebound(to: UInt8.self, Array.init)
      }
    }
  }

  /// The metadata of a model whose `config.json` this is: everything but its tokenizer.
  package static func metadata(config: [String: Any], name: String, _ type: GGUFTensorType) -> [(String, GGUFValue)] {
    guard let architecture = GGUFArchitecture.of(config) else { return [] }
    var pairs: [(String, GGUFValue)] = [
      ("general.architecture", .text(architecture.name)), ("general.type", .text("model")),
      ("general.name", .text(name)), ("general.quantization_version", .uint32(2)),
      ("general.file_type", .uint32(type.fileType)),
    ]
    for setting in architecture.settings {
      let key = "\(architecture.name).\(setting.place)"
      switch setting.kind {
      case .whole:
        guard let value = architecture.whole(setting.key, config) else { continue }
        pairs.append((key, .uint32(UInt32(clamping: value))))
      case .number:
        guard let value = architecture.number(setting.key, config) else { continue }
        pairs.append((key, .float32(Float(value))))
      }
    }
    let isRotary = architecture.settings.contains { $0.key == "rope_theta" }
    if isRotary, let width = architecture.whole("head_dim", config) {
      pairs.append(("\(architecture.name).rope.dimension_count", .uint32(UInt32(clamping: width))))
    }
    return pairs
  }
}

extension GGUFTensorType {
  /// The type that a name such as `q4_k` stands for; nil for one that is none.
  package static func named(_ name: String) -> GGUFTensorType? {
    byNumber.values.first { $0.name.lowercased() == name.lowercased() && writable.contains($0.name.lowercased()) }
  }

  /// What a model can be written as.
  package static let writable = [
    "f32", "f16", "bf16", "q8_0", "q6_k", "q5_k", "q5_1", "q5_0", "q4_k", "q4_1", "q4_0",
  ]

  /// llama.cpp's number for a file whose matrices are mostly of this type (`enum llama_ftype`).
  package var fileType: UInt32 {
    let numbers: [String: UInt32] = [
      "F32": 0, "F16": 1, "Q4_0": 2, "Q4_1": 3, "Q8_0": 7, "Q5_0": 8, "Q5_1": 9, "Q4_K": 15, "Q5_K": 17, "Q6_K": 18,
      "BF16": 32,
    ]
    return numbers[name] ?? 0
  }

  /// The type for rows of that many weights.
  func fitting(rows width: Int, isOutput: Bool) -> GGUFTensorType {
    guard case .blocks(let format) = self else { return self }
    let wanted: BlockFormat = isOutput && format != .q80 ? .q6K : format
    func fits(_ format: BlockFormat) -> Bool { width % format.blockCount == 0 }
    if fits(wanted) { return .blocks(wanted) }
    let smaller: [BlockFormat: BlockFormat] = [.q4K: .q50, .q5K: .q51, .q6K: .q80]
    if let other = smaller[wanted], fits(other) { return .blocks(other) }
    return .elements(.f16)
  }
}

extension GGUFArchitecture {
  /// The architecture of a `config.json`; nil where llama.cpp's format has none here.
  static func of(_ config: [String: Any]) -> GGUFArchitecture? {
    all.values.first { $0.modelType == config["model_type"] as? String }
  }

  /// A parameter's name in the file, and its place below a layer; nil for one that the file does not hold.
  func origin(of name: String) -> (name: String, place: String)? {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let (place, end) = (String(name[..<dot]), name[dot...])
    if let (here, _) = top.first(where: { $0.value == place }) { return (here + end, here) }
    guard place.hasPrefix(layers + ".") else { return nil }
    let parts = place.dropFirst(layers.count + 1).split(separator: ".", maxSplits: 1)
    guard parts.count == 2, let (here, _) = inside.first(where: { $0.value == parts[1] }) else { return nil }
    return ("blk.\(parts[0]).\(here)\(end)", here)
  }

  /// How many heads the rows under a key make.
  func heads(_ key: String, _ config: [String: Any]) -> Int? {
    settings.first { $0.place == key }.flatMap { whole($0.key, config) }
  }

  /// A whole number of a `config.json`, or what follows from others where it is left out.
  func whole(_ key: String, _ config: [String: Any]) -> Int? {
    if let value = config[key] as? Int { return value }
    func number(_ key: String) -> Int? { config[key] as? Int }
    switch key {
    case "n_inner": return number("n_embd").map { 4 * $0 }
    case "num_key_value_heads": return number("num_attention_heads")
    case "head_dim":
      guard let width = number("hidden_size"), let heads = number("num_attention_heads"), heads > 0 else { return nil }
      return width / heads
    case "n_positions": return number("n_ctx") ?? number("max_position_embeddings") ?? 1024
    case "max_position_embeddings": return 2048
    default: return nil
    }
  }

  func number(_ key: String, _ config: [String: Any]) -> Double? {
    if let value = config[key] as? Double { return value }
    switch key {
    case "rope_theta":
      return (config["rope_parameters"] as? [String: Any])?["rope_theta"] as? Double ?? 10_000
    case "rms_norm_eps": return 1e-6
    case "layer_norm_epsilon": return 1e-5
    default: return nil
    }
  }
}

/// The nearest number of 16 bits that keeps all of the exponent; ties to even.
private func singleToBrain(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  guard !value.isNaN else { return 0x7FC0 }
  return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
}
