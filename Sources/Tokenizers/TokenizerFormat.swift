import Foundation

/// The files that a folder may hold a tokenizer in, and what makes one of them. A new way is a new row.
struct TokenizerFormat: Sendable {
  /// All of them must be there.
  let names: [String]
  let read:
    @Sendable (_ files: [Data], _ names: [String], _ configuration: inout TokenizerConfiguration)
      throws(TokenizerError) -> TokenizerFile

  /// Those that say more come first.
  static let all: [TokenizerFormat] =
    [
      TokenizerFormat(names: ["tokenizer.json"]) { files, names, _ throws(TokenizerError) in
        try TokenizerFile(files[0], name: names[0])
      },
      TokenizerFormat(names: ["vocab.json", "source.spm"]) { files, names, configuration throws(TokenizerError) in
        try TokenizerFile(marian: files[1], name: names[1], vocabulary: files[0], configuration)
      },
      TokenizerFormat(names: ["vocab.json", "merges.txt"]) { files, _, configuration throws(TokenizerError) in
        try TokenizerFile(vocabulary: files[0], merges: files[1], configuration.conventions, configuration)
      },
    ]
    + ["tokenizer.model", "spiece.model", "sentencepiece.bpe.model", "sentencepiece.model", "spm.model"].map(
      sentencePiece)
    + [
      TokenizerFormat(names: ["vocab.txt"]) { files, names, configuration throws(TokenizerError) in
        try TokenizerFile(vocabulary: files[0], name: names[0], configuration)
      }
    ]

  /// What a pair writes, where its folder cuts that otherwise than what it reads.
  static let targets = [
    TokenizerFormat(names: ["vocab.json", "target.spm"]) { files, names, configuration throws(TokenizerError) in
      try TokenizerFile(marian: files[1], name: names[1], vocabulary: files[0], configuration)
    }
  ]

  private static func sentencePiece(_ name: String) -> TokenizerFormat {
    TokenizerFormat(names: [name]) { files, names, configuration throws(TokenizerError) in
      let model = try SentencePieceModel(files[0], file: names[0])
      let conventions = configuration.conventions
      configuration.specialTokens.merge(conventions.names) { own, _ in own }
      configuration.specialTokens.merge(model.specialNames) { own, _ in own }
      return try TokenizerFile(model, conventions, configuration, name: names[0])
    }
  }
}
