import Foundation
import Layers
import Tensors

/// A size by name, for a model that begins from random weights. The names are those of BERT's miniatures (Turc et al.
/// 2019); `pocket` is ours.
package struct TransformerSize: Sendable, Equatable {
  package let name: String
  let layers: Int
  let width: Int
  let heads: Int
  /// Width between the two maps of a feed-forward.
  let innerWidth: Int
  let positions: Int

  package static let all = [
    TransformerSize(name: "tiny", layers: 2, width: 128, heads: 2, innerWidth: 512, positions: 512),
    TransformerSize(name: "pocket", layers: 4, width: 256, heads: 4, innerWidth: 768, positions: 256),
    TransformerSize(name: "mini", layers: 4, width: 256, heads: 4, innerWidth: 1024, positions: 512),
    TransformerSize(name: "small", layers: 4, width: 512, heads: 8, innerWidth: 2048, positions: 512),
    TransformerSize(name: "medium", layers: 8, width: 512, heads: 8, innerWidth: 2048, positions: 512),
    TransformerSize(name: "base", layers: 12, width: 768, heads: 12, innerWidth: 3072, positions: 512),
  ]

  package static func named(_ name: String) -> TransformerSize? { all.first { $0.name == name } }
}

extension TransformerFamily {
  /// The family that learns words under a head where nobody names one: BERT what is hidden, GPT-2 what is next.
  package static func forPretraining(_ kind: Head.Kind) -> TransformerFamily { kind == .maskedWords ? .bert : .gpt2 }

  /// A `config.json` of that size, in the family's own spelling.
  /// - Parameter tokens: ids by key, such as `pad_token_id`
  func configuration(
    _ size: TransformerSize, _ kind: Head.Kind, vocabularySize: Int, tokens: [String: Int]
  ) -> [String: Any] {
    var object: [String: Any] = [
      "model_type": modelType, "vocab_size": vocabularySize, keys.width: size.width,
      keys.stack.layers: size.layers, keys.stack.heads: size.heads, keys.stack.innerWidth: size.innerWidth,
      keys.positions: size.positions, keys.deviation: 0.02,
    ]
    object["architectures"] = architectures[kind].map { [$0] }
    if let key = keys.activation { object[key] = style.activation.hubName }
    if let key = keys.epsilon { object[key] = Double("\(style.epsilon)") }
    if let key = keys.segments { object[key] = 2 }
    for rate in [keys.hiddenDropout, keys.embeddingDropout, keys.attentionDropout] {
      if let rate { object[rate.key] = Double("\(rate.usual)") }
    }
    return object.merging(tokens) { _, token in token }
  }
}

extension TransformerConfiguration {
  /// A size of a family.
  /// - Parameter name: what errors call it
  package init(
    _ size: TransformerSize, _ family: TransformerFamily, _ kind: Head.Kind, vocabularySize: Int,
    tokens: [String: Int], name: String
  ) throws {
    let object = family.configuration(size, kind, vocabularySize: vocabularySize, tokens: tokens)
    try self.init(json: try JSONSerialization.data(withJSONObject: object), file: name)
  }
}

extension Activation {
  /// What Hugging Face's configurations call it.
  fileprivate var hubName: String {
    switch self {
    case .gelu: "gelu"
    case .geluTanh: "gelu_new"
    case .relu: "relu"
    case .silu: "silu"
    case .tanh: "tanh"
    }
  }
}
