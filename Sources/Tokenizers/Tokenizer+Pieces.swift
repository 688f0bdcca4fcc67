extension Tokenizer {
  /// Puts pieces together into text, as `decode` does with ids.
  package func text(of pieces: [String]) -> String { decoder.decode(pieces) }

  /// Whether a piece shows that it goes on with a word, as WordPiece's `##` does.
  package var marksContinuations: Bool { subword is WordPiece }
}
