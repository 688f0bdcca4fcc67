import Foundation
import Layers
import Models
import Tensors

/// A small `config.json`, key by key as it stands in the file.
struct ConfigurationText: Sendable {
  private var keys: [String: String]

  init(_ family: String) {
    keys = [
      "model_type": "\"\(family)\"", "vocab_size": "50", "max_position_embeddings": "20",
      "initializer_range": "0.3",
    ]
    let names =
      family == "distilbert"
      ? ["dim", "n_layers", "n_heads", "hidden_dim"]
      : ["hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size"]
    for (name, value) in zip(names, ["32", "2", "4", "64"]) { keys[name] = value }
  }

  func with(_ key: String, _ text: String?) -> ConfigurationText {
    var copy = self
    copy.keys[key] = text
    return copy
  }

  var json: String {
    "{\(keys.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", "))}"
  }

  func configuration() throws -> TransformerConfiguration {
    try TransformerConfiguration(json: Data(json.utf8), file: "c")
  }
}

/// The parameters of a model as a checkpoint in memory, under names of one's choice.
final class ParametersOf: ParameterSource {
  private let parameters: [String: Parameter]

  init(_ model: TransformerModel, naming: (String) -> String? = { $0 }) {
    parameters = Dictionary(
      uniqueKeysWithValues: model.parameters.compactMap { parameter in
        naming(parameter.name).map { ($0, parameter) }
      })
  }

  var entries: [String: ParameterEntry] {
    parameters.mapValues { ParameterEntry(shape: $0.shape, type: "F32", bytes: 4 * $0.count) }
  }

  func values(_ name: String) throws -> Buffer {
    guard let parameter = parameters[name] else { throw InputError.empty }
    return Tensor([parameter.count], parameter.tensor.values).buffer
  }
}

func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  a.count == b.count ? zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } : .infinity
}
