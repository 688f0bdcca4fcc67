/// The ids of the tokens that have a part to play, where the tokenizer has them.
package struct SpecialTokens: Equatable, Sendable {
  package var unknown: Int?
  package var separator: Int?
  package var classifier: Int?
  package var mask: Int?
  package var padding: Int?
  package var beginning: Int?
  package var end: Int?

  /// The ids of those that are no piece of a text; the unknown token is one.
  package var ids: Set<Int32> {
    Set([separator, classifier, mask, padding, beginning, end].compactMap { $0.map(Int32.init) })
  }

  /// The parts: where each is kept, its key in a Hugging Face configuration, and its usual names.
  static let roles: [(path: WritableKeyPath<SpecialTokens, Int?> & Sendable, key: String, names: [String])] =
    [
      (\.unknown, "unk_token", ["[UNK]", "<unk>"]),
      (\.separator, "sep_token", ["[SEP]", "</s>"]),
      (\.classifier, "cls_token", ["[CLS]", "<s>"]),
      (\.mask, "mask_token", ["[MASK]", "<mask>"]),
      (\.padding, "pad_token", ["[PAD]", "<pad>"]),
      (\.beginning, "bos_token", ["<s>", "<|endoftext|>"]),
      (\.end, "eos_token", ["</s>", "<|endoftext|>"]),
    ]

  /// The first usual name of a part by its key; the key itself where there is no such part.
  static func usualName(of key: String) -> String { roles.first { $0.key == key }?.names.first ?? key }

  /// Takes the configured names, else the first usual one that is in the vocabulary.
  init(configured: [String: String], id: (String) -> Int?) {
    for (path, key, names) in Self.roles {
      let names = configured[key].map { [$0] } ?? names
      self[keyPath: path] = names.lazy.compactMap(id).first
    }
  }
}
