import Foundation

/// The kinds of tokenizer that can be trained, and the stages that go with each, as a tokenizer.json spells them.
package enum TrainingKind: String, CaseIterable, Sendable {
  case wordpiece, bpe, unigram

  /// The stages around a model, each as JSON.
  package struct Recipe: Sendable {
    package var normalizer = "null"
    package var preTokenizer: String
    package var postProcessor: String
    package var decoder: String
    package var special: [String]
  }

  /// What goes around the model. Only WordPiece has two ways, with and without letters' case.
  package func recipe(lowercases: Bool) -> Recipe {
    switch self {
    case .wordpiece:
      Recipe(
        normalizer: #"""
          {"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,"strip_accents":null,"lowercase":\#(lowercases)}
          """#,
        preTokenizer: #"{"type":"BertPreTokenizer"}"#,
        postProcessor: #"{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}"#,
        decoder: ###"{"type":"WordPiece","prefix":"##","cleanup":true}"###,
        special: ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"])
    case .bpe:
      Recipe(
        preTokenizer: #"{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}"#,
        postProcessor: #"{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true}"#,
        decoder: #"{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}"#,
        special: ["<|endoftext|>"])
    case .unigram:
      Recipe(
        preTokenizer: #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"#,
        postProcessor: #"""
          {"type":"TemplateProcessing","single":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],\#
          "pair":[{"Sequence":{"id":"A","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}},\#
          {"Sequence":{"id":"B","type_id":0}},{"SpecialToken":{"id":"</s>","type_id":0}}],\#
          "special_tokens":{"</s>":{"id":"</s>","ids":[1],"tokens":["</s>"]}}}
          """#,
        decoder: #"{"type":"Metaspace","replacement":"▁","prepend_scheme":"always","split":true}"#,
        special: ["<pad>", "</s>", "<unk>"])
    }
  }

  /// An empty count of words as this kind splits them.
  package func words(lowercases: Bool) throws(TokenizerError) -> WordCounts {
    let recipe = recipe(lowercases: lowercases)
    let text = #"{"normalizer":\#(recipe.normalizer),"pre_tokenizer":\#(recipe.preTokenizer)}"#
    let json = try JSONSlice(Data(text.utf8), file: "recipe").object()
    return WordCounts(stages: try Stages(json))
  }
}

/// A trained model as a tokenizer.json that Hugging Face loads.
package struct TrainedTokenizer: Sendable {
  package let kind: TrainingKind
  package let json: Data

  package init(_ kind: TrainingKind, _ trainer: BPETrainer, lowercases: Bool) {
    let vocabulary = JSONText.object(trainer.pieces.enumerated().map { ($1, String($0)) })
    var model: String
    if kind == .wordpiece {
      model = ###"""
        {"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,"vocab":\###

        """###
      model += vocabulary + "}"
    } else {
      model = #"""
        {"type":"BPE","dropout":null,"unk_token":null,"continuing_subword_prefix":null,"end_of_word_suffix":null,\#
        "fuse_unk":false,"byte_fallback":false,"ignore_merges":false,"vocab":
        """#
      model +=
        vocabulary + #","merges":["#
        + trainer.mergesInOrder.map { left, right in
          "[" + JSONText.string(left) + "," + JSONText.string(right) + "]"
        }.joined(separator: ",") + "]}"
    }
    self.init(kind, model: model, lowercases: lowercases)
  }

  package init(_ kind: TrainingKind, unigram pieces: [(piece: [UInt8], score: Double)], lowercases: Bool) {
    let list = pieces.map { "[" + JSONText.string($0.piece) + ",\($0.score)]" }.joined(separator: ",")
    let unknown = kind.recipe(lowercases: lowercases).special.firstIndex(of: "<unk>") ?? 0
    self.init(
      kind, model: #"{"type":"Unigram","unk_id":\#(unknown),"vocab":[\#(list)],"byte_fallback":false}"#,
      lowercases: lowercases)
  }

  private init(_ kind: TrainingKind, model: String, lowercases: Bool) {
    self.kind = kind
    let recipe = kind.recipe(lowercases: lowercases)
    let added = recipe.special.enumerated().map { id, token in
      #"{"id":\#(id),"content":\#(JSONText.string(Array(token.utf8))),"single_word":false,"lstrip":false,"rstrip":false,"#
        + #""normalized":false,"special":true}"#
    }
    let text = #"""
      {
      "version":"1.0","truncation":null,"padding":null,
      "added_tokens":[\#(added.joined(separator: ",\n"))],
      "normalizer":\#(recipe.normalizer),
      "pre_tokenizer":\#(recipe.preTokenizer),
      "post_processor":\#(recipe.postProcessor),
      "decoder":\#(recipe.decoder),
      "model":\#(model)
      }
      """#
    json = Data((text + "\n").utf8)
  }
}

/// JSON written by hand, so that pieces stay the bytes that they are and keep their order.
enum JSONText {
  static func string(_ bytes: [UInt8]) -> String {
    var text = "\""
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\u{0}"..."\u{1F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  static func object(_ members: [([UInt8], String)]) -> String {
    "{" + members.map { string($0) + ":" + $1 }.joined(separator: ",") + "}"
  }
}
