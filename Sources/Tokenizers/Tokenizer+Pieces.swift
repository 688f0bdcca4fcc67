extension Tokenizer {
  /// Puts pieces together into text, as `decode` does with ids.
  package func text(of pieces: [String]) -> String { joined(pieces.map { Array($0.utf8) }) }

  /// What the decoder makes of pieces in UTF-8.
  func joined(_ pieces: [[UInt8]]) -> String {
    String(decoding: Array(decoder.decode(pieces).joined()), as: UTF8.self)
  }

  /// Whether a piece shows that it goes on with a word, as WordPiece's `##` does.
  package var marksContinuations: Bool { subword is WordPiece }
}
