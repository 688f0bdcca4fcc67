/// How a kind of model lies in a GGUF file, and what transformers calls the same: names and habits, no code.
struct GGUFArchitecture: Sendable {
  /// A number of `config.json`, and where the file has it below the architecture's name.
  struct Setting: Sendable {
    enum Kind: Sendable { case whole, number }

    let key: String
    let place: String
    let kind: Kind
    var isRequired = true

    init(_ key: String, _ place: String, _ kind: Kind = .whole, isRequired: Bool = true) {
      self.key = key
      self.place = place
      self.kind = kind
      self.isRequired = isRequired
    }
  }

  /// `general.architecture`, and the beginning of the keys below it.
  let name: String
  /// `model_type` and the class in `config.json`.
  let modelType: String
  let className: String
  let settings: [Setting]
  /// Other keys of `config.json` that follow from the kind alone.
  var fixed: [String: String] = [:]
  /// Places of single tensors, without `.weight` and `.bias`.
  let top: [String: String]
  /// Before the number of a layer, in transformers.
  let layers: String
  /// Places below a layer.
  let inside: [String: String]
  /// Places whose rows llama.cpp's converter sorts so that the two halves of a head alternate; what tells their heads.
  var alternating: [String: String] = [:]
  /// Places below a layer that transformers keeps as [in, out].
  var transposed: Set<String> = []

  static let all: [String: GGUFArchitecture] = Dictionary(
    uniqueKeysWithValues: [llama, qwen2, gpt2].map { ($0.name, $0) })

  static let llama = GGUFArchitecture(
    name: "llama", modelType: "llama", className: "LlamaForCausalLM", settings: rotary, fixed: ["hidden_act": "silu"],
    top: ["token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"],
    layers: "model.layers", inside: gated,
    alternating: ["attn_q": "attention.head_count", "attn_k": "attention.head_count_kv"])

  static let qwen2 = GGUFArchitecture(
    name: "qwen2", modelType: "qwen2", className: "Qwen2ForCausalLM", settings: rotary, fixed: llama.fixed,
    top: llama.top, layers: llama.layers, inside: gated)

  static let gpt2 = GGUFArchitecture(
    name: "gpt2", modelType: "gpt2", className: "GPT2LMHeadModel",
    settings: [
      .init("n_embd", "embedding_length"), .init("n_layer", "block_count"), .init("n_head", "attention.head_count"),
      .init("n_inner", "feed_forward_length"), .init("n_positions", "context_length"),
      .init("layer_norm_epsilon", "attention.layer_norm_epsilon", .number),
      .init("vocab_size", "vocab_size", isRequired: false),
    ],
    top: [
      "token_embd": "transformer.wte", "position_embd": "transformer.wpe", "output_norm": "transformer.ln_f",
      "output": "lm_head",
    ],
    layers: "transformer.h",
    inside: [
      "attn_norm": "ln_1", "attn_qkv": "attn.c_attn", "attn_output": "attn.c_proj", "ffn_norm": "ln_2",
      "ffn_up": "mlp.c_fc", "ffn_down": "mlp.c_proj",
    ],
    transposed: ["attn_qkv", "attn_output", "ffn_up", "ffn_down"])

  private static let rotary: [Setting] = [
    .init("hidden_size", "embedding_length"), .init("num_hidden_layers", "block_count"),
    .init("num_attention_heads", "attention.head_count"),
    .init("num_key_value_heads", "attention.head_count_kv", isRequired: false),
    .init("intermediate_size", "feed_forward_length"), .init("max_position_embeddings", "context_length"),
    .init("rms_norm_eps", "attention.layer_norm_rms_epsilon", .number),
    .init("rope_theta", "rope.freq_base", .number, isRequired: false),
    .init("head_dim", "attention.key_length", isRequired: false),
    .init("vocab_size", "vocab_size", isRequired: false),
  ]

  private static let gated = [
    "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj", "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
  ]
}

extension GGUFArchitecture {
  /// A tensor's name in transformers, and its place below a layer in the file; nil where transformers has none.
  func rename(_ name: String) -> (name: String, place: String)? {
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let (place, end) = (String(name[..<dot]), name[dot...])
    if let there = top[place] { return (there + end, place) }
    let parts = place.split(separator: ".", maxSplits: 2)
    guard parts.count == 3, parts[0] == "blk", Int(parts[1]) != nil, let there = inside[String(parts[2])] else {
      return nil
    }
    return ("\(layers).\(parts[1]).\(there)\(end)", String(parts[2]))
  }
}
