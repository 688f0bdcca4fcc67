import Foundation
import Layers
import Tensors

/// A translation model in Marian's binary format under the names that its family has here, and its settings as a
/// `config.json`: a transformer's encoder, and a decoder that remembers in recurrent cells.
package final class MarianModel: DescribedSource {
  package var url: URL { file.url }
  package let entries: [String: ParameterEntry]

  private let file: MarianFile
  /// What the file calls each parameter.
  private let origins: [String: String]

  /// - Throws: `FileError`, `MarianError`
  package init(_ url: URL) throws {
    let file = try MarianFile(url)
    var origins: [String: String] = [:]
    var entries: [String: ParameterEntry] = [:]
    for (name, entry) in file.entries where !Self.isAside(name) {
      let there = Self.rename(name) ?? name
      origins[there] = name
      entries[there] = ParameterEntry(
        shape: Self.shape(entry.shape, of: there), type: entry.type, bytes: entry.bytes)
    }
    self.file = file
    self.origins = origins
    self.entries = entries
  }

  package func values(_ name: String) throws -> Buffer {
    guard let origin = origins[name] else { throw file.refused(.noSuchTensor(name)) }
    let values = try file.values(origin)
    // Maps lie as [in, out], but for 8-bit ones.
    guard Self.isMap(name), !file.isTransposed(origin), let shape = file.entries[origin]?.shape else { return values }
    return values.transposed(rows: shape[0], columns: shape[1])
  }

  /// How Marian rounds in 8-bit arithmetic (its `int8Alpha`), by the names here: each weight with the factor of its
  /// inputs that the file holds.
  /// - Throws: `MarianError` where a factor is missing or no factor
  package func roundings() throws -> [String: ByteRounding] {
    var roundings: [String: ByteRounding] = [:]
    for (name, origin) in origins {
      guard let multiplier = try file.multiplier(origin) else { continue }
      // The word table's rows are looked up as floats; products with it are the last map's.
      let factor = origin == "Wemb" ? "none_QuantMultA" : origin + "_QuantMultA"
      guard let values = try file.entries[factor].map({ _ in try file.values(factor) }) else {
        throw file.refused(.noSuchTensor(factor))
      }
      let value = values.count > 0 ? values.base[0] : 0
      guard value > 0, value.isFinite else { throw file.refused(.badMultiplier(tensor: factor)) }
      roundings[name] = ByteRounding(inputFactor: value, unit: 1 / multiplier)
    }
    return roundings
  }

  // MARK: Names

  /// The text of the settings, and what only arithmetic in whole numbers needs: factors of the inputs.
  private static func isAside(_ name: String) -> Bool {
    name.hasPrefix("special:") || name.hasSuffix("_QuantMultA")
  }

  private static let parts: [(there: String, here: String)] = [
    ("self_Wo_ln", "self_attn_layer_norm"), ("self_W", "self_attn.weight"), ("self_b", "self_attn.bias"),
    ("context_Wo_ln", "encoder_attn_layer_norm"), ("context_W", "encoder_attn.weight"),
    ("context_b", "encoder_attn.bias"), ("rnn_ffn_ln", "rnn_layer_norm"), ("rnn_Wf", "rnn.forget.weight"),
    ("rnn_bf", "rnn.forget.bias"), ("rnn_W", "rnn.input.weight"), ("ffn_ffn_ln", "final_layer_norm"),
    ("ffn_W", "fc.weight"), ("ffn_b", "fc.bias"),
  ]

  private static let projections = ["q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "out_proj"]

  /// Nil where the family has no such parameter.
  private static func rename(_ name: String) -> String? {
    switch name {
    case "Wemb": return "model.shared.weight"
    case "decoder_ff_logit_out_b": return "final_logits_bias"
    default: break
    }
    let pieces = name.split(separator: "_", maxSplits: 2)
    guard pieces.count == 3, ["encoder", "decoder"].contains(pieces[0]), pieces[1].first == "l",
      let layer = Int(pieces[1].dropFirst()), layer > 0,
      let (there, here) = parts.first(where: { pieces[2].hasPrefix($0.there) })
    else { return nil }
    let place = "model.\(pieces[0]).layers.\(layer - 1)"
    let end = String(pieces[2].dropFirst(there.count))
    switch end {
    case "_scale": return "\(place).\(here).weight"
    case "_bias": return "\(place).\(here).bias"
    case "": return "\(place).\(here)"
    default:
      let (above, kind) = (Weights.above(here), here.split(separator: ".").last ?? "")
      guard let part = above == "fc" ? "fc\(end)" : projections[end].map({ "\(above).\($0)" }) else { return nil }
      return "\(place).\(part).\(kind)"
    }
  }

  /// A weight of a linear map: a matrix other than the word table.
  private static func isMap(_ name: String) -> Bool {
    name.hasSuffix(".weight") && name != "model.shared.weight" && !name.contains("layer_norm")
  }

  /// Maps lie as [in, out] there and [out, in] here; biases and norms are rows there.
  private static func shape(_ shape: [Int], of name: String) -> [Int] {
    if isMap(name) { return shape.reversed() }
    return name.hasPrefix("model.") && shape.count == 2 && shape[0] == 1 ? [shape[1]] : shape
  }
}

// MARK: Configuration

extension MarianModel {
  /// Settings that other values of would compute something else.
  private static let only: [(key: String, value: String)] = [
    ("type", "transformer"), ("dec-cell", "ssru"), ("transformer-decoder-autoreg", "rnn"),
    ("transformer-ffn-activation", "relu"), ("transformer-ffn-depth", "2"), ("transformer-postprocess", "dan"),
    ("transformer-preprocess", ""), ("transformer-postprocess-top", ""), ("tied-embeddings-all", "true"),
  ]

  private static let numbers: [(key: String, place: String)] = [
    ("d_model", "dim-emb"), ("encoder_layers", "enc-depth"), ("decoder_layers", "dec-depth"),
    ("encoder_attention_heads", "transformer-heads"), ("decoder_attention_heads", "transformer-heads"),
    ("encoder_ffn_dim", "transformer-dim-ffn"), ("decoder_ffn_dim", "transformer-dim-ffn"),
  ]

  /// - Throws: `MarianError` for a setting that is missing or means another network
  package func configuration() throws -> Data {
    let settings = try file.settings()
    for (key, value) in Self.only {
      guard let found = settings[key] else { continue }
      guard found == value else {
        throw file.refused(.unsupportedSetting(key: key, value: found, supported: value.isEmpty ? "nothing" : value))
      }
    }
    // Bergamot lets an answer grow to 2.5 times its source, whatever the file says.
    var config: [String: Any] = [
      "model_type": "bergamot", "scale_embedding": true, "eos_token_id": 0, "max_length_factor": 2.5,
    ]
    for (key, place) in Self.numbers {
      guard let text = settings[place] else { throw file.refused(.missingSetting(place)) }
      guard let number = Int(text) else {
        throw file.refused(.unsupportedSetting(key: place, value: text, supported: "a whole number"))
      }
      config[key] = number
    }
    guard let rows = file.entries["Wemb"]?.shape.first else { throw file.refused(.noSuchTensor("Wemb")) }
    config["vocab_size"] = rows
    return try JSONSerialization.data(withJSONObject: config, options: .sortedKeys)
  }
}
