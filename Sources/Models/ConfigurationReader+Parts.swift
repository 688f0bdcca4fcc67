import Foundation
import Layers
import Tensors

/// The parts of a configuration that many keys make together.
extension ConfigurationReader {
  typealias Keys = TransformerFamily.ConfigurationKeys

  /// - Parameter first: the encoder's, whose numbers a decoder has where its own are absent
  func stack(_ keys: Keys, _ names: Keys.Stack, after first: StackShape? = nil) throws(ConfigurationError) -> StackShape
  {
    let width = try integer(keys.width, in: 1...65536)
    let layers = try integer(names.layers, default: first?.layers, in: 1...1024)
    let heads = try integer(names.heads, default: first?.heads, in: 1...1024)
    var headWidth = width / heads
    if let key = keys.headWidth, holds(key) || aliases[key].map(holds) ?? false {
      headWidth = try integer(key, in: 1...65536)
    } else if width % heads != 0 {
      throw .outOfRange(
        file: file, key: names.heads, value: "\(heads)", allowed: "a divisor of \(keys.width) = \(width)")
    }
    let memoryHeads =
      try keys.memoryHeads.map { key throws(ConfigurationError) in
        try integer(key, default: heads, in: 1...1024)
      } ?? heads
    guard heads % memoryHeads == 0 else {
      throw .outOfRange(
        file: file, key: keys.memoryHeads ?? names.heads, value: "\(memoryHeads)",
        allowed: "a divisor of \(names.heads) = \(heads)")
    }
    // GPT-2 leaves it out where it is four times the width; no other family does.
    let usualInner = names.innerWidth == "n_inner" ? 4 * width : first?.innerWidth
    return StackShape(
      layers: layers, width: width, heads: heads, memoryHeads: memoryHeads, headWidth: headWidth,
      innerWidth: try integer(names.innerWidth, default: usualInner, in: 1...1 << 20))
  }

  func style(_ family: TransformerFamily) throws(ConfigurationError) -> BlockStyle {
    let keys = family.keys
    var style = family.style
    if let key = keys.epsilon { style.epsilon = try number(key, default: style.epsilon, in: 0...1) }
    if let key = keys.activation {
      if holds(key) { style.activation = try choice(key, default: "", ConfigurationReader.activations) }
    } else {
      (style.activation, style.isGated) = try choice(
        "feed_forward_proj", default: "relu", ConfigurationReader.feedForwards)
    }
    if family.habits.asksForBiases {
      style.hasQueryBias = try bool("attention_bias", default: false)
      style.hasOutputBias = style.hasQueryBias
      style.hasInnerBias = try bool("mlp_bias", default: false)
    }
    let scales = try bool("scale_attn_weights", default: true)
    style.scalesScores = style.scalesScores && scales
    style.scalesByLayer = try bool("scale_attn_by_inverse_layer_idx", default: false)
    style.hiddenDropout = try keys.hiddenDropout.map(rate) ?? 0
    style.attentionDropout = try (keys.attentionDropout ?? keys.hiddenDropout).map(rate) ?? 0
    // T5 has one rate for everything.
    let inner = keys.innerDropout ?? (keys.attentionDropout == nil ? keys.hiddenDropout : nil)
    style.innerDropout = try inner.map(rate) ?? 0
    return style
  }

  func rate(_ rate: Keys.Rate) throws(ConfigurationError) -> Float {
    try number(rate.key, default: rate.usual, in: 0...0.99)
  }

  func token(_ key: String, _ vocabularySize: Int) throws(ConfigurationError) -> Int32? {
    guard holds(key) else { return nil }
    return Int32(try integer(key, in: 0...vocabularySize - 1))
  }

  func padID(
    _ family: TransformerFamily, _ vocabularySize: Int, _ positions: Int
  ) throws(ConfigurationError) -> Int32? {
    // Some decoders say -1 for none.
    guard holds("pad_token_id") || family.habits.defaultPadID != nil,
      !(family.layout == .decoder && object["pad_token_id"] as? Int == -1)
    else { return nil }
    let id = try integer("pad_token_id", default: family.habits.defaultPadID, in: 0...vocabularySize - 1)
    guard id < vocabularySize else {
      throw .outOfRange(
        file: file, key: "vocab_size", value: "\(vocabularySize)", allowed: "more than the padding's id, \(id)")
    }
    guard family.positions != .learnedFromPadding || positions > id + 1 else {
      throw .outOfRange(
        file: file, key: family.keys.positions, value: "\(positions)", allowed: "more than pad_token_id + 1")
    }
    return Int32(id)
  }

  func checkSize(_ family: TransformerFamily, _ stacks: [StackShape], rows: Int) throws(ConfigurationError) {
    let size = stacks.reduce(Double(rows) * Double(stacks[0].width)) { sum, stack in
      let attention = 2 * Double(stack.heads + stack.memoryHeads) * Double(stack.headWidth)
      return sum + Double(stack.layers) * Double(stack.width) * (attention + 2 * Double(stack.innerWidth))
    }
    guard size <= ConfigurationReader.mostParameters else {
      throw .outOfRange(
        file: file, key: family.keys.width, value: "\(stacks[0].width)",
        allowed: "such that all parameters are at most \(Int(ConfigurationReader.mostParameters))")
    }
  }

  /// What would compute something else.
  func refuseVariants() throws(ConfigurationError) {
    _ = try choice("position_embedding_type", default: "absolute", ["absolute": ()])
    for key in ["add_cross_attention", "use_sliding_window"] where try bool(key, default: false) {
      throw .unsupported(file: file, key: key, value: "true", supported: ["false"])
    }
  }

  /// No model here comes near; a configuration beyond it is damaged.
  private static let mostParameters = 0x1p35

  private static let activations: [String: Activation] = [
    "gelu": .gelu, "gelu_python": .gelu, "gelu_new": .geluTanh, "gelu_pytorch_tanh": .geluTanh, "gelu_fast": .geluTanh,
    "relu": .relu, "tanh": .tanh, "silu": .silu, "swish": .silu,
  ]

  /// T5's names of activation and gate together; its gelu behind a gate is the approximate one.
  private static let feedForwards: [String: (activation: Activation, isGated: Bool)] = [
    "relu": (.relu, false), "gelu": (.gelu, false), "gelu_new": (.geluTanh, false), "silu": (.silu, false),
    "gated-relu": (.relu, true), "gated-gelu": (.geluTanh, true), "gated-gelu_new": (.geluTanh, true),
    "gated-silu": (.silu, true),
  ]
}
